# The container's own network becomes Neutron's external network, so floating addresses answer on the Docker network itself.

# Puts a bridge between the container and its interface; Neutron's routers are plugged into it.
make_bridge() {
  local gateway
  gateway=$(ip -4 route show default | awk '{print $3; exit}')
  ip link add "$BRIDGE" address "$(cat "/sys/class/net/$UPLINK/address")" type bridge forward_delay 0
  ip address flush dev "$UPLINK"
  ip link set "$UPLINK" master "$BRIDGE"
  ip link set "$BRIDGE" up
  ip address add "$ADDRESS/24" dev "$BRIDGE"
  if [ -n "$gateway" ]; then ip route replace default via "$gateway" dev "$BRIDGE"; fi
  sysctl -qw net.ipv4.ip_forward=1
  # Security groups see a guest's packets on its bridge only with this.
  sysctl -qw net.bridge.bridge-nf-call-iptables=1 2> /dev/null || true
}

# Docker's name server answers at the container's loopback alone: guests ask here, and find the other containers by name.
start_names() {
  start names dnsmasq --keep-in-foreground --port=53 --listen-address="$ADDRESS" --bind-interfaces --no-hosts --conf-file=/dev/null
}

start_agents() {
  local agent agents="dhcp l3"
  if [ "$DRIVER" = fake ]; then agents=l3; fi
  start neutron-linuxbridge neutron-linuxbridge-agent "${NEUTRON_FILES[@]}" --log-file "$LOG/neutron-linuxbridge.log"
  for agent in $agents; do
    start "neutron-$agent" "neutron-$agent-agent" "${NEUTRON_FILES[@]}" --config-file "$ETC/neutron-$agent.ini" \
      --log-file "$LOG/neutron-$agent.log"
  done
}

# Waits for agents and compute node, then makes flavors and the external network.
fill_network() {
  run env PREFIX="$PREFIX" DRIVER="$DRIVER" SINCE="$SINCE" python3 /opt/cloud/resources.py || die "agents, flavors or external network"
}
