import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Kind } from "../../providers/handlers";
import type { Properties } from "../../providers/runtime/handler";
import { args, CalicoProvider, failureOf } from "./support/calico";
import { DynamicProvider } from "./support/dynamic-provider";
import { EtcdServer } from "./support/etcd-server";
import { providerText } from "./support/provider-text";

let etcd: EtcdServer;
let calico: CalicoProvider;
/** The provider as somebody calls it who does not ask it to check first. */
let unchecked: DynamicProvider;

beforeAll(async () => {
  etcd = await EtcdServer.start();
  const settings = { endpoints: [etcd.endpoint] };
  calico = await CalicoProvider.start(settings);
  const config = { "clocker:network": JSON.stringify({ calico: { etcd: settings, pool: "198.18.0.0/16" } }) };
  unchecked = await DynamicProvider.start((await providerText("calico.Tier")).text, config);
});

afterAll(async () => {
  await unchecked?.stop();
  await calico?.stop();
  await etcd?.stop();
});

afterEach(async () => {
  expect((await calico.client.list("/")).entries).toEqual([]);
});

const rule = { action: "Allow", protocol: "TCP", source: { selector: "has(a)" }, destination: { ports: [80] } };
const policy = { tier: "shop", order: 10, selector: "has(b)", types: ["Ingress"], ingress: [rule] };
const withRule = (change: Properties): Properties => ({ ...policy, ingress: [{ ...rule, ...change }] });
const withPort = (port: unknown): Properties => withRule({ destination: { ports: [port] } });

function without(properties: Properties, key: string): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== key));
}

/** A preview refuses it for the property, and so does a deployment that comes without a preview. */
async function refused(kind: Kind, metadata: Properties, spec: unknown, property: string): Promise<void> {
  const { spec: _, ...others } = args(metadata, spec);
  const inputs = spec === undefined ? others : { ...others, spec };
  const { failures } = await (await calico.of(kind)).check(inputs);
  expect(failures.map((text) => text.split(" ")[0])).toEqual([property]);
  const { text } = await providerText(kind);
  const failure = await failureOf(unchecked.create({ ...inputs, __provider: text }));
  expect(failure.message).toContain(property);
}

type Case = readonly [claim: string, spec: unknown, property: string];

function policies(cases: readonly Case[]): void {
  test.each(cases)("%s", (_claim, spec, property) =>
    refused("calico.GlobalNetworkPolicy", { name: "shop.web" }, spec, property),
  );
}

test("the policy from which the cases depart is taken", async () => {
  const { failures } = await (await calico.of("calico.GlobalNetworkPolicy")).check(args({ name: "shop.web" }, policy));
  expect(failures).toEqual([]);
});

describe("a preview refuses what makes Felix deaf to a kind:", () => {
  policies([
    ["a number that JSON cannot hold", { ...policy, order: Number.NaN }, "spec.order"],
    ["port 65536", withPort(65536), "spec.ingress[0].destination.ports[0]"],
    ["the range 90:80", withPort("90:80"), "spec.ingress[0].destination.ports[0]"],
    ["an order as text", { ...policy, order: "10" }, "spec.order"],
  ]);
});

describe("a preview refuses what Felix treats as missing:", () => {
  policies([
    ["a selector with a single =", { ...policy, selector: "a = 'b'" }, "spec.selector"],
    ["a selector with a newline", { ...policy, selector: "a == 'b'\n" }, "spec.selector"],
    ["a selector with an unquoted value", { ...policy, selector: "a == b" }, "spec.selector"],
    ["such a selector of a rule", withRule({ source: { selector: "a = 'b'" } }), "spec.ingress[0].source.selector"],
    [
      "ports without protocol",
      { ...policy, ingress: [without(rule, "protocol")] },
      "spec.ingress[0].destination.ports",
    ],
  ]);

  test("a workload endpoint without addresses", () => {
    const spec = {
      node: "n",
      orchestrator: "lab",
      workload: "w",
      endpoint: "e",
      interfaceName: "cali1",
      ipNetworks: [],
    };
    return refused("calico.WorkloadEndpoint", { name: "n-lab-w-e", namespace: "default" }, spec, "spec.ipNetworks");
  });
});

describe("a preview refuses what Felix applies although Calico's own client refuses it:", () => {
  policies([
    ["protocol tcp", withRule({ protocol: "tcp" }), "spec.ingress[0].protocol"],
    ["a bare address", withRule({ source: { nets: ["198.18.0.1"] } }), "spec.ingress[0].source.nets[0]"],
    ["an unmasked network", withRule({ source: { nets: ["198.18.0.1/24"] } }), "spec.ingress[0].source.nets[0]"],
    [
      "networks of both families",
      withRule({ source: { nets: ["198.18.0.0/24", "2001:db8::/32"] } }),
      "spec.ingress[0].source.nets[1]",
    ],
    ["everything in notNets", withRule({ source: { notNets: ["0.0.0.0/0"] } }), "spec.ingress[0].source.notNets[0]"],
    ["action allow", withRule({ action: "allow" }), "spec.ingress[0].action"],
    ["types ingress", { ...policy, types: ["ingress"] }, "spec.types[0]"],
    ["an unknown field", { ...policy, selectr: "has(b)" }, "spec.selectr"],
    ["an unknown field of a rule", withRule({ port: 80 }), "spec.ingress[0].port"],
  ]);

  test("no spec, which would select everything", () =>
    refused("calico.GlobalNetworkPolicy", { name: "web" }, undefined, "spec"));

  test.each<[string, string, Properties]>([
    ["an upper-case name", "Shop.web", policy],
    ["a name of three parts", "shop.web.http", policy],
    ["a name without its tier, which Felix puts into tier default", "foo", { ...policy, tier: "app-shop" }],
    ["a name with a tier that the spec does not say", "web.allow", without(policy, "tier")],
  ])("%s", (_claim, name, spec) => refused("calico.GlobalNetworkPolicy", { name }, spec, "metadata.name"));
});

describe("a deployment refuses", () => {
  test.each(["GlobalNetworkPolicy", "NetworkPolicy"] as const)("a %s whose Tier is missing", async (kind) => {
    const metadata = { name: "shop.web", ...(kind === "NetworkPolicy" && { namespace: "default" }) };
    const failure = await failureOf((await calico.of(`calico.${kind}`)).create(args(metadata, policy)));
    expect(failure.message).toContain("refers to Tier shop, which does not exist");
  });
});

describe("a preview refuses what Felix uses in part, or not as written:", () => {
  test("a bad member of a network set", () =>
    refused("calico.GlobalNetworkSet", { name: "s" }, { nets: ["198.18.0.0/24", "198.18.0.0/99"] }, "spec.nets[1]"));

  test("a bad value of a FelixConfiguration", () =>
    refused("calico.FelixConfiguration", { name: "node.h1" }, { chainInsertMode: "Top" }, "spec.chainInsertMode"));

  test("a bad value of what a datastore asks of Felix", async () => {
    const inputs = { clusterType: "clocker", felix: { vxlanMTU: "big" } };
    const { failures } = await (await calico.of("calico.Datastore")).check(inputs);
    expect(failures.map((text) => text.split(" ")[0])).toEqual(["felix.vxlanMTU"]);
    const { text } = await providerText("calico.Datastore");
    const failure = await failureOf(unchecked.create({ ...inputs, __provider: text }));
    expect(failure.message).toContain("felix.vxlanMTU");
  });

  test("another order of a built-in tier", () =>
    refused("calico.Tier", { name: "default" }, { order: 5 }, "spec.order"));
});

test("no resource writes a ClusterInformation as it likes", async () => {
  await expect(providerText("calico.ClusterInformation" as Kind)).rejects.toThrow("has no provider for");
  const { text } = await providerText("calico.Tier");
  const inputs = args({ name: "default" }, { datastoreReady: false });
  const other = text.replaceAll("calico.Tier", "calico.ClusterInformation");
  const failure = await failureOf(unchecked.create({ ...inputs, __provider: other }));
  expect(failure.message).toContain("has no provider for calico.ClusterInformation");
});
