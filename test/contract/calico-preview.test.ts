import { describe, expect, test } from "vitest";
import type { Kind } from "../../providers/handlers";
import type { Properties } from "../../providers/runtime/handler";
import { UNKNOWN } from "../../providers/runtime/unknown";
import { args, type CalicoProvider, unique, useCalico } from "./support/calico";
import type { EtcdServer } from "./support/etcd-server";
import { providerText } from "./support/provider-text";

const RESOURCES = "/calico/resources/v3/projectcalico.org/";

let etcd: EtcdServer;
let calico: CalicoProvider;

useCalico((started) => {
  ({ etcd, calico } = started);
});

test.each<Kind>([
  "calico.BGPConfiguration",
  "calico.BGPFilter",
  "calico.BGPPeer",
  "calico.Datastore",
  "calico.FelixConfiguration",
  "calico.GlobalNetworkPolicy",
  "calico.GlobalNetworkSet",
  "calico.HostEndpoint",
  "calico.IPPool",
  "calico.IPReservation",
  "calico.NetworkPolicy",
  "calico.NetworkSet",
  "calico.Node",
  "calico.Profile",
  "calico.Tier",
  "calico.WorkloadEndpoint",
])("the provider's text in the state of %s is that of every other kind", async (kind) => {
  const [stored, other] = [await providerText(kind), await providerText("marathon.App")];
  expect(stored.type).toBe(`pulumi-nodejs:dynamic/${kind.replace(".", ":")}`);
  expect(stored.text.replace(kind, "KIND")).toBe(other.text.replace("marathon.App", "KIND"));
});

describe("a refresh", () => {
  test("sees what others changed, and an update undoes it", async () => {
    const name = unique("drift");
    const set = await calico.of("calico.GlobalNetworkSet");
    const wanted = args({ name, labels: { role: "web" } }, { nets: ["198.18.9.1"] });
    const made = await set.create(wanted);
    await calico.edit(`globalnetworksets/${name}`, (value) => ({
      ...value,
      metadata: { ...(value["metadata"] as object), labels: { role: "db" } },
      spec: { nets: ["198.18.9.1", "198.18.9.2"] },
    }));
    const seen = await set.refresh(made);
    expect(seen?.inputs).toMatchObject({
      metadata: { name, labels: { role: "db" } },
      spec: { nets: ["198.18.9.1", "198.18.9.2"] },
    });
    if (!seen) throw new Error("gone");
    expect(await set.diff(seen, wanted)).toEqual({ changes: true, replaces: [] });
    await set.update(seen, wanted);
    expect(await calico.stored(`globalnetworksets/${name}`)).toMatchObject({
      metadata: { labels: { role: "web" } },
      spec: { nets: ["198.18.9.1"] },
    });
  });

  test("takes a resource that somebody deleted and made anew for gone; a destroy leaves it", async () => {
    const name = unique("swapped");
    const set = await calico.of("calico.GlobalNetworkSet");
    const made = await set.create(args({ name }, { nets: ["198.18.9.1"] }));
    await calico.edit(`globalnetworksets/${name}`, () => ({ metadata: { name, uid: "theirs" }, spec: {} }));
    expect(await set.refresh(made)).toBeUndefined();
    await set.delete(made);
    expect(await calico.stored(`globalnetworksets/${name}`)).toBeDefined();
    expect(calico.output).toContain(`GlobalNetworkSet ${name} is used or kept by others and stays`);
  });

  test("makes it again in the next update if it is gone", async () => {
    const name = unique("gone");
    const set = await calico.of("calico.GlobalNetworkSet");
    const wanted = args({ name }, { nets: ["198.18.9.1"] });
    const made = await set.create(wanted);
    await etcd.ctl("del", `${RESOURCES}globalnetworksets/${name}`);
    expect(await set.refresh(made)).toBeUndefined();
    await set.update(made, wanted);
    expect(await calico.stored(`globalnetworksets/${name}`)).toBeDefined();
  });
});

describe("a preview", () => {
  test("replaces what has another name, namespace or range, and nothing else", async () => {
    const set = await calico.of("calico.NetworkSet");
    const made = await set.create(args({ name: "a", namespace: "one" }, { nets: [] }));
    expect((await set.diff(made, args({ name: "b", namespace: "one" }, { nets: [] }))).replaces).toEqual([
      "metadata.name",
    ]);
    expect((await set.diff(made, args({ name: "a", namespace: "two" }, { nets: [] }))).replaces).toEqual([
      "metadata.namespace",
    ]);
    const pool = await calico.of("calico.IPPool");
    const range = await pool.create(args({ name: "range" }, { cidr: "198.18.4.0/24" }));
    expect(await pool.diff(range, args({ name: "range" }, { cidr: "198.18.4.0/24", blockSize: 26 }))).toEqual({
      changes: false,
      replaces: [],
    });
    expect((await pool.diff(range, args({ name: "range" }, { cidr: "198.18.5.0/24" }))).replaces).toEqual([
      "spec.cidr",
    ]);
    expect(
      (await pool.diff(range, args({ name: "range" }, { cidr: "198.18.4.0/24", blockSize: 28 }))).replaces,
    ).toEqual(["spec.blockSize"]);
    expect(await pool.diff(range, args({ name: "range" }, { cidr: "198.18.4.0/24", natOutgoing: true }))).toEqual({
      changes: true,
      replaces: [],
    });
  });

  test("takes unknown values for changes and checks all others", async () => {
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    const rule = (port: unknown, nets: unknown) => ({
      action: "Allow",
      protocol: "TCP",
      source: { nets },
      destination: { ports: [port] },
    });
    const of = (ingress: unknown) => args({ name: "shop.web" }, { tier: "shop", selector: "all()", ingress });
    expect((await policy.check(of([rule(UNKNOWN, [UNKNOWN])]))).failures).toEqual([]);
    expect((await policy.check(of(UNKNOWN))).failures).toEqual([]);
    expect((await policy.check({ ...of([]), metadata: UNKNOWN, spec: UNKNOWN })).failures).toEqual([]);
    const { failures } = await policy.check(of([rule(UNKNOWN, ["198.18.0.1"]), rule(70000, [UNKNOWN])]));
    expect(failures.map((text) => text.split(" ")[0])).toEqual([
      "spec.ingress[0].source.nets[0]",
      "spec.ingress[1].destination.ports[0]",
    ]);
    const set = await calico.of("calico.GlobalNetworkSet");
    const made = await set.create(args({ name: unique("unknown") }, { nets: [] }));
    const name = (made.inputs["metadata"] as { name: string }).name;
    expect(await set.diff(made, args({ name }, { nets: [UNKNOWN] }))).toEqual({ changes: true, replaces: [] });
    expect(await set.diff(made, args({ name }, UNKNOWN as never))).toEqual({ changes: true, replaces: [] });
    expect((await set.diff(made, args({ name: UNKNOWN }, { nets: [] }))).replaces).toEqual(["metadata.name"]);
  });

  test.each<[string, Properties, string]>([
    ["GlobalNetworkSet", { metadata: {}, spec: {} }, "metadata.name"],
    ["GlobalNetworkSet", { metadata: { name: "a", namespace: "b" }, spec: {} }, "metadata.namespace"],
    ["NetworkSet", { metadata: { name: "a" }, spec: {} }, "metadata.namespace"],
    ["GlobalNetworkSet", { metadata: { name: "a", uid: "x" }, spec: {} }, "metadata.uid"],
    ["GlobalNetworkSet", { metadata: { name: "a", annotations: { "clocker.owner": "x" } }, spec: {} }, "metadata"],
    ["GlobalNetworkPolicy", { metadata: { name: "b" } }, "spec"],
    [
      "GlobalNetworkPolicy",
      { metadata: { name: "a.b" }, spec: { tier: "a", selector: "role = 'web'" } },
      "spec.selector",
    ],
    ["IPPool", { metadata: { name: "a" }, spec: { cidr: "198.18.0.1/24" } }, "spec.cidr"],
    ["Tier", { metadata: { name: "a" }, spec: { order: "10" } }, "spec.order"],
  ])("refuses a %s with %j at %s", async (kind, inputs, property) => {
    const { failures } = await (await calico.of(`calico.${kind}` as never)).check({ owner: "a/b/c", ...inputs });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(new RegExp(`^${property}\\b`));
  });
});
