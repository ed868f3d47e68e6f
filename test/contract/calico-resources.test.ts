import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { args, CalicoProvider, failureOf, unique } from "./support/calico";
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
    const value = await calico.stored(key);
    expect(value).toMatchObject({ kind, apiVersion: "projectcalico.org/v3", metadata, spec });
    const { uid, creationTimestamp } = (await calico.metadataOf(key)) as { uid: string; creationTimestamp: string };
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
    expect(await calico.stored(key)).toBeUndefined();
    expect(await resource.refresh(made)).toBeUndefined();
    await resource.delete(made);
  });

  test("is a policy under its tier's name, with the name as given and the tier for Calico's clients", async () => {
    const name = await tier();
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    const made = await policy.create(
      args({ name: `${name}.web` }, { tier: name, selector: "role == 'web'", ingress: [{ action: "Allow" }] }),
    );
    expect(await calico.stored(`globalnetworkpolicies/${name}.web`)).toMatchObject({
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
    expect(await calico.stored(`networkpolicies/default/${name}.web`)).toBeDefined();
    await policy.delete(made);
    expect(await calico.stored(`networkpolicies/default/${name}.web`)).toBeDefined();
  });

  test("of somebody else is not taken over unasked, and stays as it is", async () => {
    await calico.edit("globalnetworksets/theirs", () => ({
      metadata: { name: "theirs" },
      spec: { nets: ["198.18.9.9"] },
    }));
    const before = await calico.client.get(`${RESOURCES}globalnetworksets/theirs`);
    const set = await calico.of("calico.GlobalNetworkSet");
    const wanted = args({ name: "theirs" }, { nets: ["198.18.9.1"] });
    const failure = await failureOf(set.create(wanted));
    expect(failure.message).toBe(
      "GlobalNetworkSet theirs exists and was not made by Clocker; choose another name, delete it with calicoctl, or set adopt to take it over",
    );
    expect(await calico.client.get(`${RESOURCES}globalnetworksets/theirs`)).toEqual(before);

    const made = await set.create({ ...wanted, adopt: true });
    expect(await calico.stored("globalnetworksets/theirs")).toMatchObject({ spec: { nets: ["198.18.9.1"] } });
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
    expect(await calico.stored(`globalnetworksets/${name}`)).toMatchObject({ spec: { nets: ["198.18.9.2"] } });
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
    expect(await calico.stored(`globalnetworksets/${name}`)).toMatchObject({ spec: winners[0]?.inputs["spec"] });
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason.message).toContain(`GlobalNetworkSet ${name} exists`);
    }
  });

  test("keeps its identity and what others added to it when it is updated", async () => {
    const name = unique("kept");
    const set = await calico.of("calico.GlobalNetworkSet");
    const made = await set.create(args({ name, labels: { role: "web", old: "x" } }, { nets: ["198.18.9.1"] }));
    await calico.edit(`globalnetworksets/${name}`, (value) => {
      const metadata = value["metadata"] as { labels: object; annotations: object };
      metadata.labels = { ...metadata.labels, theirs: "y" };
      metadata.annotations = { ...metadata.annotations, "example.org/note": "z" };
      return { ...value, spec: { ...(value["spec"] as object), future: 1 }, status: { seen: true } };
    });
    const before = await calico.metadataOf(`globalnetworksets/${name}`);
    await set.update(made, args({ name, labels: { role: "db" } }, { nets: ["198.18.9.2"] }));
    expect(await calico.stored(`globalnetworksets/${name}`)).toEqual({
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
    const { labels } = await calico.metadataOf(`globalnetworksets/${name}`);
    expect(Object.keys(labels as object)).toHaveLength(40);
  });

  test("is not written over a newer revision", async () => {
    const reference = { kind: "GlobalNetworkSet", name: unique("stale") } as const;
    const set = await calico.of("calico.GlobalNetworkSet");
    await set.create(args({ name: reference.name }, { nets: ["198.18.9.1"] }));
    const key = `${RESOURCES}globalnetworksets/${reference.name}`;
    const found = await calico.store.read(reference);
    expect(found?.resourceVersion).toBe((await calico.client.get(key))?.revision);
    await calico.edit(`globalnetworksets/${reference.name}`, (value) => ({ ...value, spec: { nets: [] } }));
    const stale = [{ key, revision: found?.resourceVersion ?? "" }];
    expect((await calico.client.commit(stale, [{ put: key, value: {} }])).succeeded).toBe(false);
    expect(await calico.stored(`globalnetworksets/${reference.name}`)).toMatchObject({ spec: { nets: [] } });
    const endless = calico.store.change(reference, async (live) => {
      await calico.edit(`globalnetworksets/${reference.name}`, (value) => ({ ...value, other: Math.random() }));
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
      await calico.edit(`globalnetworksets/${name}`, () => value);
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
    expect(await calico.metadataOf(`globalnetworksets/${name}`)).toMatchObject({ uid: made.outs["uid"] });
    proxy.fail("POST /v3/kv/txn", 503, 1);
    await set.update(made, args({ name }, { nets: ["198.18.9.2"] }));
    expect(await calico.stored(`globalnetworksets/${name}`)).toMatchObject({ spec: { nets: ["198.18.9.2"] } });
    proxy.fail("POST /v3/kv/txn", 503, 1, { afterwards: true });
    await set.delete(made);
    expect(await calico.stored(`globalnetworksets/${name}`)).toBeUndefined();
  });
});
