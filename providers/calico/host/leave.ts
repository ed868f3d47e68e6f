import type { Compare } from "../etcd-client";
import { blocksIn, commitAll, replaceBlock } from "../ipam/claims";
import { Ipam } from "../ipam/ipam";
import { affinitiesOf, affinityKey } from "../ipam/keys";
import { isRecord, OWNER, type StoredResource } from "../model/resource";
import type { ResourceStore } from "../resource-store";
import { isClaimed } from "../shared-resource";
import { isHostUsed } from "./users";

const EVERYTHING = { first: 0, prefix: 0 };

/** Marks a node that is left to those who have a share in it: the last of them removes it. */
const LEFT = "clocker/hosts";

/**
 * Takes a host out of Calico: its tunnel's address, its blocks and the node itself, of which stays what others have merged into it.
 * `guard` must hold when the node goes; it stays if somebody has come meanwhile.
 */
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
  await store.change({ kind: "Node", name: node }, async (live) => {
    if (!live || (await isHostUsed(store.client, node))) return undefined;
    const guards = [guard];
    return isClaimed(live.resource) ? { put: withoutHost(live.resource), guards } : { remove: true, guards };
  });
}

/** The node without what the driver wrote. */
function withoutHost(live: StoredResource): StoredResource {
  const { ipv4VXLANTunnelAddr: _, bgp, ...spec } = live.spec;
  const { ipv4Address: __, ipv4IPIPTunnelAddr: ___, ...rest } = isRecord(bgp) ? bgp : {};
  const annotations = { [OWNER]: LEFT, ...live.metadata.annotations };
  const left = { ...spec, ...(Object.keys(rest).length > 0 && { bgp: rest }) };
  return { ...live, spec: left, metadata: { ...live.metadata, annotations } };
}
