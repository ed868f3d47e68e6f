"""Adds what is absent of flavors and external network, then waits until agents and compute node have reported in."""

import os
import sys
import time

import openstack

PREFIX = os.environ["PREFIX"]
SINCE = os.environ["SINCE"]  # this start of the container, as the services write times: older reports are of another life
FLAVORS = (("clocker.small", 1, 512), ("clocker.medium", 2, 1024), ("clocker.large", 2, 2048))
DISK = 4

cloud = openstack.connect(cloud="clocker-admin")

known = {flavor.name for flavor in cloud.compute.flavors(get_extra_specs=False)}
for name, cpus, memory in FLAVORS:
    if name not in known:
        cloud.compute.create_flavor(name=name, vcpus=cpus, ram=memory, disk=DISK)

network = cloud.network.find_network("external") or cloud.network.create_network(
    name="external",
    is_router_external=True,
    provider_network_type="flat",
    provider_physical_network="external",
)
subnet = next(iter(cloud.network.subnets(network_id=network.id)), None) or cloud.network.create_subnet(
    name="external",
    network_id=network.id,
    ip_version=4,
    cidr=f"{PREFIX}.0/24",
    gateway_ip=f"{PREFIX}.1",
    is_dhcp_enabled=False,
    allocation_pools=[{"start": f"{PREFIX}.128", "end": f"{PREFIX}.250"}],
)
if subnet.cidr != f"{PREFIX}.0/24":
    sys.exit(
        f"the volume was made on the network {subnet.cidr}, but the container is on {PREFIX}.0/24: "
        "attach it to that network again, or give it an empty volume"
    )

wanted = {"Linux bridge agent", "L3 agent"} | ({"DHCP agent"} if os.environ["DRIVER"] == "libvirt" else set())
for _ in range(240):
    missing = wanted - {
        agent.agent_type for agent in cloud.network.agents() if agent.is_alive and str(agent.last_heartbeat_at) >= SINCE
    }
    compute = [
        service
        for service in cloud.compute.services(binary="nova-compute")
        if service.state == "up" and str(service.updated_at or "").replace("T", " ") >= SINCE
    ]
    if not missing and compute:
        break
    time.sleep(0.5)
else:
    sys.exit(f"not up after 2 minutes: {', '.join(sorted(missing) + ([] if compute else ['nova-compute']))}")
