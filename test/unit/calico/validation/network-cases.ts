import type { Case } from "./case";

type Values = Readonly<Record<string, unknown>>;

function of(kind: Case["kind"], base: Values) {
  return (claim: string, given: Values, ...refused: string[]): Case => ({
    claim,
    kind,
    spec: { ...base, ...given },
    refused: refused.map((each) => `spec.${each}`),
  });
}

const pool = of("IPPool", { cidr: "198.51.100.0/24" });

const POOLS: readonly Case[] = [
  pool("an IPv4 range", {}),
  pool("an IPv6 range", { cidr: "2001:db8::/64" }),
  pool("no range", { cidr: undefined }, "cidr"),
  pool("an empty range", { cidr: "" }, "cidr"),
  pool("a range that is none", { cidr: "web" }, "cidr"),
  pool("a bare address", { cidr: "198.51.100.0" }, "cidr"),
  pool("a range that is not masked", { cidr: "198.51.100.1/24" }, "cidr"),
  pool("a range of one block", { cidr: "198.51.100.0/26" }),
  pool("a range smaller than a block", { cidr: "198.51.100.0/27" }, "cidr"),
  pool("a small range with blocks to fit", { cidr: "198.51.100.0/27", blockSize: 27 }),
  pool("a small range that is disabled", { cidr: "198.51.100.0/27", disabled: true }),
  pool("a small IPv6 range", { cidr: "2001:db8::/123" }, "cidr"),
  pool("blocks of 20", { cidr: "198.51.96.0/20", blockSize: 20 }),
  pool("blocks of 32", { blockSize: 32 }),
  pool("blocks of 19", { cidr: "198.48.0.0/12", blockSize: 19 }, "blockSize"),
  pool("blocks of 33", { blockSize: 33 }, "blockSize"),
  pool("blocks of 26 in IPv6", { cidr: "2001:db8::/64", blockSize: 26 }, "blockSize"),
  pool("blocks of 116 in IPv6", { cidr: "2001:db8::/64", blockSize: 116 }),
  pool("blocks of 115 in IPv6", { cidr: "2001:db8::/64", blockSize: 115 }, "blockSize"),
  pool("blocks of 129 in IPv6", { cidr: "2001:db8::/64", blockSize: 129 }, "blockSize"),
  pool("a block size as text", { blockSize: "26" }, "blockSize"),
  pool("link-local addresses", { cidr: "169.254.0.0/16" }, "cidr"),
  pool("some link-local addresses", { cidr: "169.254.7.0/24" }, "cidr"),
  pool("more than the link-local addresses", { cidr: "169.0.0.0/8" }, "cidr"),
  pool("link-local IPv6 addresses", { cidr: "fe80::/64" }, "cidr"),
  ...["Never", "Always", "CrossSubnet"].map((ipipMode) => pool(`ipipMode ${ipipMode}`, { ipipMode })),
  ...["never", "always", "Cross-Subnet", 1].map((mode) => pool(`vxlanMode ${mode}`, { vxlanMode: mode }, "vxlanMode")),
  pool("both encapsulations", { ipipMode: "Always", vxlanMode: "CrossSubnet" }, "vxlanMode"),
  pool("one encapsulation, the other Never", { ipipMode: "Never", vxlanMode: "CrossSubnet" }),
  pool("IPIP for IPv6", { cidr: "2001:db8::/64", ipipMode: "Always" }, "ipipMode"),
  pool("VXLAN for IPv6", { cidr: "2001:db8::/64", vxlanMode: "Always" }),
  pool("a node selector", { nodeSelector: "region == 'a'" }),
  pool("a node selector with one '='", { nodeSelector: "region = 'a'" }, "nodeSelector"),
  pool("a node selector with global()", { nodeSelector: "global()" }, "nodeSelector"),
  pool("a namespace selector for tunnels too", { namespaceSelector: "has(a)" }, "namespaceSelector"),
  pool("a namespace selector for workloads", { namespaceSelector: "has(a)", allowedUses: ["Workload"] }),
  pool("uses", { allowedUses: ["Tunnel"] }),
  pool("an unknown use", { allowedUses: ["Pod"] }, "allowedUses[0]"),
  pool("load balancers", { allowedUses: ["LoadBalancer"], nodeSelector: "all()" }),
  pool(
    "load balancers with workloads",
    { allowedUses: ["LoadBalancer", "Workload"], nodeSelector: "all()" },
    "allowedUses",
  ),
  pool(
    "load balancers with VXLAN",
    { allowedUses: ["LoadBalancer"], nodeSelector: "all()", vxlanMode: "Always" },
    "allowedUses",
  ),
  pool("load balancers on some nodes", { allowedUses: ["LoadBalancer"], nodeSelector: "has(a)" }, "nodeSelector"),
  pool(
    "load balancers that are not exported",
    { allowedUses: ["LoadBalancer"], nodeSelector: "all()", disableBGPExport: true },
    "disableBGPExport",
  ),
  ...["Automatic", "Manual"].map((assignmentMode) => pool(`assignment ${assignmentMode}`, { assignmentMode })),
  pool("an unknown assignment", { assignmentMode: "Auto" }, "assignmentMode"),
  pool("the former ipip", { ipip: { enabled: true } }, "ipip"),
  pool("the former nat-outgoing", { "nat-outgoing": true }, "nat-outgoing"),
  pool("a flag as text", { natOutgoing: "yes" }, "natOutgoing"),
  pool("an unknown field", { cidrs: [] }, "cidrs"),
];

const reservation = of("IPReservation", {});
const globalSet = of("GlobalNetworkSet", {});

const SETS: readonly Case[] = [
  reservation("addresses and ranges, masked or not", {
    reservedCIDRs: ["198.51.100.1", "198.51.100.9/30", "2001:db8::/64"],
  }),
  reservation("a bad range", { reservedCIDRs: ["198.51.100.0/24", "x"] }, "reservedCIDRs[1]"),
  globalSet("addresses and ranges, masked or not", { nets: ["198.51.100.1", "198.51.100.9/30", "2001:db8::/64"] }),
  globalSet("a bad member", { nets: ["198.51.100.0/24", "198.51.100.256"] }, "nets[1]"),
  { ...globalSet("an empty member", { nets: [""] }, "nets[0]"), stricter: true },
  globalSet("members that are no list", { nets: "198.51.100.0/24" }, "nets"),
  {
    claim: "a label that Calico keeps for itself",
    kind: "GlobalNetworkSet",
    labels: { "projectcalico.org/namespace": "a" },
    spec: {},
    refused: ['metadata.labels["projectcalico.org/namespace"]'],
  },
  {
    claim: "the same in a namespace",
    kind: "NetworkSet",
    labels: { "projectcalico.org/namespace": "a" },
    spec: { nets: ["x"] },
    refused: ['metadata.labels["projectcalico.org/namespace"]', "spec.nets[0]"],
  },
];

const hostEndpoint = of("HostEndpoint", { node: "h1", interfaceName: "eth0" });
const port = { name: "http", protocol: "TCP", port: 80 };

const HOST_ENDPOINTS: readonly Case[] = [
  hostEndpoint("an interface", {}),
  hostEndpoint("all interfaces", { interfaceName: "*" }),
  hostEndpoint("addresses alone", { interfaceName: undefined, expectedIPs: ["198.51.100.1", "2001:db8::1"] }),
  hostEndpoint("neither interface nor addresses", { interfaceName: undefined }, "interfaceName"),
  hostEndpoint("no interface and no address in the list", { interfaceName: "", expectedIPs: [] }, "interfaceName"),
  hostEndpoint("no node", { node: undefined }, "node"),
  hostEndpoint("an upper-case node", { node: "H1" }, "node"),
  hostEndpoint("a long interface", { interfaceName: "a".repeat(16) }, "interfaceName"),
  hostEndpoint("an interface of 15", { interfaceName: "a".repeat(15) }),
  hostEndpoint("an interface with a slash", { interfaceName: "eth0/1" }, "interfaceName"),
  hostEndpoint("a range among the addresses", { expectedIPs: ["198.51.100.0/24"] }, "expectedIPs[0]"),
  hostEndpoint("profiles", { profiles: ["projectcalico-default-allow"] }),
  hostEndpoint("a bad profile", { profiles: ["A"] }, "profiles[0]"),
  hostEndpoint("a port", { ports: [port] }),
  hostEndpoint("port 0", { ports: [{ ...port, port: 0 }] }, "ports[0].port"),
  hostEndpoint("a port of UDPLite", { ports: [{ ...port, protocol: "UDPLite" }] }, "ports[0].protocol"),
  hostEndpoint("a port of no protocol", { ports: [{ name: "a", port: 1 }] }, "ports[0].protocol"),
  hostEndpoint("a port of tcp", { ports: [{ ...port, protocol: "tcp" }] }, "ports[0].protocol"),
  ...["", "HTTP", "a".repeat(16), "80", "a--b", "-a", "a_b"].map((name) =>
    hostEndpoint(`a port named '${name}'`, { ports: [{ ...port, name }] }, "ports[0].name"),
  ),
];

export const NETWORK_CASES: readonly Case[] = [...POOLS, ...SETS, ...HOST_ENDPOINTS];
