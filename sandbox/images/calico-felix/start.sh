#!/bin/sh
# Felix ends on purpose with 129 when a setting changed that it reads at its start only.
set -u
# Felix knows the password of etcd from its environment only.
if [ -n "${ETCD_PASSWORD_FILE:-}" ]; then
  ETCD_PASSWORD=$(cat "$ETCD_PASSWORD_FILE") || exit 1
  export ETCD_PASSWORD
fi
mkdir -p /var/run/calico
while :; do
  calico-felix "$@"
  code=$?
  [ "$code" = 129 ] || exit "$code"
done
