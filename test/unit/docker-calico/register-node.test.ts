import { beforeEach, expect, it } from "vitest";
import { registerNode } from "../../../docker-calico/register-node";
import { Ipam } from "../../../providers/calico/ipam/ipam";
import { findPool } from "../../../providers/calico/ipam/pool";
import { ResourceStore } from "../../../providers/calico/resource-store";
import { MemoryEtcd } from "./support/memory-etcd";

const RESOURCES = "/calico/resources/v3/projectcalico.org";
const NODE = `${RESOURCES}/nodes/host-1`;

let etcd: MemoryEtcd;

beforeEach(async () => {
  etcd = new MemoryEtcd();
  const pool = (name: string, spec: object) => etcd.put(`${RESOURCES}/ippools/${name}`, { metadata: { name }, spec });
  await pool("tunnels", { cidr: "198.18.0.0/28", blockSize: 30, allowedUses: ["Tunnel"] });
  await pool("ipip", { cidr: "198.18.1.0/28", blockSize: 30, ipipMode: "CrossSubnet" });
  await pool("shop", { cidr: "198.18.2.0/28", allowedUses: ["Workload"] });
});

const register = (more: object = {}) =>
  registerNode(new ResourceStore(etcd), new Ipam(etcd, "host-1"), {
    node: "host-1",
    address: "192.0.2.11/24",
    tunnelPool: "tunnels",
    ...more,
  });

async function specNow(): Promise<Record<string, unknown>> {
  const { spec } = (await etcd.all(`${RESOURCES}/nodes/`))["host-1"] as { spec: Record<string, unknown> };
  return spec;
}

it("a new node has its address and that of its tunnel, which is its own in Calico's IPAM", async () => {
  expect(await register()).toBe("198.18.0.0");
  expect(await specNow()).toEqual({ bgp: { ipv4Address: "192.0.2.11/24" }, ipv4VXLANTunnelAddr: "198.18.0.0" });
  expect(await new Ipam(etcd, "host-1").allocation("198.18.0.0")).toMatchObject({
    handle: "vxlan-tunnel-addr-host-1",
    attributes: { type: "vxlanTunnelAddress", node: "host-1" },
  });
});

it("registering again changes nothing, and what others know of the node stays", async () => {
  await etcd.put(NODE, {
    kind: "Node",
    metadata: { name: "host-1", labels: { rack: "a" } },
    spec: { bgp: { asNumber: 64513, ipv4Address: "192.0.2.99/24" }, vxlanTunnelMACAddr: "66:00:00:00:00:01" },
    status: { wireguardPublicKey: "k" },
  });
  await register();
  const first = await etcd.get(NODE);
  expect(first?.value).toMatchObject({
    metadata: { labels: { rack: "a" } },
    spec: { bgp: { asNumber: 64513, ipv4Address: "192.0.2.11/24" }, vxlanTunnelMACAddr: "66:00:00:00:00:01" },
    status: { wireguardPublicKey: "k" },
  });
  expect(await register()).toBe("198.18.0.0");
  expect((await etcd.get(NODE))?.revision).toBe(first?.revision);
});

it("the tunnel's address stays the node's whichever half of it got lost", async () => {
  await register();
  const spec = await specNow();
  await etcd.put(NODE, { kind: "Node", metadata: { name: "host-1" }, spec: { bgp: spec["bgp"] } });
  expect(await register()).toBe("198.18.0.0");

  const ipam = new Ipam(etcd, "host-1");
  await ipam.releaseHandle("vxlan-tunnel-addr-host-1");
  await etcd.put(NODE, { kind: "Node", metadata: { name: "host-1" }, spec: { ipv4VXLANTunnelAddr: "198.18.0.6" } });
  expect(await register()).toBe("198.18.0.6");

  await ipam.releaseHandle("vxlan-tunnel-addr-host-1");
  const pool = await findPool(etcd, "tunnels");
  if (pool) await new Ipam(etcd, "host-2").assign(pool, { handle: "other", attributes: {}, address: "198.18.0.6" });
  expect(await register()).not.toBe("198.18.0.6");
});

it("a pool with IPIP gives the address of an IPIP tunnel; without pool the node has none", async () => {
  expect(await register({ tunnelPool: "198.18.1.0/28" })).toBe("198.18.1.0");
  expect(await specNow()).toEqual({ bgp: { ipv4Address: "192.0.2.11/24", ipv4IPIPTunnelAddr: "198.18.1.0" } });
  expect(await register({ tunnelPool: undefined })).toBeUndefined();
  expect((await specNow())["bgp"]).toMatchObject({ ipv4IPIPTunnelAddr: "198.18.1.0" });
});

it("a pool that is missing or not for tunnels is named", async () => {
  await expect(register({ tunnelPool: "none-such" })).rejects.toThrow("TUNNEL_POOL is 'none-such', which is no IPPool");
  await expect(register({ tunnelPool: "shop" })).rejects.toThrow(
    "which is only for Workload: add Tunnel to allowedUses",
  );
});
