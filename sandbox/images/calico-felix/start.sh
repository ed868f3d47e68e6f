#!/bin/sh
# Felix ends on purpose with 129 when a setting changed that it reads at its start only.
set -u
mkdir -p /var/run/calico
while :; do
  calico-felix "$@"
  code=$?
  [ "$code" = 129 ] || exit "$code"
done
