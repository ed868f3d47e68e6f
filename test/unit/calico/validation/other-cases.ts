import type { Case } from "./case";

type Values = Readonly<Record<string, unknown>>;

function felix(claim: string, spec: Values, ...refused: string[]): Case {
  return { claim, kind: "FelixConfiguration", name: "default", spec, refused: refused.map((each) => `spec.${each}`) };
}

const stricter = (given: Case): Case => ({ ...given, stricter: true });

const FELIX: readonly Case[] = [
  felix("nothing", {}),
  felix("what a Docker host needs", {
    interfacePrefix: "cali,tap",
    endpointReportingEnabled: true,
    iptablesBackend: "NFT",
    nftablesMode: "Disabled",
    defaultEndpointToHostAction: "Accept",
    vxlanPort: 4789,
    vxlanVNI: 4096,
    natPortRange: "20000:30000",
    natOutgoingAddress: "198.51.100.1",
    routeRefreshInterval: "1m30s",
    logSeverityScreen: "Info",
    failsafeInboundHostPorts: [{ protocol: "TCP", port: 22, net: "0.0.0.0/0" }],
    failsafeOutboundHostPorts: [],
    iptablesMarkMask: 0xffff0000,
    healthTimeoutOverrides: [{ name: "InternalDataplaneMainLoop", timeout: "90s" }],
    routeTableRanges: [{ min: 300, max: 500 }],
    bpfLogFilters: { eth0: "tcp port 80" },
    floatingIPs: "Enabled",
    wireguardEnabled: true,
    openstackRegion: "region-1",
    externalNodesList: ["198.51.100.0/24"],
    mtuIfacePattern: "^((en|eth).*)",
  }),
  felix("an unknown field", { interfacePrefixes: "cali" }, "interfacePrefixes"),
  stricter(felix("a field in other letters", { IPv6Support: false }, "IPv6Support")),
  stricter(felix("prefixes with spaces, which Felix dies of", { interfacePrefix: "cali, tap" }, "interfacePrefix")),
  felix("a flag as text", { ipv6Support: "false" }, "ipv6Support"),
  felix("a duration as a number", { routeRefreshInterval: 90 }, "routeRefreshInterval"),
  felix("an empty duration", { routeRefreshInterval: "" }, "routeRefreshInterval"),
  felix("an action in lower case", { defaultEndpointToHostAction: "drop" }, "defaultEndpointToHostAction"),
  felix("an unknown back end", { iptablesBackend: "nftables" }, "iptablesBackend"),
  stricter(felix("an unknown insert mode", { chainInsertMode: "Prepend" }, "chainInsertMode")),
  stricter(
    felix(
      "a failsafe port of tcp",
      { failsafeInboundHostPorts: [{ protocol: "tcp", port: 22 }] },
      "failsafeInboundHostPorts[0].protocol",
    ),
  ),
  stricter(
    felix(
      "a failsafe port 0",
      { failsafeInboundHostPorts: [{ protocol: "TCP", port: 0 }] },
      "failsafeInboundHostPorts[0].port",
    ),
  ),
  felix(
    "a failsafe port 65536",
    { failsafeOutboundHostPorts: [{ protocol: "TCP", port: 65536 }] },
    "failsafeOutboundHostPorts[0].port",
  ),
  stricter(
    felix(
      "a failsafe port from nowhere",
      { failsafeInboundHostPorts: [{ protocol: "TCP", port: 22, net: "x" }] },
      "failsafeInboundHostPorts[0].net",
    ),
  ),
  felix("an IPv6 address for NAT", { natOutgoingAddress: "2001:db8::1" }, "natOutgoingAddress"),
  stricter(felix("a named port for NAT", { natPortRange: "http" }, "natPortRange")),
  felix("a long region", { openstackRegion: "a".repeat(47) }, "openstackRegion"),
  felix("an upper-case region", { openstackRegion: "Region" }, "openstackRegion"),
  felix(
    "both kinds of table ranges",
    { routeTableRange: { min: 1, max: 9 }, routeTableRanges: [{ min: 1, max: 9 }] },
    "routeTableRange",
  ),
  felix("table 251 in the former range", { routeTableRange: { min: 1, max: 251 } }, "routeTableRange.max"),
  felix("tables the wrong way round", { routeTableRanges: [{ min: 9, max: 1 }] }, "routeTableRanges[0].min"),
  felix("table 0", { routeTableRanges: [{ min: 0, max: 1 }] }, "routeTableRanges[0].min"),
  felix("too many tables", { routeTableRanges: [{ min: 1, max: 70000 }] }, "routeTableRanges"),
  felix("too many port ranges", { kubeNodePortRanges: [1, 2, 3, 4, 5, 6, 7, 8] }, "kubeNodePortRanges"),
  stricter(felix("a mask of one bit", { iptablesMarkMask: 4 }, "iptablesMarkMask")),
  felix("a mask beyond 32 bits", { iptablesMarkMask: 2 ** 32 }, "iptablesMarkMask"),
  felix("a bad pattern", { mtuIfacePattern: "(" }, "mtuIfacePattern"),
  felix("settings that are no pairs", { featureDetectOverride: "ChecksumOffloadBroken" }, "featureDetectOverride"),
  felix("the field Calico's own client fails on", { bpfExportBufferSizeMB: 1 }, "bpfExportBufferSizeMB"),
  {
    ...stricter(felix("an annotation that overrides unchecked", {})),
    annotations: { "config.projectcalico.org/BPFEnabled": "maybe" },
    refused: ['metadata.annotations["config.projectcalico.org/BPFEnabled"]'],
  },
  { ...felix("a node's own configuration", { logSeverityScreen: "Debug" }), name: "node.h1" },
  { ...stricter(felix("a name that Felix does not read", {})), name: "mine", refused: ["metadata.name"] },
];

function tier(claim: string, name: string, spec: Values, ...refused: string[]): Case {
  return { claim, kind: "Tier", name, spec, refused };
}

const TIERS: readonly Case[] = [
  tier("an order and an action", "app-shop", { order: 500, defaultAction: "Deny" }),
  tier("nothing", "app-shop", {}),
  tier("an order as text", "app-shop", { order: "500" }, "spec.order"),
  tier("a policy's action", "app-shop", { defaultAction: "Allow" }, "spec.defaultAction"),
  tier("an action in lower case", "app-shop", { defaultAction: "pass" }, "spec.defaultAction"),
  tier("a name with a dot", "app.shop", {}, "metadata.name"),
  tier("a name of 63", "a".repeat(63), {}),
  tier("a name of 64", "a".repeat(64), {}, "metadata.name"),
  tier("an upper-case name", "App", {}, "metadata.name"),
  tier("Calico's own tier in its order", "default", { order: 1000000 }),
  tier("Calico's own tier in another order", "default", { order: 5 }, "spec.order"),
  tier("the admin tier in its order", "adminnetworkpolicy", { order: 1000, defaultAction: "Pass" }),
  tier("the admin tier without an order", "adminnetworkpolicy", {}, "spec.order"),
  tier("the baseline tier in another order", "baselineadminnetworkpolicy", { order: 1000 }, "spec.order"),
];

function named(kind: Case["kind"], name: string, spec: Values, ...refused: string[]): Case {
  return { claim: `'${name}' with ${JSON.stringify(spec)}`, kind, name, spec, refused };
}

const POLICY_NAMES: readonly Case[] = [
  named("GlobalNetworkPolicy", "web", {}),
  named("GlobalNetworkPolicy", "default.web", {}),
  named("GlobalNetworkPolicy", "web", { tier: "default" }),
  named("GlobalNetworkPolicy", "shop.web", { tier: "shop" }),
  named("NetworkPolicy", "shop.web", { tier: "shop" }),
  named("GlobalNetworkPolicy", "web", { tier: "shop" }, "metadata.name"),
  named("GlobalNetworkPolicy", "other.web", { tier: "shop" }, "metadata.name"),
  named("GlobalNetworkPolicy", "web.allow", {}, "metadata.name"),
  named("GlobalNetworkPolicy", "a.b.c", { tier: "a" }, "metadata.name"),
  named("NetworkPolicy", "a.b.c", {}, "metadata.name"),
  named("GlobalNetworkPolicy", "Web", {}, "metadata.name"),
  named("GlobalNetworkPolicy", "we_b", {}, "metadata.name"),
  named("GlobalNetworkPolicy", "-web", {}, "metadata.name"),
  named("GlobalNetworkPolicy", "", {}, "metadata.name"),
  named("GlobalNetworkPolicy", `shop.${"a".repeat(249)}`, { tier: "shop" }, "metadata.name"),
  named("NetworkPolicy", "knp.default.web", {}, "metadata.name"),
  stricter(named("NetworkPolicy", "ossg.default.web", {}, "metadata.name")),
  stricter(named("GlobalNetworkPolicy", "ossg.web", { tier: "ossg" }, "metadata.name")),
];

const LABEL = "metadata.labels";

const METADATA: readonly Case[] = [
  { claim: "labels", kind: "Node", labels: { app: "shop", "a.b/c_d": "E-f.9", empty: "" }, spec: {}, refused: [] },
  { claim: "a label with a space", kind: "Node", labels: { "a b": "c" }, spec: {}, refused: [`${LABEL}["a b"]`] },
  {
    claim: "a label with an upper-case prefix",
    kind: "Node",
    labels: { "A/b": "c" },
    spec: {},
    refused: [`${LABEL}["A/b"]`],
  },
  {
    claim: "a label's name of 64",
    kind: "Node",
    labels: { ["a".repeat(64)]: "" },
    spec: {},
    refused: [`${LABEL}.${"a".repeat(64)}`],
  },
  { claim: "a label's value of 64", kind: "Node", labels: { a: "b".repeat(64) }, spec: {}, refused: [`${LABEL}.a`] },
  { claim: "a label's value with a slash", kind: "Node", labels: { a: "b/c" }, spec: {}, refused: [`${LABEL}.a`] },
  { claim: "annotations", kind: "Node", annotations: { "A.b/c": "any text, of any kind" }, spec: {}, refused: [] },
  {
    claim: "a bad annotation",
    kind: "Node",
    annotations: { "a b": "c" },
    spec: {},
    refused: ['metadata.annotations["a b"]'],
  },
  {
    claim: "annotations of more than 256 KiB",
    kind: "Node",
    annotations: { a: "b".repeat(256 * 1024) },
    spec: {},
    refused: ["metadata.annotations"],
  },
  {
    claim: "a namespace on a global kind",
    kind: "Node",
    namespace: "default",
    spec: {},
    refused: ["metadata.namespace"],
  },
  stricter({
    claim: "an empty namespace",
    kind: "NetworkSet",
    namespace: "",
    spec: {},
    refused: ["metadata.namespace"],
  }),
  stricter({
    claim: "a namespace with a slash",
    kind: "NetworkSet",
    namespace: "a/b",
    spec: {},
    refused: ["metadata.namespace"],
  }),
  stricter({
    claim: "Calico's own profile",
    kind: "Profile",
    name: "projectcalico-default-allow",
    spec: {},
    refused: ["metadata.name"],
  }),
  stricter({
    claim: "a second ClusterInformation",
    kind: "ClusterInformation",
    name: "mine",
    spec: {},
    refused: ["metadata.name"],
  }),
  {
    claim: "a ClusterInformation",
    kind: "ClusterInformation",
    name: "default",
    spec: { clusterGUID: "0123456789abcdef0123456789abcdef", clusterType: "openstack,docker", datastoreReady: true },
    refused: [],
  },
  stricter({
    claim: "a short GUID",
    kind: "ClusterInformation",
    name: "default",
    spec: { clusterGUID: "0" },
    refused: ["spec.clusterGUID"],
  }),
  stricter({
    claim: "a tier label that contradicts the tier",
    kind: "GlobalNetworkPolicy",
    name: "shop.web",
    labels: { "projectcalico.org/tier": "other" },
    spec: { tier: "shop" },
    refused: [`${LABEL}["projectcalico.org/tier"]`],
  }),
];

export const OTHER_CASES: readonly Case[] = [...FELIX, ...TIERS, ...POLICY_NAMES, ...METADATA];
