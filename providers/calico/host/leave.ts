import type { Compare } from "../etcd-client";
import { blocksIn, commitAll, replaceBlock } from "../ipam/claims";
import { Ipam } from "../ipam/ipam";
import { affinitiesOf, affinityKey } from "../ipam/keys";
import type { ResourceStore } from "../resource-store";

const EVERYTHING = { first: 0, prefix: 0 };

/** Takes a host out of Calico: its tunnel's address, its blocks and the node itself. `guard` must hold when the node goes. */
export async function leave(store: ResourceStore, node: string, guard: Compare): Promise<void> {
  const ipam = new Ipam(store.client, node);
  await ipam.releaseHandle(`vxlan-tunnel-addr-${node}`);
  await ipam.releaseHandle(`ipip-tunnel-addr-${node}`);
  for (const stored of await blocksIn(store.client, EVERYTHING)) {
    const { block } = stored;
    if (block.node !== node) continue;
    const change = replaceBlock(stored, block.withoutNode());
    await commitAll(store.client, change, { compare: [], operations: [{ delete: affinityKey(node, block.range) }] });
  }
  const { entries } = await store.client.list(affinitiesOf(node));
  await store.client.commit(
    [],
    entries.map(({ key }) => ({ delete: key })),
  );
  await store.change({ kind: "Node", name: node }, (live) => live && { remove: true, guards: [guard] });
}
