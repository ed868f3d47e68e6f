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
address=$(hostname -I | awk '{print $1}')
cd /certs
if [ ! -s ca.pem ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$(hostname) sandbox CA" \
    -keyout ca-key.pem -out ca.new 2> /dev/null
  mv ca.new ca.pem
fi

# issue NAME USAGE [ALTERNATIVE-NAMES]: NAME.pem and NAME-key.pem, signed by the host's own authority
issue() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1-key.pem" -out "$1.csr" 2> /dev/null
  printf 'extendedKeyUsage=%s\n%s\n' "$2" "${3:+subjectAltName=$3}" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 3650 -extfile "$1.ext" -out "$1.pem" 2> /dev/null
  rm -f "$1.csr" "$1.ext"
}
issue server serverAuth "DNS:$(hostname),DNS:localhost,IP:127.0.0.1,IP:$address" # anew: the address may differ
if [ ! -s client/cert.pem ]; then
  rm -rf client client.new
  issue client clientAuth
  mkdir client.new
  mv client.pem client.new/cert.pem
  mv client-key.pem client.new/key.pem
  cp ca.pem client.new/ca.pem
  mv client.new client
fi
cd /

# No process outlives its container, pid files in a volume or layer do.
rm -f /run/docker.pid /run/docker/containerd/containerd.pid
umask 022
exec dockerd -H unix:///run/docker.sock -H tcp://0.0.0.0:2376 --tlsverify --tlscacert /certs/ca.pem \
  --tlscert /certs/server.pem --tlskey /certs/server-key.pem --storage-driver overlay2 \
  ${BRIDGE_ADDRESS:+--bip "$BRIDGE_ADDRESS"} ${ADDRESS_POOL:+--default-address-pool "base=$ADDRESS_POOL,size=26"} "$@"
