import { Block, type BlockEntry } from "./block";
import { isReserved, type Situation, type StoredBlock } from "./claims";
import { addressText, holds, overlap, type Range, rangeText, sizeOf } from "./ipv4";
import type { Pool } from "./pool";

/** A free address and the block that it is taken from. */
export interface Choice {
  readonly address: number;
  readonly block: Block;
  /** Undefined if the block is a new one. */
  readonly stored: StoredBlock | undefined;
}

/**
 * The address that `node` takes next: `wanted` or, without, of a block of its own, of a new block, of another node's block in
 * this order.
 * @throws Error that says why there is none and what to do.
 */
export function chooseAddress(pool: Pool, now: Situation, node: string, wanted?: number): Choice {
  checkUsable(pool, now);
  return wanted === undefined ? chooseAny(pool, now, node) : chooseFixed(pool, now, node, wanted);
}

function checkUsable(pool: Pool, now: Situation): void {
  if (pool.disabled) throw new Error(`IPPool ${pool.name} is disabled: enable it, or use another pool`);
  if (pool.blockSize < pool.range.prefix) {
    throw new Error(
      `IPPool ${pool.name} (${pool.cidr}) is smaller than one of its blocks (/${pool.blockSize}): make a pool with a blockSize of ${pool.range.prefix} to 32`,
    );
  }
  const other = now.blocks.find(({ block }) => block.range.prefix !== pool.blockSize);
  if (other) {
    throw new Error(
      `IPPool ${pool.name} has blocks of /${pool.blockSize}, but ${rangeText(other.block.range)} of another size lies in it: release its addresses and delete that block (calicoctl ipam check), or use another pool`,
    );
  }
}

function chooseFixed(pool: Pool, now: Situation, node: string, wanted: number): Choice {
  const text = addressText(wanted);
  if (!holds(pool.range, wanted)) {
    throw new Error(`${text} is not in IPPool ${pool.name} (${pool.cidr}): choose an address in it`);
  }
  const stored = now.blocks.find(({ block }) => holds(block.range, wanted));
  if (!stored) {
    const size = 2 ** (32 - pool.blockSize);
    return claim({ first: Math.floor(wanted / size) * size, prefix: pool.blockSize }, node, wanted);
  }
  const holder = stored.block.at(wanted);
  if (holder) throw new Error(`${text} is in use${describe(holder)}: choose another address, or release that one`);
  if (stored.block.node !== node && now.strictAffinity) {
    throw new Error(
      `${text} lies in block ${rangeText(stored.block.range)} of ${stored.block.node ?? "no node"}, and Calico's IPAM has strict affinity: choose an address outside of that block`,
    );
  }
  return { address: wanted, block: stored.block, stored };
}

function chooseAny(pool: Pool, now: Situation, node: string): Choice {
  const own = now.blocks.filter(({ block }) => block.node === node);
  const found = firstFree(own, now);
  if (found) return found;
  if (own.length < now.maxBlocks) {
    const block = firstUnclaimed(pool, now);
    const address = block?.free.find((free) => !isReserved(now.reserved, free));
    if (block && address !== undefined) return claim(block.range, node, address);
  }
  const borrowed = now.strictAffinity ? undefined : firstFree(now.blocks, now);
  if (borrowed) return borrowed;
  throw exhausted(pool, now, node);
}

function claim(range: Range, node: string, address: number): Choice {
  // Nanoseconds, as Calico does: a block that is made again does not repeat sequence numbers.
  return { address, block: Block.empty(range, node, BigInt(Date.now()) * 1_000_000n), stored: undefined };
}

function firstFree(blocks: readonly StoredBlock[], now: Situation): Choice | undefined {
  for (const stored of blocks) {
    const address = stored.block.free.find((free) => !isReserved(now.reserved, free));
    if (address !== undefined) return { address, block: stored.block, stored };
  }
  return undefined;
}

function firstUnclaimed(pool: Pool, now: Situation): Block | undefined {
  const size = 2 ** (32 - pool.blockSize);
  const taken = new Set(now.blocks.map(({ block }) => block.range.first));
  for (let first = pool.range.first; first < pool.range.first + sizeOf(pool.range); first += size) {
    const range = { first, prefix: pool.blockSize };
    const reserved = now.reserved.some((other) => other.prefix <= range.prefix && overlap(other, range));
    if (taken.has(first) || reserved) continue;
    const block = Block.empty(range, "", 0n);
    if (block.free.some((free) => !isReserved(now.reserved, free))) return block;
  }
  return undefined;
}

function exhausted(pool: Pool, now: Situation, node: string): Error {
  const used = now.blocks.reduce((sum, { block }) => sum + block.used, 0);
  const nodes = new Set(now.blocks.map(({ block }) => block.node ?? "no node"));
  const strict = now.strictAffinity
    ? " IPAM has strict affinity, so that the free addresses of other nodes' blocks cannot be taken; with smaller blocks more nodes share the pool."
    : "";
  return new Error(
    `IPPool ${pool.name} (${pool.cidr}) has no free address for node ${node}: ${used} of ${sizeOf(pool.range)} are in use on ${nodes.size} nodes, ${now.reserved.length} reservations apply.${strict} Remove services or leaked addresses (calicoctl ipam show --show-blocks), or use a larger pool`,
  );
}

function describe({ handle, attributes }: BlockEntry): string {
  const on = attributes["node"] === undefined ? "" : ` on node ${attributes["node"]}`;
  return `${handle === "" ? "" : ` by ${handle}`}${on}`;
}
