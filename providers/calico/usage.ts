import type { Compare, Stored } from "./etcd-client";
import { isHostUsed } from "./host/users";
import { prefixOf } from "./model/keys";
import type { CalicoKind } from "./model/kinds";
import { isRecord, tierOf } from "./model/resource";
import type { ResourceStore } from "./resource-store";
import { type Network, overlaps, parseNetwork } from "./validation/address";

const HOSTS = "/calico/ipam/v2/host/";
const BUILT_IN_TIERS = new Set([
  "default",
  "adminnetworkpolicy",
  "baselineadminnetworkpolicy",
  "kube-admin",
  "kube-baseline",
]);
const RESOURCES = prefixOf("Tier").replace(/tiers\/$/, "");
const STAGED = ["stagedglobalnetworkpolicies/", "stagednetworkpolicies/"].map((plural) => RESOURCES + plural);
const SHOWN = 5;

/** A block of addresses of Calico's IPAM. */
export interface Block {
  readonly stored: Stored;
  readonly network: Network;
  /** Node that the block belongs to, if any. */
  readonly node: string | undefined;
  /** Each address in use, by its place in the block and the handle of who uses it. */
  readonly used: readonly { readonly ordinal: number; readonly handle: string }[];
}

/** An affinity of a node to a block, which may not exist yet. */
export interface Affinity {
  readonly stored: Stored;
  readonly network: Network;
}

/** Blocks that lie in a range. */
export async function blocksWithin(store: ResourceStore, range: Network): Promise<readonly Block[]> {
  const { entries } = await store.client.list(`/calico/ipam/v2/assignment/ipv${range.family}/block/`);
  return entries.flatMap((stored) => {
    const network = networkOfKey(stored.key);
    return network && overlaps(network, range) ? [blockOf(stored, network)] : [];
  });
}

/** Affinities to blocks that lie in a range. */
export async function affinitiesWithin(store: ResourceStore, range: Network): Promise<readonly Affinity[]> {
  const { entries } = await store.client.list(HOSTS);
  return entries.flatMap((stored) => {
    const network = stored.key.includes(`/ipv${range.family}/block/`) ? networkOfKey(stored.key) : undefined;
    return network && overlaps(network, range) ? [{ stored, network }] : [];
  });
}

/** Whether addresses, endpoints or host endpoints of a node are left, or agents run on it. */
export async function isNodeInUse(store: ResourceStore, node: string): Promise<boolean> {
  if (await isHostUsed(store.client, node)) return true;
  if ((await store.client.list(`${HOSTS}${node}/`)).entries.length > 0) return true;
  for (const kind of ["WorkloadEndpoint", "HostEndpoint"] satisfies CalicoKind[]) {
    const { items } = await store.list(kind);
    if (items.some(({ resource }) => resource.spec["node"] === node)) return true;
  }
  return false;
}

/**
 * The conditions under which nothing is in a tier.
 * @throws Error that lists the policies in it.
 */
export async function refuseTierInUse(store: ResourceStore, tier: string): Promise<readonly Compare[]> {
  if (BUILT_IN_TIERS.has(tier)) {
    throw new Error(
      `Tier ${tier} is one of Calico's own and cannot be deleted; remove it from the program's state only`,
    );
  }
  const guards: Compare[] = [];
  const inside: string[] = [];
  for (const prefix of [prefixOf("GlobalNetworkPolicy"), prefixOf("NetworkPolicy"), ...STAGED]) {
    const { entries, revision } = await store.client.list(prefix);
    guards.push({ prefix, unchangedSince: revision });
    const names = entries.map(({ key }) => key.slice(RESOURCES.length));
    inside.push(...names.filter((name) => tierOf(name.slice(name.lastIndexOf("/") + 1)) === tier));
  }
  if (inside.length === 0) return guards;
  const more = inside.length > SHOWN ? ` and ${inside.length - SHOWN} more` : "";
  throw new Error(
    `Tier ${tier} holds ${inside.length} policies: ${inside.slice(0, SHOWN).join(", ")}${more}. Delete them first; Calico would apply them last and deny what they do not allow`,
  );
}

function blockOf(stored: Stored, network: Network): Block {
  const value = isRecord(stored.value) ? stored.value : {};
  const allocations: unknown[] = Array.isArray(value["allocations"]) ? value["allocations"] : [];
  const attributes: unknown[] = Array.isArray(value["attributes"]) ? value["attributes"] : [];
  const used = allocations.flatMap((index, ordinal) => {
    if (typeof index !== "number") return [];
    const attribute = attributes[index];
    return [{ ordinal, handle: isRecord(attribute) ? String(attribute["handle_id"] ?? "") : "" }];
  });
  const affinity = String(value["affinity"] ?? "");
  return { stored, network, used, node: affinity.startsWith("host:") ? affinity.slice("host:".length) : undefined };
}

/** `…/10.0.0.0-26`, or `…/fd00--40-122` of IPv6, whose colons are dashes too in older versions. */
function networkOfKey(key: string): Network | undefined {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const dash = name.lastIndexOf("-");
  return parseNetwork(`${name.slice(0, dash).replace(/-/g, ":")}/${name.slice(dash + 1)}`);
}
