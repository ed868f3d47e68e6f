import { isDeepStrictEqual } from "node:util";
import type { Ipam } from "../providers/calico/ipam/ipam";
import { holds, parseAddress } from "../providers/calico/ipam/ipv4";
import { findPool, type Pool } from "../providers/calico/ipam/pool";
import { isRecord, type Reference, type Spec } from "../providers/calico/model/resource";
import type { ResourceStore } from "../providers/calico/resource-store";
import { newResource } from "./resources";

export interface NodeRegistration {
  readonly node: string;
  /** `address/prefix` of the host. */
  readonly address: string;
  /** Name or CIDR of the IPPool of tunnel addresses. */
  readonly tunnelPool: string | undefined;
}

interface Tunnel {
  readonly handle: string;
  readonly type: string;
  readonly read: (spec: Spec) => unknown;
  readonly write: (spec: Spec, address: string) => Spec;
}

/**
 * Makes this host a Calico node, and gives it the address of its tunnel end, which stays the same from then on. Everything else
 * that is known of the node stays as it is. Gives the tunnel address.
 */
export async function registerNode(
  store: ResourceStore,
  ipam: Ipam,
  { node, address, tunnelPool }: NodeRegistration,
): Promise<string | undefined> {
  const reference: Reference = { kind: "Node", name: node };
  const pool = tunnelPool === undefined ? undefined : await poolOfTunnels(store, tunnelPool);
  const tunnel = pool && (pool.ipip ? ipipTunnel(node) : vxlanTunnel(node));
  const before = (await store.read(reference))?.resource.spec ?? {};
  const own = pool && tunnel ? await tunnelAddress(ipam, pool, tunnel, tunnel.read(before)) : undefined;
  await store.change(reference, (live) => {
    const resource = live?.resource ?? newResource(reference, {});
    let spec: Spec = { ...resource.spec, bgp: { ...bgpOf(resource.spec), ipv4Address: address } };
    if (tunnel && own !== undefined) spec = tunnel.write(spec, own);
    return live && isDeepStrictEqual(spec, resource.spec) ? undefined : { put: { ...resource, spec } };
  });
  return own;
}

async function poolOfTunnels(store: ResourceStore, nameOrCidr: string): Promise<Pool> {
  const pool = await findPool(store.client, nameOrCidr);
  if (!pool)
    throw new Error(
      `TUNNEL_POOL is '${nameOrCidr}', which is no IPPool: make it, or set TUNNEL_POOL to another one or none`,
    );
  if (!pool.allowedUses.includes("Tunnel")) {
    throw new Error(
      `TUNNEL_POOL is '${nameOrCidr}', which is only for ${pool.allowedUses.join(" and ")}: add Tunnel to allowedUses of IPPool ${pool.name}, or use another one`,
    );
  }
  return pool;
}

/** The address that the node has, if it is the node's in Calico's IPAM too; else one that becomes it. */
async function tunnelAddress(ipam: Ipam, pool: Pool, { handle, type }: Tunnel, current: unknown): Promise<string> {
  const held = (await ipam.allocationsOf(handle)).map(({ address }) => address).filter((each) => inPool(pool, each));
  const kept = held.find((address) => address === current) ?? held[0];
  if (kept !== undefined) return kept;
  const request = { handle, attributes: { type } };
  if (typeof current === "string" && inPool(pool, current) && !(await ipam.allocation(current))) {
    return ipam.assign(pool, { ...request, address: current });
  }
  return ipam.assign(pool, request);
}

function inPool(pool: Pool, address: string): boolean {
  const number = parseAddress(address);
  return number !== undefined && holds(pool.range, number);
}

function vxlanTunnel(node: string): Tunnel {
  return {
    handle: `vxlan-tunnel-addr-${node}`,
    type: "vxlanTunnelAddress",
    read: (spec) => spec["ipv4VXLANTunnelAddr"],
    write: (spec, address) => ({ ...spec, ipv4VXLANTunnelAddr: address }),
  };
}

function ipipTunnel(node: string): Tunnel {
  return {
    handle: `ipip-tunnel-addr-${node}`,
    type: "ipipTunnelAddress",
    read: (spec) => bgpOf(spec)["ipv4IPIPTunnelAddr"],
    write: (spec, address) => ({ ...spec, bgp: { ...bgpOf(spec), ipv4IPIPTunnelAddr: address } }),
  };
}

function bgpOf(spec: Spec): Spec {
  return isRecord(spec["bgp"]) ? spec["bgp"] : {};
}
