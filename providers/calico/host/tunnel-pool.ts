import type { StackConfig } from "../../runtime/handler";
import { addressRangeHandler } from "../address-range-handler";
import { parseRange } from "../ipam/ipv4";
import { openStore } from "../network-settings";
import { PoolInUse } from "../pool-in-use";
import { TUNNEL_POOL } from "./agents";
import { type Encapsulation, poolModes } from "./encapsulation";

/** Every stack knows it again by this. */
const OWNER = "clocker/tunnels";
/** Room for 64 hosts. */
const PREFIX_LENGTH = 26;

/** Makes the IPPool that the hosts' tunnels have their addresses from, unless there is one or none is needed. */
export async function ensureTunnelPool(pool: string, encapsulation: Encapsulation, config: StackConfig): Promise<void> {
  if (encapsulation === "none") return;
  if (await openStore(config).read({ kind: "IPPool", name: TUNNEL_POOL })) return;
  const inputs = {
    metadata: { name: TUNNEL_POOL },
    pool,
    // A small pool is not used up by tunnels.
    prefixLength: Math.min(32, Math.max(PREFIX_LENGTH, (parseRange(pool)?.prefix ?? 0) + 2)),
    // Each host takes a block of its own, which is one address.
    spec: { blockSize: 32, allowedUses: ["Tunnel"], ...poolModes(encapsulation) },
    owner: OWNER,
  };
  const { inputs: checked, failures } = await addressRangeHandler.check({}, inputs);
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("; "));
  await addressRangeHandler.create(checked, config);
}

/** Removes that pool, if it is ours. It stays while a host is about to leave: the last one takes the pool with it. */
export async function removeTunnelPool(config: StackConfig): Promise<void> {
  const found = await openStore(config).read({ kind: "IPPool", name: TUNNEL_POOL });
  if (!found) return;
  const { spec, metadata } = found.resource;
  const properties = { metadata: { name: TUNNEL_POOL }, cidr: spec["cidr"], spec, owner: OWNER, uid: metadata.uid };
  try {
    await addressRangeHandler.delete(TUNNEL_POOL, properties, config);
  } catch (error) {
    if (!(error instanceof PoolInUse)) throw error;
  }
}
