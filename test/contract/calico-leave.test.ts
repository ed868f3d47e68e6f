import { beforeEach, describe, expect, test } from "vitest";
import { leave } from "../../providers/calico/host/leave";
import { addUser, removeUser } from "../../providers/calico/host/users";
import { Ipam } from "../../providers/calico/ipam/ipam";
import { findPool, type Pool } from "../../providers/calico/ipam/pool";
import type { Properties } from "../../providers/runtime/handler";
import { type CalicoProvider, useCalico } from "./support/calico";
import type { EtcdServer } from "./support/etcd-server";

const NODES = "nodes/";
const REFLECTOR = { "clocker.route-reflector": "true" };

let etcd: EtcdServer;
let calico: CalicoProvider;
let pool: Pool;

useCalico((started) => {
  ({ etcd, calico } = started);
});

beforeEach(async () => {
  await etcd.ctl("del", "--prefix", "/");
  const spec = { cidr: "198.18.0.0/26", blockSize: 28, allowedUses: ["Workload", "Tunnel"] };
  await calico.edit("ippools/all", () => ({ kind: "IPPool", metadata: { name: "all" }, spec }));
  const found = await findPool(calico.client, "all");
  if (!found) throw new Error("no pool");
  pool = found;
});

/** What the driver does when it starts on a host. */
async function register(node: string): Promise<string> {
  const request = { handle: `vxlan-tunnel-addr-${node}`, attributes: { type: "vxlanTunnelAddress" } };
  const ipv4VXLANTunnelAddr = await new Ipam(calico.client, node).assign(pool, request);
  await calico.edit(NODES + node, ({ metadata = { name: node }, spec = {}, ...rest }) => {
    const { bgp = {}, ...others } = spec as { bgp?: object };
    return {
      ...rest,
      kind: "Node",
      metadata,
      spec: { ...others, bgp: { ...bgp, ipv4Address: "192.0.2.11/32" }, ipv4VXLANTunnelAddr },
    };
  });
  return ipv4VXLANTunnelAddr;
}

async function goes(node: string, owner: string): Promise<void> {
  const guard = await removeUser(calico.client, node, owner);
  if (guard) await leave(calico.store, node, guard);
}

const keys = async (prefix: string) => (await calico.client.list(prefix)).entries.map(({ key }) => key);
const nodeArgs = (owner: string, spec: Properties, labels: Properties = {}): Properties => ({
  metadata: { name: "h1", labels },
  spec,
  owner,
});
const reflector = (owner: string) => nodeArgs(owner, { bgp: { routeReflectorClusterID: "224.0.0.1" } }, REFLECTOR);

describe("a host that leaves Calico", () => {
  test("takes its node, its tunnel's address and its empty blocks along, and nothing of another host", async () => {
    await addUser(calico.client, "h1", "shop");
    await register("h1");
    await register("h2");
    const before = await keys("/");
    await goes("h1", "shop");
    const left = await keys("/");
    expect(left).toEqual(before.filter((key) => left.includes(key)));
    expect(left.filter((key) => key.includes("h1"))).toEqual([]);
    expect(left.filter((key) => key.includes("h2"))).toHaveLength(3);
    expect(await keys("/calico/ipam/v2/assignment/")).toHaveLength(1);
  });

  test("leaves a block in which an address is in use, which is nobody's then", async () => {
    await addUser(calico.client, "h1", "shop");
    await register("h1");
    const ipam = new Ipam(calico.client, "h1");
    const address = await ipam.assign(pool, { handle: "theirs", attributes: { type: "test" } });
    await goes("h1", "shop");
    expect((await ipam.allocationsOf("theirs")).map((allocation) => allocation.address)).toEqual([address]);
    expect(await keys("/calico/ipam/v2/host/")).toEqual([]);
    const [block] = (await calico.client.list("/calico/ipam/v2/assignment/")).entries;
    expect(block?.value).toMatchObject({ affinity: null });
  });

  test("stays as long as one of several needs it, in whatever order they go", async () => {
    for (const owner of ["shop", "blog", "wiki"]) await addUser(calico.client, "h1", owner);
    await register("h1");
    await goes("h1", "blog");
    await goes("h1", "blog");
    await goes("h1", "shop");
    expect(await calico.stored(`${NODES}h1`)).toBeDefined();
    await goes("h1", "wiki");
    expect(await calico.stored(`${NODES}h1`)).toBeUndefined();
  });

  test("keeps its node if somebody has come meanwhile", async () => {
    await addUser(calico.client, "h1", "shop");
    await register("h1");
    const guard = await removeUser(calico.client, "h1", "shop");
    if (!guard) throw new Error("others need it");
    await addUser(calico.client, "h1", "blog");
    await leave(calico.store, "h1", guard);
    expect(await calico.stored(`${NODES}h1`)).toBeDefined();
  });
});

describe("a host that leaves Calico and is a route reflector", () => {
  test.each([
    ["before", true],
    ["after", false],
  ])("is gone when its stack is, which removes the reflector %s the agents", async (_order, first) => {
    const kind = await calico.of("calico.Node");
    await addUser(calico.client, "h1", "shop");
    const made = await kind.create(reflector("shop/test/reflector"));
    await register("h1");
    if (first) await kind.delete(made);
    await goes("h1", "shop");
    if (!first) await kind.delete(made);
    expect(await keys("/calico/resources/v3/projectcalico.org/nodes")).toEqual([]);
  });

  test.each([
    ["the reflector's stack", true],
    ["the driver", false],
  ])("is one still for another stack, which has no service there, when %s made the node", async (_who, reflects) => {
    const kind = await calico.of("calico.Node");
    await addUser(calico.client, "h1", "shop");
    if (!reflects) await register("h1");
    const made = await kind.create(reflector("blog/test/reflector"));
    if (reflects) await register("h1");
    await goes("h1", "shop");
    expect(await calico.stored(`${NODES}h1`)).toMatchObject({
      metadata: { labels: REFLECTOR },
      spec: { bgp: { routeReflectorClusterID: "224.0.0.1" } },
    });
    expect((await calico.stored(`${NODES}h1`))?.["spec"]).not.toHaveProperty("ipv4VXLANTunnelAddr");
    expect((await kind.refresh(made))?.outs).toEqual(made.outs);
    await kind.delete(made);
    expect(await keys("/calico/resources/v3/projectcalico.org/nodes")).toEqual([]);
  });

  test("stays a node for the agents of another stack, tunnels or none", async () => {
    const kind = await calico.of("calico.Node");
    const made = await kind.create(reflector("blog/test/reflector"));
    await addUser(calico.client, "h1", "shop");
    await calico.edit(`${NODES}h1`, ({ spec, ...rest }) => ({
      ...rest,
      spec: { bgp: { ...(spec as { bgp: object }).bgp, ipv4Address: "192.0.2.11/32" } },
    }));
    await kind.delete(made);
    expect((await calico.stored(`${NODES}h1`))?.["spec"]).toEqual({ bgp: { ipv4Address: "192.0.2.11/32" } });
    await goes("h1", "shop");
    expect(await calico.stored(`${NODES}h1`)).toBeUndefined();
  });
});

describe("two stacks with the same settings of BGP", () => {
  const configuration = (owner: string, spec: Properties = { asNumber: 64512, nodeToNodeMeshEnabled: false }) => ({
    metadata: { name: "default" },
    spec,
    owner,
  });

  test("do not fight: neither sees a change after the other's run, and the last to go leaves nothing", async () => {
    const bgp = await calico.of("calico.BGPConfiguration");
    const node = await calico.of("calico.Node");
    const peer = await calico.of("calico.BGPPeer");
    const make = async (stack: string) => ({
      bgp: await bgp.create(configuration(`${stack}/test/bgp`)),
      node: await node.create(reflector(`${stack}/test/reflector`)),
      peer: await peer.create({
        metadata: { name: `${stack}.reflectors` },
        spec: { nodeSelector: "all()", peerSelector: "clocker.route-reflector == 'true'" },
        owner: `${stack}/test/peer`,
      }),
    });
    const stable = async (made: Awaited<ReturnType<typeof make>>) => {
      for (const [kind, one] of [
        [bgp, made.bgp],
        [node, made.node],
        [peer, made.peer],
      ] as const) {
        const seen = await kind.refresh(one);
        expect(seen?.outs).toEqual(one.outs);
        expect(await kind.diff(one, one.inputs)).toMatchObject({ changes: false, replaces: [] });
      }
    };
    const remove = async (made: Awaited<ReturnType<typeof make>>) => {
      for (const kind of ["bgp", "node", "peer"] as const) await { bgp, node, peer }[kind].delete(made[kind]);
    };
    const shop = await make("shop");
    const blog = await make("blog");
    await stable(shop);
    await stable(blog);
    await remove(shop);
    await stable(blog);
    await remove(blog);
    expect(await keys("/calico/resources/v3/projectcalico.org/bgp")).toEqual([]);
    expect(await keys("/calico/resources/v3/projectcalico.org/nodes")).toEqual([]);
  });

  test("of which one changes its mind see each other's number as a foreign change", async () => {
    const kind = await calico.of("calico.BGPConfiguration");
    const shop = await kind.create(configuration("shop/test/bgp"));
    const blog = await kind.create(configuration("blog/test/bgp"));
    await kind.update(blog, configuration("blog/test/bgp", { asNumber: 64600, nodeToNodeMeshEnabled: false }));
    expect((await kind.refresh(shop))?.inputs).toMatchObject({ spec: { asNumber: 64600 } });
  });

  test("keep what an administrator has set besides", async () => {
    const spec = { logSeverityScreen: "Debug", asNumber: 64999 };
    await calico.edit("bgpconfigurations/default", () => ({ metadata: { name: "default" }, spec }));
    const kind = await calico.of("calico.BGPConfiguration");
    const shop = await kind.create(configuration("shop/test/bgp"));
    const blog = await kind.create(configuration("blog/test/bgp"));
    await kind.delete(shop);
    await kind.delete(blog);
    expect((await calico.stored("bgpconfigurations/default"))?.["spec"]).toEqual(spec);
  });
});
