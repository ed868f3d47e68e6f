import { describe, expect, it } from "vitest";
import { CALICO_KINDS, type CalicoKind } from "../../../../providers/calico/model/kinds";
import { validateResource } from "../../../../providers/calico/validation/validate";

/** What stops Felix reading a kind, what it ignores, and what it applies otherwise than it is written. */

const rule = { action: "Allow", protocol: "TCP", source: { selector: "has(a)" }, destination: { ports: [80] } };
const spec = { tier: "shop", order: 10, selector: "has(b)", types: ["Ingress"], ingress: [rule] };

function refused(given: unknown, name = "shop.web", kind: CalicoKind = "GlobalNetworkPolicy") {
  return validateResource(kind, { name }, given).map(({ property }) => property);
}

function withRule(change: Readonly<Record<string, unknown>>) {
  return { ...spec, ingress: [{ ...rule, ...change }] };
}

it("the policy from which each case departs is valid", () => {
  expect(refused(spec)).toEqual([]);
});

describe("values that make Felix deaf to the kind are refused", () => {
  it.each([
    ["port 65536", withRule({ destination: { ports: [65536] } }), "spec.ingress[0].destination.ports[0]"],
    ["range 90:80", withRule({ destination: { ports: ["90:80"] } }), "spec.ingress[0].destination.ports[0]"],
    ["order as text", { ...spec, order: "10" }, "spec.order"],
    ["order that JSON cannot hold", { ...spec, order: Number.NaN }, "spec.order"],
    ["order that is infinite", { ...spec, order: Number.POSITIVE_INFINITY }, "spec.order"],
    ["protocol 256", withRule({ protocol: 256 }), "spec.ingress[0].protocol"],
    ["a list where one value belongs", { ...spec, selector: ["has(b)"] }, "spec.selector"],
    ["one value where a list belongs", { ...spec, ingress: rule }, "spec.ingress"],
    ["a text for a flag", { ...spec, applyOnForward: "true" }, "spec.applyOnForward"],
  ])("%s", (_claim, given, property) => {
    expect(refused(given)).toEqual([property]);
  });
});

describe("values for which Felix treats a resource as absent are refused", () => {
  const bad = ["a = 'b'", "a == 'b'\n", "a == b"];
  const places: readonly (readonly [CalicoKind, string, (selector: string) => unknown, string])[] = [
    ["GlobalNetworkPolicy", "shop.web", (selector) => ({ ...spec, selector }), "spec.selector"],
    [
      "GlobalNetworkPolicy",
      "shop.web",
      (namespaceSelector) => ({ ...spec, namespaceSelector }),
      "spec.namespaceSelector",
    ],
    ...(["source", "destination"] as const).flatMap((side) =>
      (["selector", "notSelector", "namespaceSelector"] as const).map(
        (field) =>
          [
            "GlobalNetworkPolicy",
            "shop.web",
            (selector: string) => ({ ...spec, egress: [{ action: "Deny", [side]: { [field]: selector } }], types: [] }),
            `spec.egress[0].${side}.${field}`,
          ] as const,
      ),
    ),
    ["IPPool", "x", (nodeSelector) => ({ cidr: "198.51.100.0/24", nodeSelector }), "spec.nodeSelector"],
    ["BGPPeer", "x", (peerSelector) => ({ peerSelector }), "spec.peerSelector"],
    ["BGPPeer", "x", (nodeSelector) => ({ peerSelector: "has(a)", nodeSelector }), "spec.nodeSelector"],
  ];
  const cases = places.flatMap((place) => bad.map((selector) => [place[3], selector, place] as const));

  it.each(cases)("%s with %j", (property, selector, [kind, name, make]) => {
    expect(refused(make(selector), name, kind)).toEqual([property]);
  });

  it("ports without a protocol", () => {
    expect(refused(withRule({ protocol: undefined }))).toEqual(["spec.ingress[0].destination.ports"]);
  });

  it("an endpoint without addresses", () => {
    const endpoint = { node: "n", orchestrator: "lab", workload: "w", endpoint: "e", interfaceName: "cali1" };
    const metadata = { name: "n-lab-w-e", namespace: "default" };
    const problems = validateResource("WorkloadEndpoint", metadata, { ...endpoint, ipNetworks: [] });
    expect(problems.map(({ property }) => property)).toEqual(["spec.ipNetworks"]);
  });
});

describe("values that Felix applies although Calico's own client refuses them are refused", () => {
  it.each([
    ["protocol tcp", withRule({ protocol: "tcp" }), "spec.ingress[0].protocol"],
    ["a bare address", withRule({ source: { nets: ["198.51.100.1"] } }), "spec.ingress[0].source.nets[0]"],
    ["an unmasked network", withRule({ source: { nets: ["198.51.100.1/24"] } }), "spec.ingress[0].source.nets[0]"],
    [
      "networks of both families",
      withRule({ source: { nets: ["198.51.100.0/24", "2001:db8::/32"] } }),
      "spec.ingress[0].source.nets[1]",
    ],
    ["action allow", withRule({ action: "allow" }), "spec.ingress[0].action"],
    ["types ingress", { ...spec, types: ["ingress"] }, "spec.types[0]"],
    ["an unknown field", { ...spec, selectr: "has(b)" }, "spec.selectr"],
    ["an unknown field of a rule", withRule({ port: 80 }), "spec.ingress[0].port"],
    ["everything excluded", withRule({ source: { notNets: ["0.0.0.0/0"] } }), "spec.ingress[0].source.notNets[0]"],
  ])("%s", (_claim, given, property) => {
    expect(refused(given)).toEqual([property]);
  });

  it.each([
    ["an upper-case name", "Shop.web", spec],
    ["a name of three parts", "shop.web.http", spec],
    ["a name outside its tier, which Felix puts into tier default", "foo", { ...spec, tier: "app-shop" }],
    ["a name that begins with another tier", "web.allow", { ...spec, tier: "shop" }],
    ["a name with a tier that the spec does not say", "web.allow", { ...spec, tier: undefined }],
  ])("%s", (_claim, name, given) => {
    expect(refused(given, name)).toEqual(["metadata.name"]);
  });

  it.each(Object.keys(CALICO_KINDS) as CalicoKind[])("a %s without a spec", (kind) => {
    expect(refused(undefined, "default", kind)).toContain("spec");
    expect(refused(null, "default", kind)).toContain("spec");
  });
});

describe("values of which Felix uses something else are refused", () => {
  it("a bad member of a network set, which is skipped", () => {
    expect(refused({ nets: ["198.51.100.0/24", "198.51.100.0/99"] }, "x", "GlobalNetworkSet")).toEqual([
      "spec.nets[1]",
    ]);
  });

  it.each([
    ["chainInsertMode", "Sometimes"],
    ["iptablesBackend", "nftables"],
    ["routeRefreshInterval", "90"],
    ["interfacePrefix", "cali tap"],
    ["vxlanPort", 70000],
    ["logSeverityScreen", "verbose"],
  ])("a bad %s of Felix, for which the default is used", (field, value) => {
    expect(refused({ [field]: value }, "default", "FelixConfiguration")).toEqual([`spec.${field}`]);
  });

  it("an order of a built-in tier", () => {
    expect(refused({ order: 5 }, "default", "Tier")).toEqual(["spec.order"]);
  });
});

it("a port and a protocol as numbers in quotes are as good as numbers", () => {
  expect(refused(withRule({ protocol: "6", destination: { ports: ["80"] } }))).toEqual([]);
});
