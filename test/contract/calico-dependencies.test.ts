import { beforeEach, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { type CalicoProvider, failureOf, useCalico } from "./support/calico";
import type { EtcdServer } from "./support/etcd-server";

const RESOURCES = "/calico/resources/v3/projectcalico.org/";
const BLOCKS = "/calico/ipam/v2/assignment/ipv4/block/";

let etcd: EtcdServer;
let calico: CalicoProvider;

useCalico((started) => {
  ({ etcd, calico } = started);
});

beforeEach(() => etcd.ctl("del", "--prefix", "/"));

function args(name: string, spec: Properties, more: Properties = {}): Properties {
  return { metadata: { name }, spec, owner: `shop/test/${name}`, ...more };
}

async function put(key: string, value: unknown): Promise<void> {
  await calico.client.commit([], [{ put: key, value }]);
}

async function keys(): Promise<string[]> {
  return (await calico.client.list("/calico/")).entries.map(({ key }) => key);
}

/** A block of 4 addresses as Calico's IPAM keeps it, and its node's affinity. */
async function block(cidr: string, used: Record<number, string> = {}, node = "h1"): Promise<void> {
  const handles = Object.values(used);
  const allocations = [0, 1, 2, 3].map((ordinal) => {
    const handle = used[ordinal];
    return handle === undefined ? null : handles.indexOf(handle);
  });
  await put(BLOCKS + cidr.replace("/", "-"), {
    cidr,
    affinity: `host:${node}`,
    allocations,
    unallocated: [0, 1, 2, 3].filter((ordinal) => used[ordinal] === undefined),
    attributes: handles.map((handle_id) => ({ handle_id, secondary: {} })),
  });
  await put(`/calico/ipam/v2/host/${node}/ipv4/block/${cidr.replace("/", "-")}`, { state: "confirmed" });
}

describe("a policy", () => {
  test.each(["GlobalNetworkPolicy", "NetworkPolicy"] as const)(
    "of kind %s is refused without its tier",
    async (kind) => {
      const policy = await calico.of(`calico.${kind}`);
      const metadata = { name: "shop.web", ...(kind === "NetworkPolicy" && { namespace: "default" }) };
      const failure = await failureOf(policy.create({ ...args("", { tier: "shop" }), metadata }));
      expect(failure.message).toContain("web refers to Tier shop, which does not exist; make that first");
      expect(await keys()).toEqual([]);
      const tier = await calico.of("calico.Tier");
      await tier.create(args("shop", { order: 100 }));
      await policy.create({ ...args("", { tier: "shop" }), metadata });
    },
  );

  test("holds its tier until it is gone, and only its own", async () => {
    const tier = await calico.of("calico.Tier");
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    const shop = await tier.create(args("shop", { order: 100 }));
    const other = await tier.create(args("shop-two", { order: 101 }));
    const web = await policy.create(args("shop.web", { tier: "shop" }));
    await tier.delete(other);
    const failure = await failureOf(tier.delete(shop));
    expect(failure.message).toMatch(
      /^Tier shop holds 1 policies: globalnetworkpolicies\/shop\.web\. Delete them first/,
    );
    await policy.delete(web);
    await put(`${RESOURCES}stagednetworkpolicies/default/shop.later`, {});
    expect((await failureOf(tier.delete(shop))).message).toContain("stagednetworkpolicies/default/shop.later");
    await etcd.ctl("del", `${RESOURCES}stagednetworkpolicies/default/shop.later`);
    await tier.delete(shop);
    expect(await keys()).toEqual([]);
  });

  test("made while its tier is deleted is never left without it", async () => {
    const tier = await calico.of("calico.Tier");
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    for (let round = 0; round < 10; round++) {
      const shop = await tier.create(args("shop", { order: 100 }));
      const results = await Promise.allSettled([tier.delete(shop), policy.create(args("shop.web", { tier: "shop" }))]);
      const left = await keys();
      expect(left.filter((key) => key.endsWith("shop.web")).length).toBeLessThanOrEqual(
        left.filter((key) => key.endsWith("tiers/shop")).length,
      );
      expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
      await etcd.ctl("del", "--prefix", "/calico/");
    }
  });

  test("in the default tier is stored under that tier, with its own name for Calico's clients", async () => {
    await (await calico.of("calico.Datastore")).create({});
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    const made = await policy.create(args("open", { selector: "all()" }));
    expect((await calico.client.get(`${RESOURCES}globalnetworkpolicies/default.open`))?.value).toMatchObject({
      metadata: { name: "default.open", annotations: { "projectcalico.org/metadata": '{"name":"open"}' } },
    });
    expect((await policy.refresh(made))?.outs).toEqual(made.outs);
    await policy.delete(made);
    expect(await calico.client.get(`${RESOURCES}globalnetworkpolicies/default.open`)).toBeUndefined();
  });

  test("in the default tier of a datastore of 3.32 is refused unless its key is the same in all versions", async () => {
    await put(`${RESOURCES}clusterinformations/default`, { spec: { calicoVersion: "v3.32.1", datastoreReady: true } });
    await (await calico.of("calico.Datastore")).create({});
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    const failure = await failureOf(policy.create(args("open", { selector: "all()" })));
    expect(failure.message).toContain("name it default.open");
    expect((await keys()).filter((key) => key.includes("policies"))).toEqual([]);
    await policy.create(args("default.open", { selector: "all()" }));
    expect((await calico.client.get(`${RESOURCES}globalnetworkpolicies/default.open`))?.value).toMatchObject({
      metadata: { annotations: { "projectcalico.org/metadata": '{"name":"default.open"}' } },
    });
  });

  test("names a built-in tier that is not to be deleted", async () => {
    await (await calico.of("calico.Datastore")).create({});
    const tier = await calico.of("calico.Tier");
    const adopted = await tier.create(args("default", { order: 1000000 }, { adopt: true }));
    expect((await failureOf(tier.delete(adopted))).message).toMatch(/^Tier default is one of Calico's own/);
  });
});

test("a BGP peer is refused without its filters", async () => {
  const peer = await calico.of("calico.BGPPeer");
  const wanted = args("p", { peerIP: "198.18.0.1", asNumber: 64513, filters: ["none-in"] });
  expect((await failureOf(peer.create(wanted))).message).toContain("refers to BGPFilter none-in, which does not exist");
  await (await calico.of("calico.BGPFilter")).create(args("none-in", { importV4: [{ action: "Reject" }] }));
  await peer.create(wanted);
});

describe("a pool", () => {
  test("is refused where it overlaps another, be it disabled", async () => {
    const pool = await calico.of("calico.IPPool");
    await pool.create(args("a", { cidr: "198.18.0.0/24", disabled: true }));
    const failure = await failureOf(pool.create(args("b", { cidr: "198.18.0.128/25" })));
    expect(failure.message).toBe(
      "IPPool b with 198.18.0.128/25 overlaps a (198.18.0.0/24): pools must not overlap, also disabled ones. Choose another range",
    );
    await pool.create(args("b", { cidr: "198.18.1.0/24" }));
  });

  test("is refused where blocks of another size are left", async () => {
    await block("198.18.0.0/30");
    const pool = await calico.of("calico.IPPool");
    const failure = await failureOf(pool.create(args("a", { cidr: "198.18.0.0/24", blockSize: 28 })));
    expect(failure.message).toContain("has blockSize 28, but block 198.18.0.0/30 of a former pool is still there");
    await pool.create(args("a", { cidr: "198.18.0.0/24", blockSize: 30 }));
  });

  test("of many that ask for overlapping ranges at once is made once", async () => {
    const pool = await calico.of("calico.IPPool");
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => pool.create(args(`p${index}`, { cidr: `198.18.0.0/${20 + index}` }))),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await keys()).toHaveLength(1);
  });

  test("of each of many that are asked for at once is made where they do not overlap", async () => {
    const pool = await calico.of("calico.IPPool");
    const all = Array.from({ length: 40 }, (_, index) =>
      pool.create(args(`p${index}`, { cidr: `198.18.${index}.0/24` })),
    );
    await Promise.all(all);
    expect(await keys()).toHaveLength(40);
  });

  test("that is taken over must have the same range", async () => {
    await put(`${RESOURCES}ippools/theirs`, {
      metadata: { name: "theirs", annotations: { "org.projectcalico.label.network.ID": "n1" } },
      spec: { cidr: "198.18.0.0/24", blockSize: 26, natOutgoing: true },
    });
    const pool = await calico.of("calico.IPPool");
    const other = args("theirs", { cidr: "198.18.0.0/25" }, { adopt: true });
    expect((await failureOf(pool.create(other))).message).toContain("has cidr 198.18.0.0/24, which cannot become");
    const wanted = args("theirs", { cidr: "198.18.0.0/24", vxlanMode: "Always" }, { adopt: true });
    const made = await pool.create(wanted);
    expect(await pool.diff(made, wanted)).toEqual({ changes: false, replaces: [] });
    const value = (await calico.client.get(`${RESOURCES}ippools/theirs`))?.value as { spec: Properties };
    expect(value).toMatchObject({
      metadata: { annotations: { "org.projectcalico.label.network.ID": "n1" } },
      spec: { vxlanMode: "Always" },
    });
    expect(value.spec).not.toHaveProperty("natOutgoing");
  });

  test("with addresses in use stays as it is, and says which", async () => {
    const pool = await calico.of("calico.IPPool");
    const made = await pool.create(args("shop", { cidr: "198.18.0.0/24", blockSize: 30 }));
    await block("198.18.0.4/30", { 0: "clocker-web", 2: "clocker-db" });
    const before = await calico.client.get(`${RESOURCES}ippools/shop`);
    expect((await failureOf(pool.delete(made))).message).toBe(
      "IPPool shop has 2 addresses in use: 198.18.0.4 (node h1, handle clocker-web), 198.18.0.6 (node h1, handle clocker-db). " +
        "Stop what uses them, or release addresses that nothing uses (calicoctl ipam release --ip=<address>), then run again",
    );
    expect(await calico.client.get(`${RESOURCES}ippools/shop`)).toEqual(before);
  });

  test("takes its empty blocks and the nodes' affinities along, and nothing of its neighbours", async () => {
    const pool = await calico.of("calico.IPPool");
    const made = await pool.create(args("shop", { cidr: "198.18.0.0/24", blockSize: 30 }));
    const others = await pool.create(args("other", { cidr: "198.18.1.0/24", blockSize: 30 }));
    await block("198.18.1.0/30", { 1: "theirs" });
    await block("198.18.0.0/30");
    await block("198.18.0.4/30", {}, "h2");
    await put("/calico/ipam/v2/host/h2/ipv4/block/198.18.0.8-30", { state: "pending" });
    await pool.delete(made);
    expect(await keys()).toEqual([
      `${BLOCKS}198.18.1.0-30`,
      "/calico/ipam/v2/host/h1/ipv4/block/198.18.1.0-30",
      `${RESOURCES}ippools/other`,
    ]);
    await etcd.ctl("del", "--prefix", "/calico/ipam/");
    await pool.delete(others);
    expect(await keys()).toEqual([]);
  });

  test("from which somebody takes an address while it goes is given back", async () => {
    const pool = await calico.of("calico.IPPool");
    const made = await pool.create(args("shop", { cidr: "198.18.0.0/24", blockSize: 30 }));
    const deleted = failureOf(pool.delete(made));
    await expect
      .poll(async () => (await calico.client.get(`${RESOURCES}ippools/shop`))?.text, { interval: 10 })
      .toContain('"disabled":true');
    await block("198.18.0.0/30", { 0: "late" });
    expect((await deleted).message).toContain("has 1 address in use: 198.18.0.0 (node h1, handle late)");
    expect((await calico.client.get(`${RESOURCES}ippools/shop`))?.text).not.toContain("disabled");
    expect((await pool.refresh(made))?.outs).toEqual(made.outs);
  });

  test("of IPv6 releases blocks of IPv6", async () => {
    const pool = await calico.of("calico.IPPool");
    const made = await pool.create(args("six", { cidr: "fd00::/112" }));
    await put("/calico/ipam/v2/assignment/ipv6/block/fd00--40-122", { allocations: [null, 0], attributes: [{}] });
    expect((await failureOf(pool.delete(made))).message).toContain("1 address in use: fd00::41 (?)");
    await put("/calico/ipam/v2/assignment/ipv6/block/fd00--40-122", { allocations: [null], attributes: [] });
    await put("/calico/ipam/v2/host/h1/ipv6/block/fd00--40-122", { state: "confirmed" });
    await pool.delete(made);
    expect(await keys()).toEqual([]);
  });
});
