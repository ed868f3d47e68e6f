import { afterAll, beforeAll, expect, test } from "vitest";
import { TUNNEL_POOL } from "../../providers/calico/host/agents";
import { ensureTunnelPool, removeTunnelPool } from "../../providers/calico/host/tunnel-pool";
import { Ipam } from "../../providers/calico/ipam/ipam";
import { findPool } from "../../providers/calico/ipam/pool";
import { openStore } from "../../providers/calico/network-settings";
import type { StackConfig } from "../../providers/runtime/handler";
import { EtcdServer } from "./support/etcd-server";

let etcd: EtcdServer;
let config: StackConfig;

beforeAll(async () => {
  etcd = await EtcdServer.start();
  const network = JSON.stringify({ calico: { etcd: { endpoints: [etcd.endpoint] } } });
  config = { get: (key) => (key === "clocker:network" ? network : undefined) };
});

afterAll(async () => {
  openStore(config).client.close();
  await etcd.stop();
});

test("the tunnels' pool stays while a host is about to leave, and goes with the last one", async () => {
  const pools = async () => (await openStore(config).list("IPPool")).items.map(({ reference }) => reference.name);
  await ensureTunnelPool("198.18.0.0/24", "vxlan", config);
  const { client } = openStore(config);
  const leaving = new Ipam(client, "host-b");
  const pool = await findPool(client, TUNNEL_POOL);
  if (pool === undefined) throw new Error("there is no pool of tunnels");
  await leaving.assign(pool, { handle: "vxlan-tunnel-addr-host-b", attributes: {} });

  await removeTunnelPool(config);
  expect(await pools()).toEqual([TUNNEL_POOL]);

  await leaving.releaseHandle("vxlan-tunnel-addr-host-b");
  await removeTunnelPool(config);
  expect(await pools()).toEqual([]);
});
