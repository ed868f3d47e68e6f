# Placement, Glance, Neutron's server and Nova.
NEUTRON_FILES=(--config-file "$ETC/neutron.conf" --config-file "$ETC/neutron-ml2.ini")
NOVA_FILES=(--config-file "$ETC/nova.conf")

start_services() {
  start neutron neutron-server "${NEUTRON_FILES[@]}" --log-file "$LOG/neutron.log"
  threaded placement 8778 /usr/bin/placement-api OS_PLACEMENT_CONFIG_DIR="$ETC/placement"
  start glance glance-api --config-file "$ETC/glance.conf"
  start nova-api nova-api "${NOVA_FILES[@]}" --log-file "$LOG/nova-api.log"
}

# These two log in to Placement at once, so its user must exist.
start_scheduling() {
  local part
  for part in conductor scheduler; do
    start "nova-$part" "nova-$part" "${NOVA_FILES[@]}" --log-file "$LOG/nova-$part.log"
  done
}

start_compute() {
  if [ "$DRIVER" = libvirt ]; then
    start virtlogd virtlogd --pid-file "$RUN/virtlogd.pid"
    start libvirtd libvirtd --pid-file "$RUN/libvirtd.pid"
    wait_for libvirtd 30 virsh -c qemu:///system version
  fi
  start nova-compute nova-compute "${NOVA_FILES[@]}" --log-file "$LOG/nova-compute.log"
}

# A new compute node is unknown to the scheduler until it is mapped to the cell.
map_compute() {
  [ ! -e "$ETC/compute-mapped" ] || return 0
  run nova-manage "${NOVA_FILES[@]}" cell_v2 discover_hosts > "$LOG/discover.out" 2>&1 || { last_words discover; die "compute node"; }
  touch "$ETC/compute-mapped"
}

guests() { virsh -q -c qemu:///system list --name 2> /dev/null | grep .; }

# Asks all guests to shut down, gives them some seconds for it, and switches off the rest.
stop_guests() {
  local guest end=$((SECONDS + 6))
  [ "$DRIVER" = libvirt ] && alive libvirtd || return 0
  for guest in $(guests); do virsh -q -c qemu:///system shutdown "$guest" > /dev/null 2>&1 & done
  while ((SECONDS < end)) && guests > /dev/null; do sleep 0.5; done
  for guest in $(guests); do virsh -q -c qemu:///system destroy "$guest" > /dev/null 2>&1 & done
  while ((SECONDS < end + 3)) && guests > /dev/null; do sleep 0.25; done
}
