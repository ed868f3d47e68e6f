import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { UNKNOWN } from "../../providers/runtime/unknown";
import { CalicoProvider, failureOf } from "./support/calico";
import { EtcdServer } from "./support/etcd-server";
import { FaultyProxy } from "./support/faulty-proxy";

const RESOURCES = "/calico/resources/v3/projectcalico.org/";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let etcd: EtcdServer;
let proxy: FaultyProxy;
let calico: CalicoProvider;

beforeAll(async () => {
  etcd = await EtcdServer.start();
  proxy = await FaultyProxy.start(etcd.endpoint);
  calico = await CalicoProvider.start({ endpoints: [proxy.url] }, { endpoints: [etcd.endpoint] });
});

afterAll(async () => {
  await calico.stop();
  await proxy.stop();
  await etcd.stop();
});

beforeEach(() => proxy.reset());

/** Inputs of one resource. */
function args(metadata: Properties, spec: Properties, more: Properties = {}): Properties {
  return { metadata, spec, owner: `shop/test/${metadata["name"]}`, ...more };
}

/** Metadata of what a key holds; empty if there is nothing. */
async function metadataOf(key: string): Promise<Properties> {
  return ((await stored(key))?.["metadata"] ?? {}) as Properties;
}

async function stored(key: string): Promise<Properties | undefined> {
  return (await calico.client.get(RESOURCES + key))?.value as Properties | undefined;
}

/** Somebody else writes a key, whatever it holds. */
async function edit(key: string, change: (value: Properties) => unknown): Promise<void> {
  await calico.client.commit([], [{ put: RESOURCES + key, value: change((await stored(key)) ?? {}) }]);
}

let count = 0;
function unique(base: string): string {
  return `${base}-${++count}`;
}

async function tier(name = unique("tier")): Promise<string> {
  await (await calico.of("calico.Tier")).create(args({ name }, { order: 100, defaultAction: "Deny" }));
  return name;
}

describe("a resource in etcd", () => {
  test.each<[string, string, Properties, Properties]>([
    ["BGPConfiguration", "bgpconfigurations/node.h1", { name: "node.h1" }, { logSeverityScreen: "Info" }],
    ["BGPFilter", "bgpfilters/f1", { name: "f1" }, { exportV4: [{ action: "Reject" }] }],
    ["BGPPeer", "bgppeers/p1", { name: "p1" }, { peerIP: "198.18.0.1", asNumber: 64512 }],
    ["FelixConfiguration", "felixconfigurations/node.h1", { name: "node.h1" }, { vxlanMTU: 1400 }],
    ["GlobalNetworkSet", "globalnetworksets/s1", { name: "s1", labels: { role: "web" } }, { nets: ["198.18.0.1"] }],
    ["HostEndpoint", "hostendpoints/h1-eth0", { name: "h1-eth0" }, { node: "h1", interfaceName: "eth0" }],
    ["IPPool", "ippools/shape", { name: "shape" }, { cidr: "198.18.0.0/24" }],
    ["IPReservation", "ipreservations/r1", { name: "r1" }, { reservedCIDRs: ["198.18.0.5"] }],
    ["NetworkSet", "networksets/web/s1", { name: "s1", namespace: "web" }, { nets: ["198.18.0.0/30"] }],
    ["Node", "nodes/h1", { name: "h1" }, { bgp: { ipv4Address: "198.18.250.1/24" } }],
    ["Profile", "profiles/open", { name: "open" }, { ingress: [{ action: "Allow" }] }],
    ["Tier", "tiers/shape", { name: "shape" }, { order: 10, defaultAction: "Pass" }],
    [
      "WorkloadEndpoint",
      "workloadendpoints/default/h1-lab-w-eth0",
      { name: "h1-lab-w-eth0", namespace: "default" },
      {
        node: "h1",
        orchestrator: "lab",
        workload: "w",
        endpoint: "eth0",
        interfaceName: "cali1",
        ipNetworks: ["198.18.0.9/32"],
      },
    ],
  ])("of kind %s has the key %s and Calico's shape", async (kind, key, metadata, spec) => {
    const resource = await calico.of(`calico.${kind}` as never);
    const before = Date.now() - 1000;
    const made = await resource.create(args(metadata, spec));
    const value = await stored(key);
    expect(value).toMatchObject({ kind, apiVersion: "projectcalico.org/v3", metadata, spec });
    const { uid, creationTimestamp } = (await metadataOf(key)) as { uid: string; creationTimestamp: string };
    expect(uid).toMatch(UUID);
    expect(made.outs["uid"]).toBe(uid);
    expect(creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(creationTimestamp)).toBeGreaterThan(before);
    expect(JSON.stringify(value)).not.toMatch(/resourceVersion|selfLink/);

    expect(await resource.diff(made, args(metadata, spec))).toEqual({ changes: false, replaces: [] });
    const seen = await resource.refresh(made);
    expect(seen?.outs).toEqual(made.outs);
    expect(seen?.inputs).toEqual(expect.objectContaining({ metadata, spec }));

    await resource.delete(made);
    expect(await stored(key)).toBeUndefined();
    expect(await resource.refresh(made)).toBeUndefined();
    await resource.delete(made);
  });

  test("is a policy under its tier's name, with the name as given and the tier for Calico's clients", async () => {
    const name = await tier();
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    const made = await policy.create(
      args({ name: `${name}.web` }, { tier: name, selector: "role == 'web'", ingress: [{ action: "Allow" }] }),
    );
    expect(await stored(`globalnetworkpolicies/${name}.web`)).toMatchObject({
      metadata: {
        name: `${name}.web`,
        labels: { "projectcalico.org/tier": name },
        annotations: { "projectcalico.org/metadata": JSON.stringify({ name: `${name}.web` }) },
      },
    });
    expect((await policy.refresh(made))?.inputs).toEqual(
      expect.objectContaining({ metadata: { name: `${name}.web` } }),
    );
    const local = await calico.of("calico.NetworkPolicy");
    await local.create(args({ name: `${name}.web`, namespace: "default" }, { tier: name, selector: "all()" }));
    expect(await stored(`networkpolicies/default/${name}.web`)).toBeDefined();
    await policy.delete(made);
    expect(await stored(`networkpolicies/default/${name}.web`)).toBeDefined();
  });

  test("of somebody else is not taken over unasked, and stays as it is", async () => {
    await edit("globalnetworksets/theirs", () => ({ metadata: { name: "theirs" }, spec: { nets: ["198.18.9.9"] } }));
    const before = await calico.client.get(`${RESOURCES}globalnetworksets/theirs`);
    const set = await calico.of("calico.GlobalNetworkSet");
    const wanted = args({ name: "theirs" }, { nets: ["198.18.9.1"] });
    const failure = await failureOf(set.create(wanted));
    expect(failure.message).toBe(
      "GlobalNetworkSet theirs exists and was not made by Clocker; choose another name, delete it with calicoctl, or set adopt to take it over",
    );
    expect(await calico.client.get(`${RESOURCES}globalnetworksets/theirs`)).toEqual(before);

    const made = await set.create({ ...wanted, adopt: true });
    expect(await stored("globalnetworksets/theirs")).toMatchObject({ spec: { nets: ["198.18.9.1"] } });
    const other = await failureOf(set.create({ ...wanted, owner: "other/stack/theirs" }));
    expect(other.message).toContain("belongs to shop/test/theirs;");
    await set.delete(made);
  });

  test("that an interrupted run of ours made is taken for the new one", async () => {
    const name = unique("again");
    const set = await calico.of("calico.GlobalNetworkSet");
    const first = await set.create(args({ name }, { nets: ["198.18.9.1"] }));
    const second = await set.create(args({ name }, { nets: ["198.18.9.2"] }));
    expect(second.outs["uid"]).toBe(first.outs["uid"]);
    expect(await stored(`globalnetworksets/${name}`)).toMatchObject({ spec: { nets: ["198.18.9.2"] } });
  });

  test("is made by exactly one of many that try at once", async () => {
    const name = unique("race");
    const set = await calico.of("calico.GlobalNetworkSet");
    const tries = Array.from({ length: 8 }, (_, index) =>
      set.create({ ...args({ name }, { nets: [`198.18.8.${index}`] }), owner: `shop/${index}/set` }),
    );
    const results = await Promise.allSettled(tries);
    const winners = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(winners).toHaveLength(1);
    expect(await stored(`globalnetworksets/${name}`)).toMatchObject({ spec: winners[0]?.inputs["spec"] });
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason.message).toContain(`GlobalNetworkSet ${name} exists`);
    }
  });

  test("keeps its identity and what others added to it when it is updated", async () => {
    const name = unique("kept");
    const set = await calico.of("calico.GlobalNetworkSet");
    const made = await set.create(args({ name, labels: { role: "web", old: "x" } }, { nets: ["198.18.9.1"] }));
    await edit(`globalnetworksets/${name}`, (value) => {
      const metadata = value["metadata"] as { labels: object; annotations: object };
      metadata.labels = { ...metadata.labels, theirs: "y" };
      metadata.annotations = { ...metadata.annotations, "example.org/note": "z" };
      return { ...value, spec: { ...(value["spec"] as object), future: 1 }, status: { seen: true } };
    });
    const before = await metadataOf(`globalnetworksets/${name}`);
    await set.update(made, args({ name, labels: { role: "db" } }, { nets: ["198.18.9.2"] }));
    expect(await stored(`globalnetworksets/${name}`)).toEqual({
      kind: "GlobalNetworkSet",
      apiVersion: "projectcalico.org/v3",
      metadata: {
        ...before,
        labels: { role: "db", theirs: "y" },
        annotations: { "clocker.owner": `shop/test/${name}`, "example.org/note": "z" },
      },
      spec: { nets: ["198.18.9.2"], future: 1 },
      status: { seen: true },
    });
  });

  test("is written on fresh data when another was faster", async () => {
    const name = unique("busy");
    const set = await calico.of("calico.GlobalNetworkSet");
    const made = await set.create(args({ name }, { nets: ["198.18.9.1"] }));
    let over = false;
    const other = (async () => {
      for (let index = 0; index < 40; index++) {
        await calico.store.change({ kind: "GlobalNetworkSet", name }, (live) => {
          if (!live) throw new Error("gone");
          const labels = { ...live.resource.metadata.labels, [`l${index}`]: "x" };
          return { put: { ...live.resource, metadata: { ...live.resource.metadata, labels } } };
        });
      }
      over = true;
    })();
    for (let index = 2; !over; index++) await set.update(made, args({ name }, { nets: [`198.18.9.${index % 250}`] }));
    await other;
    const { labels } = await metadataOf(`globalnetworksets/${name}`);
    expect(Object.keys(labels as object)).toHaveLength(40);
  });

  test("is not written over a newer revision", async () => {
    const reference = { kind: "GlobalNetworkSet", name: unique("stale") } as const;
    const set = await calico.of("calico.GlobalNetworkSet");
    await set.create(args({ name: reference.name }, { nets: ["198.18.9.1"] }));
    const key = `${RESOURCES}globalnetworksets/${reference.name}`;
    const found = await calico.store.read(reference);
    expect(found?.resourceVersion).toBe((await calico.client.get(key))?.revision);
    await edit(`globalnetworksets/${reference.name}`, (value) => ({ ...value, spec: { nets: [] } }));
    const stale = [{ key, revision: found?.resourceVersion ?? "" }];
    expect((await calico.client.commit(stale, [{ put: key, value: {} }])).succeeded).toBe(false);
    expect(await stored(`globalnetworksets/${reference.name}`)).toMatchObject({ spec: { nets: [] } });
    const endless = calico.store.change(reference, async (live) => {
      await edit(`globalnetworksets/${reference.name}`, (value) => ({ ...value, other: Math.random() }));
      return live && { put: live.resource };
    });
    await expect(endless).rejects.toThrow(/changed 12 times while it was being changed here/);
  });

  test("is read with unknown fields, without uid, and empty", async () => {
    const set = await calico.of("calico.GlobalNetworkSet");
    for (const [name, value] of Object.entries({
      strange: { metadata: { name: "strange", extra: 1 }, spec: { nets: [], extra: [] }, extra: {} },
      bare: { kind: "GlobalNetworkSet" },
      nothing: {},
    })) {
      await edit(`globalnetworksets/${name}`, () => value);
      const made = await set.create(args({ name }, { nets: ["198.18.9.1"] }, { adopt: true }));
      expect(made.outs["uid"]).toMatch(UUID);
      expect((await set.refresh(made))?.outs).toEqual(made.outs);
    }
    const found = await calico.store.read({ kind: "GlobalNetworkSet", name: "strange" });
    expect(found?.resource).toMatchObject({ metadata: { extra: 1 }, extra: {} });
  });

  test("is named with what to do where the key holds no JSON", async () => {
    await etcd.ctl("put", `${RESOURCES}globalnetworksets/broken`, "{");
    const set = await calico.of("calico.GlobalNetworkSet");
    const failure = await failureOf(set.create(args({ name: "broken" }, { nets: [] }, { adopt: true })));
    expect(failure.message).toContain(`${RESOURCES}globalnetworksets/broken holds no GlobalNetworkSet: "{"`);
    expect((await calico.store.list("GlobalNetworkSet")).items.map(({ reference }) => reference.name)).not.toContain(
      "broken",
    );
    await etcd.ctl("del", `${RESOURCES}globalnetworksets/broken`);
  });

  test("exists once although the answers to its writes are lost", async () => {
    const name = unique("lost");
    const set = await calico.of("calico.GlobalNetworkSet");
    proxy.fail("POST /v3/kv/txn", 503, 1, { afterwards: true });
    const made = await set.create(args({ name }, { nets: ["198.18.9.1"] }));
    expect(await metadataOf(`globalnetworksets/${name}`)).toMatchObject({ uid: made.outs["uid"] });
    proxy.fail("POST /v3/kv/txn", 503, 1);
    await set.update(made, args({ name }, { nets: ["198.18.9.2"] }));
    expect(await stored(`globalnetworksets/${name}`)).toMatchObject({ spec: { nets: ["198.18.9.2"] } });
    proxy.fail("POST /v3/kv/txn", 503, 1, { afterwards: true });
    await set.delete(made);
    expect(await stored(`globalnetworksets/${name}`)).toBeUndefined();
  });
});

describe("a refresh", () => {
  test("sees what others changed, and an update undoes it", async () => {
    const name = unique("drift");
    const set = await calico.of("calico.GlobalNetworkSet");
    const wanted = args({ name, labels: { role: "web" } }, { nets: ["198.18.9.1"] });
    const made = await set.create(wanted);
    await edit(`globalnetworksets/${name}`, (value) => ({
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
    expect(await stored(`globalnetworksets/${name}`)).toMatchObject({
      metadata: { labels: { role: "web" } },
      spec: { nets: ["198.18.9.1"] },
    });
  });

  test("takes a resource that somebody deleted and made anew for gone; a destroy leaves it", async () => {
    const name = unique("swapped");
    const set = await calico.of("calico.GlobalNetworkSet");
    const made = await set.create(args({ name }, { nets: ["198.18.9.1"] }));
    await edit(`globalnetworksets/${name}`, () => ({ metadata: { name, uid: "theirs" }, spec: {} }));
    expect(await set.refresh(made)).toBeUndefined();
    await set.delete(made);
    expect(await stored(`globalnetworksets/${name}`)).toBeDefined();
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
    expect(await stored(`globalnetworksets/${name}`)).toBeDefined();
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
