import { z } from "zod";
import type { Compare, EtcdClient, Operation, Stored } from "../etcd-client";
import { Block } from "./block";
import type { Range } from "./ipv4";
import { holds, overlap } from "./ipv4";
import { affinitiesOf, affinityKey, BLOCKS, blockKey, CONFIG, handleKey, rangeOfKey } from "./keys";
import { listReservations, type Pool } from "./pool";

export interface StoredBlock {
  readonly block: Block;
  readonly key: string;
  readonly revision: string;
}

/** A change that is made only if nothing that it rests on changed meanwhile. */
export interface Change {
  readonly compare: readonly Compare[];
  readonly operations: readonly Operation[];
}

/** What a choice of an address rests on. */
export interface Situation {
  /** Blocks that have addresses in the pool, in the order of their addresses. */
  readonly blocks: readonly StoredBlock[];
  /** Affinities of the node by key. */
  readonly affinities: ReadonlyMap<string, Stored>;
  readonly reserved: readonly Range[];
  readonly strictAffinity: boolean;
  readonly maxBlocks: number;
}

const DEFAULT_MAX_BLOCKS = 20;
const configSchema = z.object({
  strict_affinity: z.boolean().nullish(),
  maxBlocksPerHost: z.number().nullish(),
});
const handleSchema = z.object({ block: z.record(z.string(), z.number()).nullish() });

export async function situation(etcd: EtcdClient, node: string, pool: Pool): Promise<Situation> {
  const [blocks, affinities, reserved, config] = await Promise.all([
    blocksIn(etcd, pool.range),
    etcd.list(affinitiesOf(node)),
    listReservations(etcd),
    etcd.get(CONFIG),
  ]);
  const settings = configSchema.safeParse(config?.value).data;
  return {
    blocks,
    affinities: new Map(affinities.entries.map((entry) => [entry.key, entry])),
    reserved,
    strictAffinity: settings?.strict_affinity ?? false,
    maxBlocks: settings?.maxBlocksPerHost || DEFAULT_MAX_BLOCKS,
  };
}

/** Blocks that overlap a range, in the order of their addresses. */
export async function blocksIn(etcd: EtcdClient, range: Range): Promise<StoredBlock[]> {
  const { entries } = await etcd.list(BLOCKS);
  return entries
    .filter(({ key }) => {
      const found = rangeOfKey(key);
      return found !== undefined && overlap(found, range);
    })
    .map((entry) => ({ block: Block.parse(entry.text, entry.key), key: entry.key, revision: entry.revision }))
    .sort((a, b) => a.block.range.first - b.block.range.first);
}

export async function blockOf(etcd: EtcdClient, address: number): Promise<StoredBlock | undefined> {
  const [found] = await blocksIn(etcd, { first: address, prefix: 32 });
  return found;
}

export function isReserved(reserved: readonly Range[], address: number): boolean {
  return reserved.some((range) => holds(range, address));
}

/** Stores a changed block; one that is left without node and addresses is deleted. */
export function replaceBlock(stored: StoredBlock, block: Block): Change {
  const { key, revision } = stored;
  const gone = block.node === undefined && block.used === 0;
  return { compare: [{ key, revision }], operations: [gone ? { delete: key } : { put: key, text: block.text }] };
}

/** Stores a block that is not there yet. */
export function createBlock(block: Block): Change {
  const key = blockKey(block.range);
  return { compare: [{ key, absent: true }], operations: [{ put: key, text: block.text }] };
}

/** Says that the node uses the block; nothing if that is said already. */
export function confirmAffinity(node: string, block: Range, affinities: ReadonlyMap<string, Stored>): Change {
  const key = affinityKey(node, block);
  const stored = affinities.get(key);
  if ((stored?.value as { state?: unknown } | undefined)?.state === "confirmed") return { compare: [], operations: [] };
  return {
    compare: [stored ? { key, revision: stored.revision } : { key, absent: true }],
    operations: [{ put: key, value: { state: "confirmed", deleted: false } }],
  };
}

/** Adds to the number of addresses that a handle has in a block. */
export async function countHandle(etcd: EtcdClient, handle: string, cidr: string, by: number): Promise<Change> {
  const key = handleKey(handle);
  const stored = await etcd.get(key);
  const compare: Compare[] = [stored ? { key, revision: stored.revision } : { key, absent: true }];
  const counts = { ...handleSchema.safeParse(stored?.value).data?.block };
  const count = (counts[cidr] ?? 0) + by;
  if (count > 0) counts[cidr] = count;
  else delete counts[cidr];
  if (Object.keys(counts).length > 0) {
    const rest = stored?.value as object | undefined;
    return { compare, operations: [{ put: key, value: { deleted: false, ...rest, block: counts } }] };
  }
  return { compare, operations: stored ? [{ delete: key }] : [] };
}

export async function handleBlocks(etcd: EtcdClient, handle: string): Promise<string[]> {
  const stored = await etcd.get(handleKey(handle));
  return Object.keys(handleSchema.safeParse(stored?.value).data?.block ?? {});
}

/** Makes all changes or none; false if something changed meanwhile. */
export async function commitAll(etcd: EtcdClient, ...changes: readonly Change[]): Promise<boolean> {
  const compare = changes.flatMap((change) => change.compare);
  const operations = changes.flatMap((change) => change.operations);
  return (await etcd.commit(compare, operations)).succeeded;
}
