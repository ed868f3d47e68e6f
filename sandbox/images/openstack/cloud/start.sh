#!/usr/bin/env bash
# PID 1 of the container: starts a one-node OpenStack, keeps it alive, and ends it on SIGTERM.
#   CLOUD_DRIVER      libvirt: guests boot under QEMU (default); fake: the APIs alone
#   CLOUD_EXT_PREFIX  first three octets of the Docker network, a /24 whose .128-.250 are floating addresses
#                     (default: of the container's own address)
# State is in /var/lib/cloud-state. When all is up, clouds-public.json there holds a plain user's credentials, and
# /run/cloud-ready exists.
set -euo pipefail
umask 022
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 no_proxy='*'
unset PYTHONPATH PYTHONHOME http_proxy https_proxy HTTP_PROXY HTTPS_PROXY OS_CLOUD || true

STARTED=$SECONDS
SINCE=$(date --utc '+%Y-%m-%d %H:%M:%S')
DRIVER=${CLOUD_DRIVER:-libvirt}
STATE=/var/lib/cloud-state
ETC=$STATE/etc LOG=$STATE/log RUN=/run/cloud READY=/run/cloud-ready
DATABASE_SOCKET=$RUN/mariadb.sock
REGION=RegionOne NODE=openstack BRIDGE=br-external
UPLINK=$(ip -4 route show default | awk '{print $5; exit}')
UPLINK=${UPLINK:-eth0}
ADDRESS=$(ip -4 -o address show dev "$UPLINK" | awk '{sub("/.*", "", $4); print $4; exit}')
PREFIX=${CLOUD_EXT_PREFIX:-${ADDRESS%.*}}
export OS_CLIENT_CONFIG_FILE=$STATE/clouds.yaml

for part in processes configuration database identity services network image; do . "/opt/cloud/$part.sh"; done
trap 'say "stopping"; stop_processes; say "stopped"; exit 0' TERM INT

case $DRIVER in
  fake | libvirt) ;;
  *) die "CLOUD_DRIVER is '$DRIVER', allowed are libvirt and fake" ;;
esac
[ -n "$ADDRESS" ] || die "$UPLINK has no IPv4 address: attach the container to a network of its own"

# Started with capabilities instead of --privileged, these come read-only.
for dir in /sys $(awk '$3 ~ /^cgroup/ {print $2}' /proc/mounts); do mount -o remount,bind,rw "$dir" 2> /dev/null || true; done
# No process, namespace or pid file outlives its container, but files of them do after a kill.
rm -rf "$READY" "$RUN" /run/netns /run/libvirt /run/dnsmasq* /run/libvirtd.pid /run/virtlogd.pid "$STATE"/neutron/external/pids \
  "$STATE"/neutron/{lock,dhcp,ha_confs,ra} "$LOG.previous"
if [ -d "$LOG" ]; then mv "$LOG" "$LOG.previous"; fi
# QEMU's user must be able to pass through to the disks of the guests.
mkdir -p "$STATE" "$LOG" "$RUN/locks" "$STATE"/{images,instances,nova,neutron}
mkdir -p -m 700 "$ETC"
chmod 711 "$STATE" "$STATE/instances"
chmod 700 "$LOG" "$RUN"
if [ -e "$ETC/driver" ] && [ "$(cat "$ETC/driver")" != "$DRIVER" ]; then
  die "the volume was made with CLOUD_DRIVER=$(cat "$ETC/driver"), not $DRIVER: use another volume"
fi
echo "$DRIVER" > "$ETC/driver"
# A compute node is known by its host name, which a new container would change.
hostname "$NODE"
grep -qw "$NODE" /etc/hosts || echo "127.0.1.1 $NODE" >> /etc/hosts

say "OpenStack ($DRIVER driver) at $ADDRESS"
make_passwords
make_bridge
write_configuration
start_names
start_database
start_queue
wait_for mariadb 60 sql -e 'select 1'
say "mariadb is up"
start_identity
say "keystone is up"
wait_for rabbitmq 90 queue_answers
say "rabbitmq is up"
start_services
fill_identity
start_scheduling
say "users and catalogue are in place"
wait_for neutron 120 answers 9696
say "neutron is up"
start_agents
wait_for glance 90 answers 9292
wait_for placement 90 answers 8778
start_compute
add_image
say "image debian-12 is in place"
wait_for nova-api 120 answers 8774
say "glance, placement and nova are up"
fill_network
map_compute
say "flavors and external network are in place"

(umask 077 && cat > "$STATE/clouds-public.json.part" << E)
{
  "authUrl": "http://$ADDRESS:5000/v3",
  "region": "$REGION",
  "projectName": "clocker",
  "userName": "clocker",
  "password": "$MEMBER_PASSWORD",
  "userDomainName": "Default",
  "projectDomainName": "Default",
  "image": "debian-12",
  "flavor": "clocker.small",
  "externalNetwork": "external"
}
E
mv "$STATE/clouds-public.json.part" "$STATE/clouds-public.json"
touch "$READY"
say "ready: http://$ADDRESS:5000/v3"
supervise
