import { setTimeout as delay } from "node:timers/promises";
import type { Compare, Operation } from "./etcd-client";
import { describe, type StoredResource } from "./model/resource";
import { PoolInUse } from "./pool-in-use";
import type { Found, ResourceStore } from "./resource-store";
import { affinitiesWithin, type Block, blocksWithin } from "./usage";
import { addressText, type Network, overlaps, parseNetwork } from "./validation/address";

/** What a client that read the pool before it was disabled needs to finish its allocation; calicoctl waits as long. */
const SETTLE_MILLISECONDS = 500;
const ROUNDS = 5;
const SHOWN = 5;

/**
 * Deletes a pool as calicoctl does: disables it, releases its empty blocks and the nodes' affinities to them, then removes it.
 * @throws PoolInUse that lists the addresses in use, of which calicoctl would take no notice. The pool is then as it was.
 */
export async function deletePool(store: ResourceStore, pool: Found, ours: (live: Found) => boolean): Promise<void> {
  const { reference } = pool;
  const range = parseNetwork(pool.resource.spec["cidr"]);
  if (range) {
    await refuseInUse(store, pool, range);
    const disabled = pool.resource.spec["disabled"] === true;
    if (!disabled) {
      await setDisabled(store, pool, ours, true);
      await delay(SETTLE_MILLISECONDS);
    }
    try {
      await release(store, pool, range);
    } catch (error) {
      if (!disabled) await setDisabled(store, pool, ours, false);
      throw error;
    }
  }
  await store.change(reference, (live) => (live && ours(live) ? { remove: true } : undefined));
}

async function setDisabled(store: ResourceStore, pool: Found, ours: (live: Found) => boolean, disabled: boolean) {
  await store.change(pool.reference, (live) => {
    if (!live || !ours(live)) return undefined;
    const { disabled: _, ...spec } = live.resource.spec;
    const put: StoredResource = { ...live.resource, spec: disabled ? { ...spec, disabled } : spec };
    return { put };
  });
}

async function release(store: ResourceStore, pool: Found, range: Network): Promise<void> {
  for (let round = 1; ; round++) {
    const blocks = await refuseInUse(store, pool, range);
    const affinities = await affinitiesWithin(store, range);
    if (blocks.length === 0 && affinities.length === 0) return;
    if (round > ROUNDS) {
      throw new Error(`${describe(pool.reference)} stays: others keep changing its blocks; run again in a while`);
    }
    for (const block of blocks) {
      const own = affinities.filter(({ network }) => overlaps(network, block.network));
      await forget(store, [block, ...own]);
    }
    const pending = affinities.filter(({ network }) => !blocks.some((block) => overlaps(network, block.network)));
    for (const affinity of pending) await forget(store, [affinity]);
  }
}

/** Removes these keys together unless one of them changed. */
async function forget(store: ResourceStore, items: readonly { stored: { key: string; revision: string } }[]) {
  const compare: Compare[] = items.map(({ stored: { key, revision } }) => ({ key, revision }));
  const operations: Operation[] = items.map(({ stored: { key } }) => ({ delete: key }));
  await store.client.commit(compare, operations);
}

async function refuseInUse(store: ResourceStore, pool: Found, range: Network): Promise<readonly Block[]> {
  const blocks = await blocksWithin(store, range);
  const used = blocks.flatMap(({ network, node, used }) =>
    used.map(({ ordinal, handle }) => {
      const address = addressText({ family: network.family, value: network.base + BigInt(ordinal) });
      return `${address} (${[node && `node ${node}`, handle && `handle ${handle}`].filter(Boolean).join(", ") || "?"})`;
    }),
  );
  if (used.length === 0) return blocks;
  const more = used.length > SHOWN ? ` and ${used.length - SHOWN} more` : "";
  throw new PoolInUse(
    `${describe(pool.reference)} has ${used.length} ${used.length === 1 ? "address" : "addresses"} in use: ` +
      `${used.slice(0, SHOWN).join(", ")}${more}. Stop what uses them, ` +
      "or release addresses that nothing uses (calicoctl ipam release --ip=<address>), then run again",
  );
}
