import { describe, expect, it } from "vitest";
import type { CalicoKind } from "../../../../providers/calico/model/kinds";
import { sameSpec, withDefaults } from "../../../../providers/calico/validation/validate";

const allow = [{ action: "Allow" }];
const stored = [{ action: "Allow", source: {}, destination: {} }];

describe("what apply would store", () => {
  it.each([
    ["no rules", {}, ["Ingress"]],
    ["empty rules", { ingress: [], egress: [] }, ["Ingress"]],
    ["ingress rules", { ingress: allow }, ["Ingress"]],
    ["egress rules", { egress: allow }, ["Egress"]],
    ["rules both ways", { ingress: allow, egress: allow }, ["Ingress", "Egress"]],
    ["types that are given", { types: ["Egress"], ingress: [] }, ["Egress"]],
    ["an empty list of types", { types: [], egress: allow }, ["Egress"]],
  ])("types of a policy with %s", (_claim, spec, types) => {
    expect(withDefaults("GlobalNetworkPolicy", spec)["types"]).toEqual(types);
    expect(withDefaults("NetworkPolicy", spec)["types"]).toEqual(types);
  });

  it("no types while the rules are not known", () => {
    expect(withDefaults("GlobalNetworkPolicy", { egress: "to be known" })).toEqual({ egress: "to be known" });
  });

  it.each<[string, CalicoKind, object, object]>([
    [
      "an IPv4 pool",
      "IPPool",
      { cidr: "198.51.100.0/24", natOutgoing: false, disabled: false },
      {
        cidr: "198.51.100.0/24",
        blockSize: 26,
        ipipMode: "Never",
        vxlanMode: "Never",
        nodeSelector: "all()",
        allowedUses: ["Workload", "Tunnel"],
        assignmentMode: "Automatic",
      },
    ],
    [
      "an IPv6 pool with a block size and a mode",
      "IPPool",
      {
        cidr: "2001:DB8:0::/64",
        blockSize: 120,
        vxlanMode: "Always",
        natOutgoing: true,
        nodeSelector: "",
        allowedUses: [],
      },
      {
        cidr: "2001:db8::/64",
        blockSize: 120,
        ipipMode: "Never",
        vxlanMode: "Always",
        natOutgoing: true,
        nodeSelector: "all()",
        allowedUses: ["Workload", "Tunnel"],
        assignmentMode: "Automatic",
      },
    ],
    ["a tier", "Tier", {}, { order: 1000000, defaultAction: "Deny" }],
    ["a tier that says it", "Tier", { order: 5, defaultAction: "Pass" }, { order: 5, defaultAction: "Pass" }],
    [
      "Felix's configuration",
      "FelixConfiguration",
      { wireguardEnabled: false, routeRefreshInterval: "90s", logPrefix: "" },
      {
        wireguardEnabled: false,
        routeRefreshInterval: "1m30s",
        bpfLogLevel: "",
        floatingIPs: "Disabled",
        bpfConnectTimeLoadBalancing: "TCP",
        bpfHostNetworkedNATWithoutCTLB: "Enabled",
      },
    ],
    [
      "Felix's configuration with the former load balancing",
      "FelixConfiguration",
      { bpfConnectTimeLoadBalancingEnabled: true, floatingIPs: "Enabled" },
      {
        bpfConnectTimeLoadBalancingEnabled: true,
        bpfLogLevel: "",
        floatingIPs: "Enabled",
        bpfConnectTimeLoadBalancing: "Enabled",
        bpfHostNetworkedNATWithoutCTLB: "Disabled",
      },
    ],
    [
      "failsafe ports that are switched off",
      "FelixConfiguration",
      { failsafeInboundHostPorts: [] },
      {
        failsafeInboundHostPorts: [],
        bpfLogLevel: "",
        floatingIPs: "Disabled",
        bpfConnectTimeLoadBalancing: "TCP",
        bpfHostNetworkedNATWithoutCTLB: "Enabled",
      },
    ],
    ["a profile's rules", "Profile", { ingress: allow, egress: [] }, { ingress: stored }],
    [
      "numbers that are written as texts",
      "Profile",
      { egress: [{ action: "Deny", protocol: "6", destination: { ports: ["80", "90:90", "100:0200", "http"] } }] },
      {
        egress: [{ action: "Deny", protocol: 6, source: {}, destination: { ports: [80, 90, "100:200", "http"] } }],
      },
    ],
    [
      "a workload endpoint's ports",
      "WorkloadEndpoint",
      { profiles: [], ports: [{ name: "a", protocol: "TCP", port: 1 }] },
      { ports: [{ name: "a", protocol: "TCP", port: 1, hostPort: 0, hostIP: "" }] },
    ],
    ["AS numbers", "Node", { bgp: { asNumber: "1.10" } }, { bgp: { asNumber: 65546 } }],
    ["a network set", "GlobalNetworkSet", { nets: ["198.51.100.9/24"] }, { nets: ["198.51.100.9/24"] }],
    ["null", "GlobalNetworkSet", { nets: null }, {}],
    ["a field of another version of Calico", "GlobalNetworkSet", { nets: [], more: { a: 0 } }, { more: { a: 0 } }],
  ])("%s", (_claim, kind, spec, expected) => {
    expect(withDefaults(kind, spec)).toEqual(expected);
  });
});

describe("specs that mean the same", () => {
  it.each<[string, CalicoKind, object, object]>([
    [
      "what apply adds to a pool",
      "IPPool",
      { cidr: "198.51.100.0/24" },
      withDefaults("IPPool", { cidr: "198.51.100.0/24" }),
    ],
    ["a block size by default", "IPPool", { cidr: "198.51.100.0/24" }, { cidr: "198.51.100.0/24", blockSize: 26 }],
    [
      "uses in another order",
      "IPPool",
      { cidr: "198.51.100.0/24" },
      { cidr: "198.51.100.0/24", allowedUses: ["Tunnel", "Workload"] },
    ],
    ["no selector and all()", "GlobalNetworkPolicy", {}, { selector: "all( )" }],
    ["no tier and the default", "GlobalNetworkPolicy", {}, { tier: "default" }],
    [
      "a selector with other spaces and quotes",
      "GlobalNetworkPolicy",
      { selector: "a=='b'&&has( c )" },
      { selector: '(a == "b" && has(c))' },
    ],
    [
      "a set in a selector in another order",
      "GlobalNetworkPolicy",
      { selector: "a in {'x','y'}" },
      { selector: "a in {'y', 'x', 'x'}" },
    ],
    [
      "types in another order",
      "GlobalNetworkPolicy",
      { ingress: allow, egress: allow },
      { types: ["Egress", "Ingress"], ingress: allow, egress: allow },
    ],
    ["a rule with empty parts", "Profile", { ingress: allow }, { ingress: stored, egress: [] }],
    [
      "ports, networks and protocol written otherwise",
      "Profile",
      {
        ingress: [
          { action: "Allow", protocol: "TCP", source: { nets: ["10.0.0.0/8", "10.1.0.0/16"], ports: [80, "90"] } },
        ],
      },
      {
        ingress: [
          { action: "Allow", protocol: 6, source: { nets: ["10.1.0.0/16", "10.0.0.0/8"], ports: [90, "80:80"] } },
        ],
      },
    ],
    [
      "members of a set in another order and form",
      "GlobalNetworkSet",
      { nets: ["198.51.100.1", "2001:DB8:0::/32"] },
      { nets: ["2001:db8::/32", "198.51.100.1/32", "198.51.100.1/32"] },
    ],
    [
      "ports with what Calico always writes",
      "WorkloadEndpoint",
      { ports: [{ name: "a", protocol: "TCP", port: 1 }] },
      { ports: [{ name: "a", protocol: "TCP", port: 1, hostPort: 0, hostIP: "" }] },
    ],
    [
      "Felix's defaults",
      "FelixConfiguration",
      {},
      {
        floatingIPs: "Disabled",
        bpfConnectTimeLoadBalancing: "TCP",
        bpfHostNetworkedNATWithoutCTLB: "Enabled",
        bpfLogLevel: "",
      },
    ],
    ["durations", "FelixConfiguration", { routeRefreshInterval: "90s" }, { routeRefreshInterval: "1m30s" }],
    [
      "BGP's defaults",
      "BGPConfiguration",
      {},
      { asNumber: "64512", nodeToNodeMeshEnabled: true, listenPort: 179, logSeverityScreen: "Info" },
    ],
    ["a tier's defaults", "Tier", {}, { order: 1e6, defaultAction: "Deny" }],
    ["MAC addresses", "Node", { vxlanTunnelMACAddr: "66:AA:00:00:00:01" }, { vxlanTunnelMACAddr: "66-aa-00-00-00-01" }],
    [
      "keys in another order",
      "Node",
      { bgp: { asNumber: 1, ipv4Address: "10.0.0.1/8" } },
      { bgp: { ipv4Address: "10.0.0.1/8", asNumber: 1 } },
    ],
  ])("%s", (_claim, kind, a, b) => {
    expect(sameSpec(kind, a, b)).toBe(true);
  });

  it.each<[string, CalicoKind, object, object]>([
    [
      "rules in another order",
      "Profile",
      { ingress: [{ action: "Allow" }, { action: "Deny" }] },
      { ingress: [{ action: "Deny" }, { action: "Allow" }] },
    ],
    ["profiles in another order", "HostEndpoint", { profiles: ["a", "b"] }, { profiles: ["b", "a"] }],
    ["one rule twice", "Profile", { ingress: allow }, { ingress: [...allow, ...allow] }],
    [
      "all() as a rule's selector, which leaves outside addresses out",
      "Profile",
      { ingress: allow },
      { ingress: [{ action: "Allow", source: { selector: "all()" } }] },
    ],
    ["another action", "Profile", { ingress: allow }, { ingress: [{ action: "Deny" }] }],
    ["no failsafe ports and those by default", "FelixConfiguration", {}, { failsafeInboundHostPorts: [] }],
    ["a flag of Felix that is off and one that is not set", "FelixConfiguration", {}, { ipv6Support: false }],
    [
      "a node's address within the same subnet",
      "Node",
      { bgp: { ipv4Address: "10.0.0.1/8" } },
      { bgp: { ipv4Address: "10.0.0.2/8" } },
    ],
    ["no order and order 0", "GlobalNetworkPolicy", {}, { order: 0 }],
    ["a field of another version of Calico", "GlobalNetworkSet", {}, { more: 1 }],
    ["a datastore that is not ready and one that does not say", "ClusterInformation", {}, { datastoreReady: false }],
    ["another block size", "IPPool", { cidr: "198.51.100.0/24" }, { cidr: "198.51.100.0/24", blockSize: 28 }],
  ])("not: %s", (_claim, kind, a, b) => {
    expect(sameSpec(kind, a, b)).toBe(false);
  });
});
