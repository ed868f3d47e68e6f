import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Compare, EtcdClient, Stored } from "./etcd-client";
import { EtcdError } from "./etcd-error";
import { keyOf, prefixOf, referenceOf } from "./model/keys";
import type { CalicoKind } from "./model/kinds";
import { asResource, describe, type Reference, type StoredResource } from "./model/resource";

const ATTEMPTS = 12;
const PAUSE_MILLISECONDS = 40;

/** A resource as it is now. */
export interface Found {
  readonly reference: Reference;
  readonly resource: StoredResource;
  /** What Calico calls resourceVersion. */
  readonly resourceVersion: string;
}

/** What to do with a resource, and what else must still hold while it is done. */
export type Decision =
  | { readonly put: StoredResource; readonly guards?: readonly Compare[] }
  | { readonly remove: true; readonly guards?: readonly Compare[] };

/** Calico's resources in etcd. Every change is a transaction on the revision that it was decided on. */
export class ResourceStore {
  readonly client: EtcdClient;

  constructor(client: EtcdClient) {
    this.client = client;
  }

  async read(reference: Reference): Promise<Found | undefined> {
    const stored = await this.client.get(keyOf(reference));
    return stored && found(reference, stored);
  }

  /** All of a kind, or of one namespace, in order of their keys; those that cannot be read are left out. */
  async list(kind: CalicoKind, namespace?: string): Promise<{ items: readonly Found[]; revision: string }> {
    const { entries, revision } = await this.client.list(prefixOf(kind, namespace));
    const items = entries.flatMap((stored) => readable(referenceOf(kind, stored.key), stored) ?? []);
    return { items, revision };
  }

  /**
   * Decides on the live resource and does what was decided, anew with fresh data as long as others are faster. Gives the
   * resource as it is afterwards.
   * @throws Error when others won every time; whatever `decide` throws.
   */
  async change(
    reference: Reference,
    decide: (live: Found | undefined) => Decision | undefined | Promise<Decision | undefined>,
  ): Promise<StoredResource | undefined> {
    const key = keyOf(reference);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const live = await this.read(reference);
      const decision = await decide(live);
      if (!decision || (!live && "remove" in decision)) return live?.resource;
      const wanted = "put" in decision ? decision.put : undefined;
      const compare: Compare = live ? { key, revision: live.resourceVersion } : { key, absent: true };
      const operation = wanted ? { put: key, value: wanted } : { delete: key };
      if (await this.#commit([compare, ...(decision.guards ?? [])], operation)) return wanted;
      await delay(randomInt(PAUSE_MILLISECONDS * attempt));
    }
    throw new Error(
      `${describe(reference)} changed ${ATTEMPTS} times while it was being changed here: others write it all the time. ` +
        `Find who writes ${key}, then run again`,
    );
  }

  async #commit(
    compare: readonly Compare[],
    operation: { put: string; value: unknown } | { delete: string },
  ): Promise<boolean> {
    try {
      return (await this.client.commit(compare, [operation])).succeeded;
    } catch (error) {
      if (!(error instanceof EtcdError && error.ambiguous)) throw error;
      // The answer is lost. What was written carries a unique id and is recognised; else the comparison fails next time.
      const now = await this.client.get("put" in operation ? operation.put : operation.delete).catch(() => {
        throw error;
      });
      return "put" in operation ? now?.text === JSON.stringify(operation.value) : now === undefined;
    }
  }
}

function found(reference: Reference, stored: Stored): Found {
  const result = readable(reference, stored);
  if (!result) {
    throw new Error(
      `${stored.key} holds no ${reference.kind}: ${JSON.stringify(stored.text.slice(0, 80))} is no JSON object. ` +
        "Find who wrote it and remove the key, then restart Felix on every host: it stops following this kind",
    );
  }
  return result;
}

function readable(reference: Reference, stored: Stored): Found | undefined {
  const resource = asResource(stored.value, reference);
  return resource && { reference, resource, resourceVersion: stored.revision };
}
