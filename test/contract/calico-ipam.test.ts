import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EtcdClient } from "../../providers/calico/etcd-client";
import { deletePool } from "../../providers/calico/ip-pool-deletion";
import { Ipam } from "../../providers/calico/ipam/ipam";
import { findPool, type Pool } from "../../providers/calico/ipam/pool";
import { ResourceStore } from "../../providers/calico/resource-store";
import { addressesInUse } from "./support/calico-addresses";
import { EtcdServer } from "./support/etcd-server";

const RESOURCES = "/calico/resources/v3/projectcalico.org";
const BLOCKS = "/calico/ipam/v2/assignment/ipv4/block/";
const HANDLES = "/calico/ipam/v2/handle/";
const AFFINITIES = "/calico/ipam/v2/host/";

let server: EtcdServer;
let etcd: EtcdClient;
let pool: Pool;

beforeAll(async () => {
  server = await EtcdServer.start();
  etcd = new EtcdClient({ endpoints: [server.endpoint] });
});

afterAll(async () => {
  etcd?.close();
  await server?.stop();
});

beforeEach(async () => {
  await server.ctl("del", "--prefix", "/calico/");
  pool = await makePool("shop", { cidr: "198.18.0.0/26", blockSize: 28 });
});

async function put(key: string, value: unknown): Promise<void> {
  await etcd.commit([], [{ put: key, value }]);
}

async function makePool(name: string, spec: Record<string, unknown>): Promise<Pool> {
  await put(`${RESOURCES}/ippools/${name}`, { kind: "IPPool", metadata: { name }, spec });
  const found = await findPool(etcd, name);
  if (!found) throw new Error(`no pool ${name}`);
  return found;
}

async function keys(prefix: string): Promise<string[]> {
  return (await etcd.list(prefix)).entries.map(({ key }) => key.slice(prefix.length));
}

const workload = (handle: string, address?: string) => ({ handle, attributes: { type: "test" }, address });

interface StoredBlock {
  readonly affinity: string | null;
  readonly allocations: (number | null)[];
  readonly unallocated: number[];
  readonly attributes: { handle_id: string; secondary: Record<string, string> }[];
  readonly sequenceNumberForAllocation: Record<string, number>;
}

describe("an address of a pool", () => {
  it("comes from a block that is claimed for the node, with its affinity and handle", async () => {
    const address = await new Ipam(etcd, "host-1").assign(pool, workload("one"));

    expect(address).toBe("198.18.0.0");
    expect(await keys(BLOCKS)).toEqual(["198.18.0.0-28"]);
    const affinity = await etcd.get(`${AFFINITIES}host-1/ipv4/block/198.18.0.0-28`);
    expect(affinity?.value).toEqual({ state: "confirmed", deleted: false });
    expect((await etcd.get(`${HANDLES}one`))?.value).toEqual({ block: { "198.18.0.0/28": 1 }, deleted: false });
    const block = (await etcd.get(`${BLOCKS}198.18.0.0-28`))?.value as StoredBlock;
    expect(block).toMatchObject({
      cidr: "198.18.0.0/28",
      affinity: "host:host-1",
      deleted: false,
      unallocated: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
      attributes: [{ handle_id: "one", secondary: { node: "host-1", type: "test", timestamp: expect.any(String) } }],
    });
    expect(block.allocations).toEqual([0, ...Array(15).fill(null)]);
  });

  it("of a node lies in the node's blocks until they are full, then in a further block", async () => {
    const one = new Ipam(etcd, "host-1");
    const other = new Ipam(etcd, "host-2");
    const mine: string[] = [];
    for (let count = 0; count < 17; count++) {
      mine.push(await one.assign(pool, workload(`one-${count}`)));
      if (count === 0) expect(await other.assign(pool, workload("other"))).toBe("198.18.0.16");
    }
    expect(mine.slice(0, 16).map((address) => Number(address.split(".")[3]))).toEqual([...Array(16).keys()]);
    expect(mine[16]).toBe("198.18.0.32");
  });

  it("is borrowed from another node's block when no block is left, but not with strict affinity", async () => {
    for (const node of ["host-1", "host-2", "host-3", "host-4"]) {
      await new Ipam(etcd, node).assign(pool, workload(node));
    }
    const fifth = new Ipam(etcd, "host-5");
    expect(await fifth.assign(pool, workload("borrower"))).toBe("198.18.0.1");
    expect((await fifth.allocation("198.18.0.1"))?.attributes["node"]).toBe("host-5");
    expect(await keys(`${AFFINITIES}host-5/`)).toEqual([]);

    await put("/calico/ipam/v2/config", { strict_affinity: true, auto_allocate_blocks: true });
    await expect(fifth.assign(pool, workload("refused"))).rejects.toThrow(/strict affinity.*or use a larger pool/s);
  });

  it("of an exhausted pool is refused with counts and a remedy", async () => {
    const small = await makePool("small", { cidr: "198.18.1.0/30", blockSize: 30 });
    const ipam = new Ipam(etcd, "host-1");
    for (let count = 0; count < 4; count++) await ipam.assign(small, workload(`owner-${count}`));
    await expect(ipam.assign(small, workload("late"))).rejects.toThrow(
      /^IPPool small \(198\.18\.1\.0\/30\) has no free address for node host-1: 4 of 4 are in use on 1 nodes.*larger pool$/,
    );
  });

  it("is none that an IPReservation keeps, unless it is asked for by name", async () => {
    await put(`${RESOURCES}/ipreservations/gateway`, {
      metadata: { name: "gateway" },
      spec: { reservedCIDRs: ["198.18.0.0/31", "198.18.0.3", "198.18.0.16/28"] },
    });
    const ipam = new Ipam(etcd, "host-1");
    expect(await ipam.assign(pool, workload("a"))).toBe("198.18.0.2");
    expect(await ipam.assign(pool, workload("b"))).toBe("198.18.0.4");
    expect(await ipam.assign(pool, workload("fixed", "198.18.0.3"))).toBe("198.18.0.3");
    expect(await new Ipam(etcd, "host-2").assign(pool, workload("c"))).toBe("198.18.0.32");
  });

  it("that is fixed claims the block around it, and is refused while in use", async () => {
    const ipam = new Ipam(etcd, "host-1");
    expect(await ipam.assign(pool, workload("fixed", "198.18.0.37"))).toBe("198.18.0.37");
    expect(await keys(`${AFFINITIES}host-1/ipv4/block/`)).toEqual(["198.18.0.32-28"]);
    await expect(ipam.assign(pool, workload("second", "198.18.0.37"))).rejects.toThrow(
      "198.18.0.37 is in use by fixed on node host-1: choose another address",
    );
    await expect(ipam.assign(pool, workload("outside", "198.18.9.1"))).rejects.toThrow(
      "198.18.9.1 is not in IPPool shop (198.18.0.0/26)",
    );
  });

  it("of a pool with blocks of another size is refused", async () => {
    await new Ipam(etcd, "host-1").assign(pool, workload("one"));
    await expect(new Ipam(etcd, "host-1").assign({ ...pool, blockSize: 29 }, workload("two"))).rejects.toThrow(
      "IPPool shop has blocks of /29, but 198.18.0.0/28 of another size lies in it",
    );
    await expect(new Ipam(etcd, "host-1").assign({ ...pool, blockSize: 24 }, workload("two"))).rejects.toThrow(
      "is smaller than one of its blocks (/24)",
    );
    await expect(new Ipam(etcd, "host-1").assign({ ...pool, disabled: true }, workload("two"))).rejects.toThrow(
      "is disabled: enable it",
    );
  });

  it("is not given twice when five clients take twenty at once", async () => {
    const clients = [1, 2, 3, 4, 5].map(() => new EtcdClient({ endpoints: [server.endpoint] }));
    const nodes = clients.map((client, index) => new Ipam(client, `host-${1 + (index % 2)}`));
    const assigned = await Promise.all(
      [...Array(20).keys()].map((count) =>
        nodes[count % 5]?.assign(pool, workload(count % 3 === 0 ? "same" : `h-${count}`)),
      ),
    );
    for (const client of clients) client.close();
    expect(new Set(assigned).size).toBe(20);
    expect(await addressesInUse(etcd, pool.cidr)).toBe(20);
    const same = await new Ipam(etcd, "any").allocationsOf("same");
    expect(same).toHaveLength(7);
    await expectConsistent();
  });
});

describe("a release", () => {
  it("counts down the handle's addresses and deletes it with its last one", async () => {
    const ipam = new Ipam(etcd, "host-1");
    const first = await ipam.assign(pool, workload("both"));
    const second = await ipam.assign(pool, workload("both"));
    expect((await etcd.get(`${HANDLES}both`))?.value).toMatchObject({ block: { "198.18.0.0/28": 2 } });
    expect(await ipam.release(first)).toBe(true);
    expect((await etcd.get(`${HANDLES}both`))?.value).toMatchObject({ block: { "198.18.0.0/28": 1 } });
    expect(await ipam.release(first)).toBe(false);
    expect(await ipam.release(second, "somebody-else")).toBe(false);
    expect(await ipam.releaseHandle("both")).toEqual([second]);
    expect(await keys(HANDLES)).toEqual([]);
    expect(await ipam.allocation(second)).toBeUndefined();
  });

  it("leaves fields and 64-bit sequence numbers of others as they were", async () => {
    const text = `{"cidr":"198.18.0.0/28","affinity":"host:host-1","allocations":[0,0${",null".repeat(14)}],"unallocated":[2,3,4,5,6,7,8,9,10,11,12,13,14,15],"attributes":[{"handle_id":"cni","secondary":{"node":"host-1","note":"\\"sequenceNumber\\":5"}}],"sequenceNumber":1795612345678901234,"sequenceNumberForAllocation":{"0":1795612345678901235,"1":1795612345678901237},"deleted":false,"affinityClaimTime":"2026-01-01T00:00:00Z"}`;
    await etcd.commit(
      [],
      [
        { put: `${BLOCKS}198.18.0.0-28`, text },
        { put: `${HANDLES}cni`, value: { block: { "198.18.0.0/28": 2 }, deleted: false } },
      ],
    );
    expect(await new Ipam(etcd, "host-1").release("198.18.0.0")).toBe(true);
    const stored = await etcd.get(`${BLOCKS}198.18.0.0-28`);
    expect(stored?.text).toContain('"sequenceNumber":1795612345678901235,');
    expect(stored?.text).toContain('"sequenceNumberForAllocation":{"1":1795612345678901237}');
    expect(stored?.value).toMatchObject({
      affinityClaimTime: "2026-01-01T00:00:00Z",
      attributes: [{ handle_id: "cni", secondary: { note: '"sequenceNumber":5' } }],
      allocations: [null, 0, ...Array(14).fill(null)],
    });
    expect((await etcd.get(`${HANDLES}cni`))?.value).toEqual({ block: { "198.18.0.0/28": 1 }, deleted: false });
  });

  it("of everything, then of the pool, leaves no key behind, however often", async () => {
    const store = new ResourceStore(etcd);
    for (let round = 0; round < 3; round++) {
      pool = await makePool("shop", { cidr: "198.18.0.0/26", blockSize: 28 });
      const owners = ["host-1", "host-2", "host-3"].map((node) => new Ipam(etcd, node));
      for (const [index, ipam] of owners.entries()) {
        for (let count = 0; count < 3; count++) await ipam.assign(pool, workload(`owner-${index}`));
      }
      expect(await addressesInUse(etcd, pool.cidr)).toBe(9);
      for (const [index, ipam] of owners.entries()) await ipam.releaseHandle(`owner-${index}`);
      expect(await addressesInUse(etcd, pool.cidr)).toBe(0);
      const stored = await store.read({ kind: "IPPool", name: "shop" });
      if (stored) await deletePool(store, stored, () => true);
      expect(await keys("/calico/")).toEqual([]);
    }
  });
});

it("agrees with a plain model of addresses and owners, whatever is assigned and released in which order", async () => {
  const node = fc.constantFrom("host-1", "host-2", "host-3");
  const handle = fc.constantFrom("red", "green", "blue");
  const command = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("assign" as const), node, handle }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("fix" as const), node, handle, last: fc.nat(31) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("release" as const), node, last: fc.nat(31) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("releaseAll" as const), node, handle }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 45 }), async (commands) => {
      await server.ctl("del", "--prefix", "/calico/");
      const tight = await makePool("tight", { cidr: "198.18.2.0/27", blockSize: 29 });
      const model = new Map<string, string>();
      for (const step of commands) {
        const ipam = new Ipam(etcd, step.node);
        const address = "last" in step ? `198.18.2.${step.last}` : "";
        if (step.kind === "assign") {
          if (model.size === 32) await expect(ipam.assign(tight, workload(step.handle))).rejects.toThrow("no free");
          else {
            const got = await ipam.assign(tight, workload(step.handle));
            expect(got).toMatch(/^198\.18\.2\.([12]?\d|3[01])$/);
            expect(model.has(got)).toBe(false);
            model.set(got, step.handle);
          }
        } else if (step.kind === "fix") {
          if (model.has(address)) {
            await expect(ipam.assign(tight, workload(step.handle, address))).rejects.toThrow("in use");
          } else model.set(await ipam.assign(tight, workload(step.handle, address)), step.handle);
        } else if (step.kind === "release") {
          expect(await ipam.release(address)).toBe(model.delete(address));
        } else {
          const owned = [...model].filter(([, owner]) => owner === step.handle).map(([owned]) => owned);
          expect((await ipam.releaseHandle(step.handle)).sort()).toEqual(owned.sort());
          for (const gone of owned) model.delete(gone);
        }
      }
      const found = (
        await Promise.all(["red", "green", "blue"].map((name) => new Ipam(etcd, "any").allocationsOf(name)))
      ).flat();
      expect(new Map(found.map((each) => [each.address, each.handle]))).toEqual(model);
      expect(await addressesInUse(etcd, tight.cidr)).toBe(model.size);
      await expectConsistent();
    }),
    { numRuns: 25 },
  );
});

/** Free and used addresses make up each block, every attribute is in use, and the handles count what the blocks hold. */
async function expectConsistent(): Promise<void> {
  const counted: Record<string, Record<string, number>> = {};
  for (const { value } of (await etcd.list(BLOCKS)).entries) {
    const block = value as StoredBlock & { cidr: string };
    const used = block.allocations.flatMap((index, ordinal) => (index === null ? [] : [ordinal]));
    expect([...used, ...block.unallocated].sort((a, b) => a - b)).toEqual([...block.allocations.keys()]);
    expect(
      Object.keys(block.sequenceNumberForAllocation)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(used);
    const indices = used.map((ordinal) => block.allocations[ordinal] ?? -1);
    expect(new Set(indices)).toEqual(new Set(block.attributes.keys()));
    for (const index of indices) {
      const handle = block.attributes[index]?.handle_id ?? "";
      const counts = counted[handle] ?? {};
      counted[handle] = { ...counts, [block.cidr]: (counts[block.cidr] ?? 0) + 1 };
    }
  }
  const handles = (await etcd.list(HANDLES)).entries.map(({ key, value }) => {
    return [key.slice(HANDLES.length), (value as { block: Record<string, number> }).block];
  });
  expect(Object.fromEntries(handles)).toEqual(counted);
}
