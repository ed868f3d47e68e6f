import { isSince332 } from "./datastore";
import type { Compare } from "./etcd-client";
import { keyOf, prefixOf } from "./model/keys";
import { isPolicy } from "./model/kinds";
import { describe, type Reference, type Spec, tierOf } from "./model/resource";
import type { Found, ResourceStore } from "./resource-store";
import { blocksWithin } from "./usage";
import { type Network, networkText, overlaps, parseNetwork } from "./validation/address";

/**
 * What a resource needs of others before it is written; the conditions under which that stays true.
 * @throws Error that names what is missing or in the way.
 */
export async function checkReferences(
  store: ResourceStore,
  reference: Reference,
  spec: Spec,
  live: Found | undefined,
): Promise<readonly Compare[]> {
  const { kind } = reference;
  if (isPolicy(kind)) {
    await requireKnownKey(store, reference);
    return [await present(store, reference, { kind: "Tier", name: tierOf(reference.name) })];
  }
  if (kind === "BGPPeer") {
    const filters = Array.isArray(spec["filters"]) ? spec["filters"].map(String) : [];
    return Promise.all(filters.map((name) => present(store, reference, { kind: "BGPFilter", name })));
  }
  if (kind === "IPPool") return live ? keepRange(reference, spec, live) : freeRange(store, reference, spec);
  return [];
}

/** A policy would be there twice if Calico's own clients look for it elsewhere. */
async function requireKnownKey(store: ResourceStore, reference: Reference): Promise<void> {
  if (reference.name.includes(".") || !(await isSince332(store))) return;
  throw new Error(
    `${describe(reference)} is in tier default, and the datastore is of Calico 3.32 or newer, which keeps such a policy under ` +
      `another key than earlier versions; name it default.${reference.name}, which is the same in all, or put it into a tier of its own`,
  );
}

async function present(store: ResourceStore, from: Reference, to: Reference): Promise<Compare> {
  const there = await store.read(to);
  if (there) return { key: keyOf(to), revision: there.resourceVersion };
  throw new Error(
    `${describe(from)} refers to ${describe(to)}, which does not exist; make that first, or let the resource that makes it be in dependsOn`,
  );
}

function keepRange(reference: Reference, spec: Spec, live: Found): readonly Compare[] {
  for (const field of ["cidr", "blockSize"]) {
    const [now, then] = [spec[field], live.resource.spec[field]];
    if (now === then || (field === "blockSize" && then === undefined)) continue;
    throw new Error(
      `${describe(reference)} has ${field} ${then}, which cannot become ${now}: Calico keeps both for the life of a pool. ` +
        "Make a pool of another name and delete this one",
    );
  }
  return [];
}

async function freeRange(store: ResourceStore, reference: Reference, spec: Spec): Promise<readonly Compare[]> {
  const range = parseNetwork(spec["cidr"]);
  if (!range) return [];
  const { items, revision } = await store.list("IPPool");
  const others = items.filter(({ reference: { name } }) => name !== reference.name);
  const taken = others.filter(({ resource }) => {
    const other = parseNetwork(resource.spec["cidr"]);
    return other && overlaps(range, other);
  });
  if (taken.length > 0) {
    const list = taken.map(({ reference: { name }, resource }) => `${name} (${resource.spec["cidr"]})`).join(", ");
    throw new Error(
      `${describe(reference)} with ${networkText(range)} overlaps ${list}: pools must not overlap, also disabled ones. Choose another range`,
    );
  }
  await refuseOtherBlocks(store, reference, range, spec);
  return [{ prefix: prefixOf("IPPool"), unchangedSince: revision }];
}

async function refuseOtherBlocks(store: ResourceStore, reference: Reference, range: Network, spec: Spec) {
  const size = spec["blockSize"] ?? (range.family === 4 ? 26 : 122);
  const other = (await blocksWithin(store, range)).find(({ network }) => network.prefix !== size);
  if (!other) return;
  throw new Error(
    `${describe(reference)} has blockSize ${size}, but block ${networkText(other.network)} of a former pool is still there; ` +
      "choose that size or another range, or release its addresses (calicoctl ipam show --show-blocks)",
  );
}
