import type { Case } from "./case";

type Rule = Readonly<Record<string, unknown>>;

/** A policy of one arriving rule; `refused` is relative to the rule. */
function rule(claim: string, given: Rule, ...refused: string[]): Case {
  return {
    claim,
    kind: "GlobalNetworkPolicy",
    spec: { selector: "all()", ingress: [{ action: "Allow", ...given }] },
    refused: refused.map((each) => `spec.ingress[0].${each}`),
  };
}

function ports(claim: string, value: unknown, valid: boolean): Case {
  const given = { protocol: "TCP", destination: { ports: [80, value] } };
  return rule(claim, given, ...(valid ? [] : ["destination.ports[1]"]));
}

const PORTS: readonly Case[] = [
  ports("port 1", 1, true),
  ports("port 65535", 65535, true),
  ports("port 0", 0, false),
  ports("port 65536", 65536, false),
  ports("a negative port", -1, false),
  ports("a port with a fraction", 80.5, false),
  ports("a port as text", "80", true),
  ports("port 0 as text", "0", false),
  ports("port 65536 as text", "65536", false),
  ports("a range", "80:90", true),
  ports("a range of one", "80:80", true),
  ports("a range the wrong way round", "90:80", false),
  ports("a range from 0", "0:80", false),
  ports("a range beyond 65535", "80:65536", false),
  ports("a range without an end", "80:", false),
  ports("a range with spaces", "80 : 90", false),
  ports("a range with a dash", "80-90", false),
  ports("a name", "http", true),
  ports("a name with a dash", "http-8", true),
  ports("a name that no endpoint's port can have", "A_b.c-9", false),
  ports("a name with a space", "my port", false),
  ports("a name of 15 characters", "a".repeat(15), true),
  ports("a name of 16 characters", "a".repeat(16), false),
  ports("an empty name", "", false),
  ports("a port that is an object", { port: 80 }, false),
  ports("a missing port", null, false),
  rule("ports that are no list", { protocol: "TCP", destination: { ports: 80 } }, "destination.ports"),
];

const PROTOCOLS: readonly Case[] = [
  ...["TCP", "UDP", "SCTP", 6, 17, 132, "6"].map((protocol) =>
    rule(`ports with protocol ${JSON.stringify(protocol)}`, { protocol, source: { notPorts: [1] } }),
  ),
  ...["ICMP", "ICMPv6", "UDPLite", 1, 47, "47"].map((protocol) =>
    rule(`ports with protocol ${JSON.stringify(protocol)}`, { protocol, source: { ports: [1] } }, "source.ports"),
  ),
  rule("ports without a protocol", { destination: { ports: [80] } }, "destination.ports"),
  rule(
    "ports without a protocol at each place",
    { source: { ports: [1], notPorts: [2] }, destination: { ports: [3], notPorts: [4] } },
    "destination.notPorts",
    "destination.ports",
    "source.notPorts",
    "source.ports",
  ),
  rule("no ports without a protocol", { destination: { ports: [] } }),
  ...["ICMP", "ICMPv6", "UDPLite", 1, 255, "255"].map((protocol) =>
    rule(`protocol ${JSON.stringify(protocol)}`, { protocol }),
  ),
  ...["tcp", "Udp", "icmp", "IPIP", "", 0, 256, -1, 6.5, "0", "256", true].map((protocol) =>
    rule(`protocol ${JSON.stringify(protocol)}`, { protocol }, "protocol"),
  ),
  rule("a protocol that is excluded", { notProtocol: "UDP" }),
  rule("an excluded protocol in lower case", { notProtocol: "udp" }, "notProtocol"),
  rule("ICMP with type and code", { protocol: "ICMP", icmp: { type: 8, code: 0 } }),
  rule("ICMP type 254 and code 255", { protocol: "ICMPv6", icmp: { type: 254, code: 255 } }),
  rule("ICMP type 255", { protocol: "ICMP", icmp: { type: 255 } }, "icmp.type"),
  rule("ICMP code 256", { protocol: "ICMP", icmp: { type: 1, code: 256 } }, "icmp.code"),
  rule("an ICMP code without a type", { protocol: "ICMP", icmp: { code: 0 } }, "icmp.code"),
  rule("ICMP fields without a protocol", { icmp: { type: 8 } }, "icmp"),
  rule("ICMP fields with TCP", { protocol: "TCP", icmp: { type: 8 } }, "icmp"),
  rule("ICMP fields with the protocol as a number", { protocol: 1, icmp: { type: 8 } }, "icmp"),
  rule("excluded ICMP fields with ICMP", { protocol: "ICMP", notICMP: { type: 8 } }),
  {
    ...rule("excluded ICMP fields without ICMP, which iptables cannot load", { notICMP: { type: 8 } }, "notICMP"),
    stricter: true,
  },
  rule("ICMP in IP version 6", { protocol: "ICMP", ipVersion: 6 }, "ipVersion"),
  rule("ICMPv6 in IP version 4", { protocol: "ICMPv6", ipVersion: 4 }, "ipVersion"),
  rule("all but ICMP in IP version 6", { notProtocol: "ICMP", ipVersion: 6 }, "ipVersion"),
  rule("IP version 4", { ipVersion: 4 }),
  rule("IP version 5", { ipVersion: 5 }, "ipVersion"),
  rule("IP version as text", { ipVersion: "4" }, "ipVersion"),
];

const NETS: readonly Case[] = [
  rule("networks of both kinds of fields", { source: { nets: ["10.0.0.0/8"], notNets: ["10.1.0.0/16"] } }),
  rule("an IPv6 network", { source: { nets: ["2001:db8::/32"] } }),
  rule("everything as a network", { source: { nets: ["0.0.0.0/0"] } }),
  rule("a bare address", { source: { nets: ["10.0.0.1"] } }, "source.nets[0]"),
  rule("a bare IPv6 address", { source: { nets: ["2001:db8::1"] } }, "source.nets[0]"),
  rule("one address with its prefix", { source: { nets: ["10.0.0.1/32"] } }),
  rule("a network that is not masked", { source: { nets: ["10.0.0.1/8"] } }, "source.nets[0]"),
  rule("an IPv6 network that is not masked", { source: { nets: ["2001:db8::1/32"] } }, "source.nets[0]"),
  rule("a prefix of 33", { source: { nets: ["10.0.0.0/33"] } }, "source.nets[0]"),
  rule("three octets", { source: { nets: ["10.0.0/24"] } }, "source.nets[0]"),
  rule("an octet with a leading zero", { source: { nets: ["10.0.0.010/32"] } }, "source.nets[0]"),
  rule("a name for a network", { source: { nets: ["web"] } }, "source.nets[0]"),
  rule("an empty network", { source: { nets: [""] } }, "source.nets[0]"),
  rule("a number for a network", { source: { nets: [10] } }, "source.nets[0]"),
  rule("both families in one field", { source: { nets: ["10.0.0.0/8", "2001:db8::/32"] } }, "source.nets[1]"),
  rule(
    "both families in one rule",
    { source: { nets: ["10.0.0.0/8"] }, destination: { notNets: ["2001:db8::/32"] } },
    "destination.notNets[0]",
  ),
  rule("a family that is not the rule's", { ipVersion: 6, source: { nets: ["10.0.0.0/8"] } }, "source.nets[0]"),
  rule("the rule's family", { ipVersion: 6, source: { nets: ["2001:db8::/32"] } }),
  rule("everything excluded", { source: { notNets: ["0.0.0.0/0"] } }, "source.notNets[0]"),
  rule("everything of IPv6 excluded", { destination: { notNets: ["::/0"] } }, "destination.notNets[0]"),
];

const RULES: readonly Case[] = [
  ...["Allow", "Deny", "Log", "Pass"].map((action) => rule(`action ${action}`, { action })),
  ...["allow", "ALLOW", "Next", "", null, 1].map((action) =>
    rule(`action ${JSON.stringify(action)}`, { action }, "action"),
  ),
  rule("a rule without an action", { action: undefined }, "action"),
  rule("selectors", { source: { selector: "a == 'b'", notSelector: "has(c)" } }),
  rule("a selector with one '='", { source: { selector: "a = 'b'" } }, "source.selector"),
  rule("a selector on two lines", { destination: { notSelector: "has(a) ||\nhas(b)" } }, "destination.notSelector"),
  rule("an unquoted value", { source: { selector: "a == b" } }, "source.selector"),
  rule("global() as a namespace selector", { source: { namespaceSelector: "global()" } }),
  rule("all() as a namespace selector", { source: { namespaceSelector: "all()" } }),
  rule("global() with more", { source: { namespaceSelector: "global() || has(a)" } }, "source.namespaceSelector"),
  rule("global() turned round", { source: { namespaceSelector: "!global()" } }, "source.namespaceSelector"),
  rule("global() as a selector", { source: { selector: "global()" } }, "source.selector"),
  {
    ...rule("global() as an excluded selector", { source: { notSelector: "global()" } }, "source.notSelector"),
    stricter: true,
  },
  {
    ...rule("HTTP, which Felix leaves out of account", { protocol: "TCP", http: { methods: ["GET"] } }, "http"),
    stricter: true,
  },
  {
    ...rule(
      "service accounts of Kubernetes",
      { source: { serviceAccounts: { names: ["a"] } } },
      "source.serviceAccounts",
    ),
    stricter: true,
  },
  {
    ...rule("a service of Kubernetes", { source: { services: { name: "a", namespace: "b" } } }, "source.services"),
    stricter: true,
  },
  rule("annotations of a rule", { metadata: { annotations: { why: "because" } } }),
  rule("a bad annotation of a rule", { metadata: { annotations: { "w hy": "x" } } }, 'metadata.annotations["w hy"]'),
  rule("an unknown field of a rule", { protocoll: "TCP" }, "protocoll"),
  rule("an unknown field of a source", { source: { net: ["10.0.0.0/8"] } }, "source.net"),
  { ...rule("a field in other letters", { Protocol: "TCP" }, "Protocol"), stricter: true },
  rule("a source that is a list", { source: [] }, "source"),
];

function policy(claim: string, spec: Readonly<Record<string, unknown>>, ...refused: string[]): Case {
  return { claim, kind: "GlobalNetworkPolicy", spec, refused: refused.map((each) => `spec.${each}`) };
}

const allow = [{ action: "Allow" }];

const POLICIES: readonly Case[] = [
  policy("nothing said", {}),
  policy("an order", { order: 10.5 }),
  policy("an order of null", { order: null }),
  policy("an order as text", { order: "10" }, "order"),
  policy("types", { types: ["Ingress", "Egress"], ingress: allow, egress: allow }),
  policy("a type twice", { types: ["Ingress", "Ingress"] }, "types[1]"),
  policy("a type in lower case", { types: ["ingress"] }, "types[0]"),
  policy("a type that is no list", { types: "Ingress" }, "types"),
  {
    ...policy("rules of a direction that types leave out", { types: ["Ingress"], egress: allow }, "egress"),
    stricter: true,
  },
  policy("a selector with global()", { selector: "global()" }, "selector"),
  policy("a selector that holds global()", { selector: "has(a) && global()" }, "selector"),
  policy("a namespace selector with global()", { namespaceSelector: "global()" }, "namespaceSelector"),
  { ...policy("service accounts", { serviceAccountSelector: "has(a)" }, "serviceAccountSelector"), stricter: true },
  policy("a hint", { performanceHints: ["AssumeNeededOnEveryNode"] }),
  policy("an unknown hint", { performanceHints: ["Assume"] }, "performanceHints[0]"),
  policy("rules that are no list", { ingress: { action: "Allow" } }, "ingress"),
  policy("a rule that is missing", { ingress: [null] }, "ingress[0]"),
  policy("an unknown field", { selectors: "all()" }, "selectors"),
  policy("a flag as text", { applyOnForward: "true" }, "applyOnForward"),
];

/** doNotTrack, preDNAT, applyOnForward, types, egress rules, refused. */
const FORWARD: readonly (readonly [boolean, boolean, boolean, string[], boolean, string[]])[] = [
  [false, false, false, ["Ingress"], false, []],
  [false, false, true, ["Ingress", "Egress"], true, []],
  [true, false, true, ["Ingress", "Egress"], true, []],
  [true, false, false, ["Ingress"], false, ["spec.applyOnForward"]],
  [false, true, true, ["Ingress"], false, []],
  [false, true, true, [], false, []],
  [false, true, false, ["Ingress"], false, ["spec.applyOnForward"]],
  [false, true, true, [], true, ["spec.egress"]],
  [false, true, true, ["Ingress", "Egress"], false, ["spec.types"]],
  [false, true, true, ["Ingress", "Egress"], true, ["spec.egress", "spec.types"]],
  [true, true, true, ["Ingress"], false, ["spec.preDNAT"]],
  [true, true, false, ["Ingress"], false, ["spec.applyOnForward", "spec.preDNAT"]],
];

const FORWARDING: readonly Case[] = FORWARD.map(([doNotTrack, preDNAT, applyOnForward, types, outward, refused]) => ({
  claim: `doNotTrack ${doNotTrack}, preDNAT ${preDNAT}, applyOnForward ${applyOnForward}, [${types}], ${outward ? "" : "no "}egress rules`,
  kind: "GlobalNetworkPolicy",
  spec: { doNotTrack, preDNAT, applyOnForward, types, ingress: allow, ...(outward && { egress: allow }) },
  refused,
}));

const OTHERS: readonly Case[] = [
  { claim: "a namespaced policy", kind: "NetworkPolicy", spec: { selector: "has(a)", ingress: allow }, refused: [] },
  {
    claim: "a namespaced policy with a global policy's field",
    kind: "NetworkPolicy",
    spec: { applyOnForward: true, namespaceSelector: "all()" },
    refused: ["spec.applyOnForward", "spec.namespaceSelector"],
  },
  {
    claim: "a profile",
    kind: "Profile",
    spec: { ingress: allow, egress: allow, labelsToApply: { "a.b/c": "d", e: "" } },
    refused: [],
  },
  {
    claim: "a profile with bad labels and ports",
    kind: "Profile",
    spec: { labelsToApply: { "a b": "c", d: "e f" }, egress: [{ action: "Allow", destination: { ports: [1] } }] },
    refused: ["spec.egress[0].destination.ports", "spec.labelsToApply.d", 'spec.labelsToApply["a b"]'],
  },
];

export const POLICY_CASES: readonly Case[] = [
  ...PORTS,
  ...PROTOCOLS,
  ...NETS,
  ...RULES,
  ...POLICIES,
  ...FORWARDING,
  ...OTHERS,
];
