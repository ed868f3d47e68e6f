import type { Case } from "./case";

type Values = Readonly<Record<string, unknown>>;

const workload = {
  node: "node-1",
  orchestrator: "cni",
  containerID: "abc",
  endpoint: "eth0",
  interfaceName: "cali12345",
  ipNetworks: ["198.51.100.7/32"],
};
const WORKLOAD_NAME = "node--1-cni-abc-eth0";

function endpoint(claim: string, given: Values, ...refused: string[]): Case {
  const properties = refused.map((each) => (each.startsWith("metadata") ? each : `spec.${each}`));
  return { claim, kind: "WorkloadEndpoint", name: WORKLOAD_NAME, spec: { ...workload, ...given }, refused: properties };
}

const stricter = (given: Case): Case => ({ ...given, stricter: true });

const WORKLOADS: readonly Case[] = [
  endpoint("an endpoint", {}),
  endpoint("IPv6 too", { ipNetworks: ["198.51.100.7/32", "2001:db8::7/128"] }),
  endpoint("bare addresses", { ipNetworks: ["198.51.100.7", "2001:db8::7"] }),
  endpoint("a range", { ipNetworks: ["198.51.100.0/24"] }, "ipNetworks[0]"),
  stricter(endpoint("no addresses, which Felix ignores", { ipNetworks: undefined }, "ipNetworks")),
  stricter(endpoint("an empty list of addresses", { ipNetworks: [] }, "ipNetworks")),
  endpoint("no interface", { interfaceName: undefined }, "interfaceName"),
  endpoint("a long interface", { interfaceName: "a".repeat(16) }, "interfaceName"),
  endpoint("empty profiles", { profiles: [] }),
  endpoint("a MAC address", { mac: "02:42:c6:12:a0:00" }),
  endpoint("a bad MAC address", { mac: "02:42:c6" }, "mac"),
  endpoint("gateways", { ipv4Gateway: "169.254.1.1", ipv6Gateway: "fe80::1" }),
  endpoint(
    "gateways of the other family",
    { ipv4Gateway: "fe80::1", ipv6Gateway: "169.254.1.1" },
    "ipv4Gateway",
    "ipv6Gateway",
  ),
  endpoint("a floating address", { ipNATs: [{ internalIP: "198.51.100.7", externalIP: "203.0.113.9" }] }),
  endpoint(
    "a floating address of another endpoint",
    { ipNATs: [{ internalIP: "198.51.100.8", externalIP: "203.0.113.9" }] },
    "ipNATs[0].internalIP",
  ),
  endpoint(
    "a floating address of the other family",
    { ipNATs: [{ internalIP: "198.51.100.7", externalIP: "2001:db8::9" }] },
    "ipNATs[0].externalIP",
  ),
  endpoint("a port with a name", { ports: [{ name: "http", protocol: "TCP", port: 80 }] }),
  endpoint("a port with a host port", {
    ports: [{ protocol: "TCP", port: 80, hostPort: 8080, hostIP: "203.0.113.9" }],
  }),
  endpoint("a port with neither", { ports: [{ protocol: "TCP", port: 80 }] }, "ports[0].name"),
  endpoint(
    "a port of a protocol without ports",
    { ports: [{ name: "a", protocol: "ICMP", port: 80 }] },
    "ports[0].protocol",
  ),
  endpoint("spoofed sources", { allowSpoofedSourcePrefixes: ["203.0.113.0/24"] }),
  endpoint("limits", { qosControls: { ingressBandwidth: 1000000, egressPacketRate: 5, dscp: "AF11" } }),
  stricter(
    endpoint("a limit below nothing", { qosControls: { ingressBandwidth: -1 } }, "qosControls.ingressBandwidth"),
  ),
];

/** Names made by upstream's rules: node, orchestrator, the orchestrator's own part, endpoint. */
export const WORKLOAD_NAMES: readonly (readonly [Values, string | undefined])[] = [
  [{ node: "node-1", orchestrator: "cni", containerID: "abc", endpoint: "eth0" }, "node--1-cni-abc-eth0"],
  [{ node: "n", orchestrator: "k8s", pod: "a-b", endpoint: "eth0" }, "n-k8s-a--b-eth0"],
  [{ node: "n", orchestrator: "libnetwork", workload: "x", endpoint: "ab12" }, "n-libnetwork-libnetwork-ab12"],
  [{ node: "n", orchestrator: "openstack", workload: "a-b-c", endpoint: "d-e" }, "n-openstack-a--b--c-d--e"],
  [{ node: "a--b", orchestrator: "lab", workload: "w", endpoint: "e" }, "a----b-lab-w-e"],
  [{ node: "a.b", orchestrator: "lab", workload: "w", endpoint: "e" }, "a.b-lab-w-e"],
  [{ node: "-n", orchestrator: "lab", workload: "w", endpoint: "e" }, undefined],
  [{ node: "n", orchestrator: "lab", workload: "w-", endpoint: "e" }, undefined],
  [{ node: "n", orchestrator: "cni", workload: "w", endpoint: "e" }, undefined],
  [{ node: "n", orchestrator: "toString", workload: "w", endpoint: "e" }, "n-toString-w-e"],
];

const WRONG_NAMES: readonly Case[] = [
  { ...endpoint("a name with single dashes", {}, "metadata.name"), name: "node-1-cni-abc-eth0" },
  { ...endpoint("another endpoint's name", { endpoint: "eth1" }, "metadata.name") },
  { ...endpoint("a name without the container's id", { containerID: undefined }, "containerID") },
  { ...endpoint("a name without the workload", { orchestrator: "lab" }, "workload") },
];

function of(kind: Case["kind"], base: Values, name?: string) {
  return (claim: string, given: Values, ...refused: string[]): Case => ({
    claim,
    kind,
    ...(name !== undefined && { name }),
    spec: { ...base, ...given },
    refused: refused.map((each) => `spec.${each}`),
  });
}

const node = of("Node", {}, "h1");

const NODES: readonly Case[] = [
  node("nothing", {}),
  node("addresses", {
    bgp: {
      ipv4Address: "198.51.100.1/24",
      ipv6Address: "2001:db8::1/64",
      asNumber: 64512,
      ipv4IPIPTunnelAddr: "10.0.0.1",
    },
    ipv4VXLANTunnelAddr: "10.0.0.2",
    vxlanTunnelMACAddr: "66:aa:bb:cc:dd:ee",
    addresses: [{ address: "198.51.100.1", type: "InternalIP" }],
    orchRefs: [{ nodeName: "a", orchestrator: "k8s" }],
    wireguard: { interfaceIPv4Address: "10.0.0.3" },
  }),
  node("empty BGP settings", { bgp: {} }, "bgp"),
  node("an IPv6 address as IPv4", { bgp: { ipv4Address: "2001:db8::1/64" } }, "bgp.ipv4Address"),
  node("a route reflector", { bgp: { routeReflectorClusterID: "244.0.0.1" } }),
  node("a route reflector's number", { bgp: { routeReflectorClusterID: "5" } }, "bgp.routeReflectorClusterID"),
  node("a tunnel address with a prefix", { ipv4VXLANTunnelAddr: "10.0.0.2/32" }, "ipv4VXLANTunnelAddr"),
  ...[64512, 4294967295, "64512", "1.10"].map((asNumber) =>
    node(`AS ${JSON.stringify(asNumber)}`, { bgp: { asNumber } }),
  ),
  ...[4294967296, -1, "1.70000", "x", 1.5].map((asNumber) =>
    node(`AS ${JSON.stringify(asNumber)}`, { bgp: { asNumber } }, "bgp.asNumber"),
  ),
  node("an empty AS number", { bgp: { asNumber: "" } }, "bgp", "bgp.asNumber"),
  stricter(node("AS 0", { bgp: { asNumber: 0 } }, "bgp.asNumber")),
];

const bgp = of("BGPConfiguration", {}, "default");
const local = of("BGPConfiguration", {}, "node.h1");
const community = { name: "far", value: "64512:120" };
const advertisement = { cidr: "198.51.100.0/24", communities: ["far", "1:2:3"] };

const BGP: readonly Case[] = [
  bgp("everything by default", {}),
  bgp("the usual", { asNumber: 64513, nodeToNodeMeshEnabled: false, listenPort: 178, logSeverityScreen: "Debug" }),
  bgp("advertised communities", { communities: [community], prefixAdvertisements: [advertisement] }),
  bgp("communities without use", { communities: [community] }, "communities"),
  bgp("an unknown community", { prefixAdvertisements: [advertisement] }, "prefixAdvertisements[0].communities[0]"),
  ...["70000:1", "1", "a:b", "1:2:4294967296", "1:2:3:4"].map((value) =>
    bgp(
      `community ${value}`,
      { communities: [{ ...community, value }], prefixAdvertisements: [advertisement] },
      "communities[0].value",
    ),
  ),
  bgp("an interface to ignore", { ignoredInterfaces: ["docker*"] }),
  bgp("all interfaces to ignore", { ignoredInterfaces: ["*"] }, "ignoredInterfaces[0]"),
  bgp(
    "a restart time without a mesh",
    { nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: "5s" },
    "nodeMeshMaxRestartTime",
  ),
  bgp("a restart time with the mesh", { nodeMeshMaxRestartTime: "5s" }),
  bgp("a duration without a unit", { nodeMeshMaxRestartTime: "5" }, "nodeMeshMaxRestartTime"),
  stricter(bgp("a password, which is a Kubernetes secret", { nodeMeshPassword: {} }, "nodeMeshPassword")),
  bgp("a log level in lower case", { logSeverityScreen: "debug" }, "logSeverityScreen"),
  local("a node's own port and level", { listenPort: 178, logSeverityScreen: "Debug" }),
  local(
    "fields of the default configuration on a node",
    {
      asNumber: 1,
      nodeToNodeMeshEnabled: true,
      serviceClusterIPs: [{ cidr: "10.0.0.0/16" }],
      serviceExternalIPs: [{ cidr: "10.0.0.0/16" }],
      serviceLoadBalancerIPs: [{ cidr: "10.0.0.0/16" }],
      nodeMeshMaxRestartTime: "5s",
    },
    "asNumber",
    "nodeMeshMaxRestartTime",
    "nodeToNodeMeshEnabled",
    "serviceClusterIPs",
    "serviceExternalIPs",
    "serviceLoadBalancerIPs",
  ),
];

const peer = of("BGPPeer", {});
const to = { peerIP: "198.51.100.1", asNumber: 64513 };

const PEERS: readonly Case[] = [
  peer("an address for all nodes", to),
  ...["198.51.100.1:178", "[2001:db8::1]:178", "2001:db8::1"].map((peerIP) =>
    peer(`peer ${peerIP}`, { ...to, peerIP }),
  ),
  ...["198.51.100.1:0", "198.51.100.1:65536", "web", "[198.51.100.1]", "198.51.100.0/24", "[2001:db8::1]"].map(
    (peerIP) => peer(`peer ${peerIP}`, { ...to, peerIP }, "peerIP"),
  ),
  peer("selected peers", { nodeSelector: "all()", peerSelector: "has(rr)" }),
  peer("a node and a node selector", { ...to, node: "h1", nodeSelector: "all()" }, "node"),
  peer("an address and a peer selector", { peerIP: "198.51.100.1", peerSelector: "has(rr)" }, "peerIP"),
  peer("an AS number with a peer selector", { asNumber: 1, peerSelector: "has(rr)" }, "asNumber"),
  peer("AS 0 with a peer selector", { asNumber: 0, peerSelector: "has(rr)" }),
  peer("workloads", { localWorkloadSelector: "has(bgp)", asNumber: 64513 }),
  peer("workloads without an AS number", { localWorkloadSelector: "has(bgp)" }, "asNumber"),
  peer("workloads of AS 0, as text", { localWorkloadSelector: "has(bgp)", asNumber: "0" }, "asNumber"),
  peer("workloads and an address", { ...to, localWorkloadSelector: "has(bgp)" }, "peerIP"),
  peer(
    "workloads and selected peers",
    { asNumber: 1, localWorkloadSelector: "has(bgp)", peerSelector: "has(rr)" },
    "asNumber",
    "peerSelector",
  ),
  stricter(peer("nobody", { node: "h1" }, "peerIP")),
  peer("a gateway", { ...to, reachableBy: "198.51.100.254" }),
  peer("a gateway to nowhere", { peerSelector: "has(rr)", reachableBy: "198.51.100.254" }, "reachableBy"),
  peer("a gateway of the other family", { ...to, reachableBy: "2001:db8::1" }, "reachableBy"),
  peer("a next hop twice", { ...to, keepOriginalNextHop: true, nextHopMode: "Self" }, "keepOriginalNextHop"),
  peer("a source address", { ...to, sourceAddress: "None" }),
  peer("a bad source address", { ...to, sourceAddress: "node" }, "sourceAddress"),
  peer("a time to live of 256", { ...to, ttlSecurity: 256 }, "ttlSecurity"),
  peer("filters", { ...to, filters: ["a"] }),
  peer("a bad filter", { ...to, filters: ["A"] }, "filters[0]"),
  stricter(peer("a password, which is a Kubernetes secret", { ...to, password: {} }, "password")),
];

const filter = of("BGPFilter", {});
const accept = { action: "Accept", cidr: "198.51.100.0/24", matchOperator: "In" };

const FILTERS: readonly Case[] = [
  filter("rules", {
    exportV4: [accept, { action: "Reject" }],
    importV6: [{ ...accept, cidr: "2001:db8::/32", prefixLength: { min: 48, max: 64 }, source: "RemotePeers" }],
  }),
  filter(
    "a range without an operator",
    { exportV4: [{ action: "Accept", cidr: "198.51.100.0/24" }] },
    "exportV4[0].matchOperator",
  ),
  filter("an operator without a range", { exportV4: [{ action: "Accept", matchOperator: "In" }] }, "exportV4[0].cidr"),
  filter(
    "a length without a range",
    { importV4: [{ action: "Accept", prefixLength: { min: 1 } }] },
    "importV4[0].prefixLength",
  ),
  filter("a length of 33", { importV4: [{ ...accept, prefixLength: { max: 33 } }] }, "importV4[0].prefixLength.max"),
  stricter(
    filter(
      "a length the wrong way round",
      { importV4: [{ ...accept, prefixLength: { min: 30, max: 25 } }] },
      "importV4[0].prefixLength.min",
    ),
  ),
  filter("IPv6 among IPv4", { importV4: [{ ...accept, cidr: "2001:db8::/32" }] }, "importV4[0].cidr"),
  filter("a range that is not masked", { importV4: [{ ...accept, cidr: "198.51.100.1/24" }] }, "importV4[0].cidr"),
  filter("no action", { exportV6: [{}] }, "exportV6[0].action"),
  filter("a policy's action", { exportV6: [{ action: "Allow" }] }, "exportV6[0].action"),
];

export const NODE_CASES: readonly Case[] = [...WORKLOADS, ...WRONG_NAMES, ...NODES, ...BGP, ...PEERS, ...FILTERS];
