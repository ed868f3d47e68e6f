#!/bin/sh
# Certificates once per /certs volume, then dockerd. Options are dockerd's.
#   BRIDGE_ADDRESS   address and prefix of the inner bridge, e.g. 198.18.64.1/24
#   ADDRESS_POOL     range for further inner networks, e.g. 198.18.0.0/19
set -eu

# Started with capabilities instead of --privileged, /sys and the cgroup file systems come read-only; without `bind`
# the remount silently changes nothing.
for mount in /sys $(awk '$3 ~ /^cgroup/ {print $2}' /proc/mounts); do
  mount -o remount,bind,rw "$mount" 2> /dev/null || :
done
# cgroup v2 gives controllers to children only if the parent holds no process itself.
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/init/cgroup.procs 2> /dev/null || :
  sed -e 's/ / +/g' -e 's/^/+/' < /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control || :
fi
modprobe br_netfilter 2> /dev/null || :

umask 077
. /usr/local/lib/certificates.sh
certificates "$(hostname -I | awk '{print $1}')" serverAuth

# No process outlives its container, pid files in a volume or layer do.
rm -f /run/docker/containerd/containerd.pid
umask 022
mkdir -p /etc/docker
echo '{"live-restore": true}' > /etc/docker/daemon.json

# Told to stop, the daemon stops its containers in order, which it does not do with live-restore.
stop() {
  stopping=1
  echo '{"live-restore": false}' > /etc/docker/daemon.json
  kill -HUP "$daemon" 2> /dev/null || :
  sleep 1
  kill -TERM "$daemon" 2> /dev/null || :
}
stopping=
trap stop TERM INT
# A daemon that ended comes back, as under a service manager; its containers run on meanwhile.
while :; do
  rm -f /run/docker.pid
  dockerd -H unix:///run/docker.sock -H tcp://0.0.0.0:2376 --tlsverify --tlscacert /certs/ca.pem \
    --tlscert /certs/server.pem --tlskey /certs/server-key.pem --storage-driver overlay2 \
    ${BRIDGE_ADDRESS:+--bip "$BRIDGE_ADDRESS"} ${ADDRESS_POOL:+--default-address-pool "base=$ADDRESS_POOL,size=26"} "$@" &
  daemon=$!
  # A signal ends the first wait before the daemon has ended.
  wait "$daemon" || :
  wait "$daemon" || :
  [ -z "$stopping" ] || exit 0
  sleep 1
done
