import type { EtcdClient } from "../etcd-client";
import { blocksIn, commitAll, replaceBlock } from "./claims";
import { holds, parseRange, type Range } from "./ipv4";
import { affinityKey } from "./keys";

/** How many addresses of a range are assigned, on all nodes. */
export async function addressesInUse(etcd: EtcdClient, cidr: string): Promise<number> {
  const range = rangeOf(cidr);
  const blocks = await blocksIn(etcd, range);
  return blocks.flatMap(({ block }) => block.entries).filter(({ address }) => holds(range, address)).length;
}

/**
 * Takes the blocks of a range away from their nodes, as the deletion of its pool needs it: blocks without an assigned address are
 * deleted, others stay until their last address is released.
 */
export async function releaseBlocks(etcd: EtcdClient, cidr: string): Promise<void> {
  const range = rangeOf(cidr);
  for (const before of await blocksIn(etcd, range)) {
    let stored = before;
    for (;;) {
      const { block } = stored;
      const affinity = block.node === undefined ? [] : [{ delete: affinityKey(block.node, block.range) }];
      const change = replaceBlock(stored, block.withoutNode());
      if (await commitAll(etcd, change, { compare: [], operations: affinity })) break;
      const [again] = await blocksIn(etcd, block.range);
      if (!again) break;
      stored = again;
    }
  }
}

function rangeOf(cidr: string): Range {
  const range = parseRange(cidr);
  if (!range) throw new Error(`'${cidr}' is no IPv4 range such as 198.18.0.0/24 (without bits behind the prefix)`);
  return range;
}
