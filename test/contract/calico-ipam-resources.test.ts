import { beforeEach, describe, expect, test } from "vitest";
import { Ipam } from "../../providers/calico/ipam/ipam";
import { findPool } from "../../providers/calico/ipam/pool";
import type { Properties } from "../../providers/runtime/handler";
import { type CalicoProvider, type Created, failureOf, useCalico } from "./support/calico";
import type { EtcdServer } from "./support/etcd-server";

const POOLS = "/calico/resources/v3/projectcalico.org/ippools/";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let etcd: EtcdServer;
let calico: CalicoProvider;

useCalico((started) => {
  ({ etcd, calico } = started);
});

beforeEach(() => etcd.ctl("del", "--prefix", "/"));

function rangeArgs(name: string, more: Properties = {}): Properties {
  const spec = { blockSize: 28, vxlanMode: "Always", natOutgoing: true };
  return { metadata: { name }, pool: "198.18.0.0/24", prefixLength: 26, spec, owner: `shop/${name}/range`, ...more };
}

const cidrOf = (created: Created) => String(created.outs["cidr"]);
const keys = async () => (await calico.client.list("/calico/")).entries.map(({ key }) => key);

describe("an address range", () => {
  test("is an IPPool out of the pool, the same again after it was destroyed", async () => {
    const kind = await calico.of("calico.AddressRange");
    const shop = await kind.create(rangeArgs("shop"));
    expect(cidrOf(shop)).toMatch(/^198\.18\.0\.(0|64|128|192)\/26$/);
    expect((await calico.client.get(`${POOLS}shop`))?.value).toMatchObject({
      kind: "IPPool",
      metadata: { name: "shop", uid: shop.outs["uid"] },
      spec: {
        cidr: cidrOf(shop),
        blockSize: 28,
        vxlanMode: "Always",
        natOutgoing: true,
        allowedUses: ["Workload", "Tunnel"],
      },
    });
    await kind.delete(shop);
    expect(await keys()).toEqual([]);
    expect(cidrOf(await kind.create(rangeArgs("shop")))).toBe(cidrOf(shop));
  });

  test("overlaps no other, however often ranges come and go, and a full pool is refused with the remedy", async () => {
    const kind = await calico.of("calico.AddressRange");
    let alive: Created[] = [];
    for (let round = 0; round < 3; round++) {
      while (alive.length < 4) alive.push(await kind.create(rangeArgs(`r${round}-${alive.length}`)));
      expect(new Set(alive.map(cidrOf)).size).toBe(4);
      const failure = await failureOf(kind.create(rangeArgs("late")));
      expect(failure.message).toMatch(
        /198\.18\.0\.0\/24 has no free range of \/26 for shop\/late\/range: its 4 are taken by IPPool .*or give a larger pool/,
      );
      const [first, second, ...rest] = alive;
      for (const gone of [first, second]) if (gone) await kind.delete(gone);
      alive = rest;
    }
  });

  test("is found by every one of eight that ask at once", async () => {
    const kind = await calico.of("calico.AddressRange");
    const names = [...Array(8).keys()].map((index) => `s${index}`);
    const made = await Promise.all(names.map((name) => kind.create(rangeArgs(name, { prefixLength: 27 }))));
    expect(new Set(made.map(cidrOf)).size).toBe(8);
  });

  test("does not take addresses that a former pool has left in use", async () => {
    const kind = await calico.of("calico.AddressRange");
    const probe = await kind.create(rangeArgs("shop"));
    const pool = await findPool(calico.client, "shop");
    if (!pool) throw new Error("no pool");
    const ipam = new Ipam(calico.client, "h1");
    const address = await ipam.assign(pool, { handle: "web", attributes: {} });
    const failure = await failureOf(kind.delete(probe));
    expect(failure.message).toContain(`IPPool shop has 1 address in use: ${address} (node h1, handle web)`);
    await etcd.ctl("del", `${POOLS}shop`);
    expect(cidrOf(await kind.create(rangeArgs("shop")))).not.toBe(cidrOf(probe));
  });

  test("shows no difference unless something changed, and moves only if it must", async () => {
    const kind = await calico.of("calico.AddressRange");
    const shop = await kind.create(rangeArgs("shop"));
    const same = { changes: false, replaces: [] };
    expect(await kind.diff(shop, rangeArgs("shop"))).toEqual(same);
    const seen = await kind.refresh(shop);
    expect(seen?.outs).toMatchObject({ cidr: cidrOf(shop), uid: shop.outs["uid"], pool: "198.18.0.0/24" });
    expect(seen && (await kind.diff(seen, rangeArgs("shop")))).toEqual(same);

    const larger = rangeArgs("shop", { pool: "198.18.0.0/16" });
    expect(await kind.diff(shop, larger)).toEqual({ changes: true, replaces: [] });
    expect(cidrOf(await kind.update(shop, larger))).toBe(cidrOf(shop));
    expect((await kind.diff(shop, rangeArgs("shop", { pool: "198.19.0.0/16" }))).replaces).toEqual(["pool"]);
    expect((await kind.diff(shop, rangeArgs("shop", { prefixLength: 27 }))).replaces).toEqual(["prefixLength"]);
    expect((await kind.diff(shop, rangeArgs("shop", { pool: UNKNOWN }))).replaces).toEqual(["pool"]);

    const open = rangeArgs("shop", { spec: { blockSize: 28, natOutgoing: false } });
    expect(await kind.diff(shop, open)).toEqual({ changes: true, replaces: [] });
    const updated = await kind.update(shop, open);
    expect((await calico.client.get(`${POOLS}shop`))?.value).toMatchObject({
      spec: { cidr: cidrOf(shop), vxlanMode: "Never" },
    });

    await etcd.ctl("del", `${POOLS}shop`);
    expect(await kind.refresh(updated)).toBeUndefined();
  });

  test("that an interrupted run has made is found again; one of somebody else is refused", async () => {
    const kind = await calico.of("calico.AddressRange");
    const first = await kind.create(rangeArgs("shop"));
    const second = await kind.create(rangeArgs("shop"));
    expect(second.outs).toEqual(first.outs);
    const failure = await failureOf(kind.create(rangeArgs("shop", { owner: "other/test/range" })));
    expect(failure.message).toContain("IPPool shop exists and belongs to shop/shop/range");
  });

  test("with wrong inputs is refused in the preview", async () => {
    const kind = await calico.of("calico.AddressRange");
    const failures = async (more: Properties) => (await kind.check(rangeArgs("shop", more))).failures;
    expect(await failures({ pool: "198.18.0.1/24", prefixLength: 40 })).toEqual([
      'pool must be an IPv4 range without bits behind its prefix, e.g. 198.18.0.0/16; it is "198.18.0.1/24"',
      "prefixLength must be a whole number from 0, the length of pool, to 32; it is 40",
    ]);
    expect(await failures({ prefixLength: 20 })).toEqual([
      "prefixLength must be a whole number from 24, the length of pool, to 32; it is 20",
    ]);
    expect(await failures({ spec: { cidr: "198.18.0.0/26" } })).toEqual([
      "spec.cidr is chosen out of pool: leave it out, or use an IPPool",
    ]);
    expect((await failures({ spec: { blockSize: 24 } }))[0]).toMatch(/^spec\.(blockSize|cidr)/);
    expect((await failures({ spec: { blocksize: 28 } }))[0]).toContain("spec.blocksize");
    expect(await failures({ pool: UNKNOWN, prefixLength: UNKNOWN })).toEqual([]);
  });
});

describe("the address of a service", () => {
  const args = (more: Properties = {}) => ({ range: "shop", node: "h1", service: "shop-test-web", ...more });

  beforeEach(async () => {
    await (await calico.of("calico.AddressRange")).create(rangeArgs("shop", { pool: "198.18.0.0/26" }));
  });

  test("is kept in Calico's IPAM under the service's name until it is deleted", async () => {
    const kind = await calico.of("calico.ServiceAddress");
    const web = await kind.create(args());
    expect(web).toMatchObject({ id: "198.18.0.0", outs: { address: "198.18.0.0", service: "shop-test-web" } });
    const held = await new Ipam(calico.client, "h1").allocation("198.18.0.0");
    expect(held).toMatchObject({ handle: "clocker-shop-test-web", attributes: { type: "clocker", node: "h1" } });
    expect(await kind.diff(web, args())).toEqual({ changes: false, replaces: [] });
    expect((await kind.refresh(web))?.outs).toEqual(web.outs);
    expect((await kind.create(args())).id).toBe(web.id);
    const db = await kind.create(args({ service: "shop-test-db" }));
    expect(db.id).toBe("198.18.0.1");
    await kind.delete(web);
    expect(await kind.refresh(web)).toBeUndefined();
    expect(await kind.refresh(db)).toBeDefined();
    await kind.delete(web);
    await kind.delete(db);
    expect((await keys()).filter((key) => key.includes("/handle/"))).toEqual([]);
  });

  test("on another node is another one, and the old one may be deleted after it", async () => {
    const kind = await calico.of("calico.ServiceAddress");
    const before = await kind.create(args());
    expect((await kind.diff(before, args({ node: "h2" }))).replaces).toEqual(["node"]);
    const after = await kind.create(args({ node: "h2" }));
    expect(after.id).toBe("198.18.0.16");
    await kind.delete(before);
    expect(await kind.refresh(after)).toBeDefined();
  });

  test("that somebody has released and taken is gone, and not taken away from him", async () => {
    const kind = await calico.of("calico.ServiceAddress");
    const web = await kind.create(args());
    const pool = await findPool(calico.client, "shop");
    if (!pool) throw new Error("no pool");
    const ipam = new Ipam(calico.client, "h1");
    await ipam.release(web.id);
    await ipam.assign(pool, { handle: "cni", attributes: {}, address: web.id });
    expect(await kind.refresh(web)).toBeUndefined();
    await kind.delete(web);
    expect((await ipam.allocation(web.id))?.handle).toBe("cni");
  });

  test("needs its pool, and names that Calico can hold", async () => {
    const kind = await calico.of("calico.ServiceAddress");
    const failure = await failureOf(kind.create(args({ range: "none" })));
    expect(failure.message).toContain("IPPool none does not exist: make it first");
    expect((await kind.check(args({ node: "H 1", service: "a/b" }))).failures).toEqual([
      "node must be the name of a Calico node: lower-case letters, digits, '-' and '.'; it is \"H 1\"",
      "service must be at most 200 letters, digits, '-', '_' and '.'; it is \"a/b\"",
    ]);
    expect((await kind.check(args({ range: UNKNOWN, node: UNKNOWN }))).failures).toEqual([]);
  });
});
