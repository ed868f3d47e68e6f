import { randomUUID } from "node:crypto";
import { deletePool } from "./ip-pool-deletion";
import { CALICO_KINDS, isShared } from "./model/kinds";
import { mergeChange } from "./model/merge";
import {
  describe,
  impliedAnnotations,
  impliedLabels,
  OWNER,
  type Reference,
  type Spec,
  type StoredResource,
  storedName,
  type Texts,
} from "./model/resource";
import { checkReferences } from "./references";
import type { Found, ResourceStore } from "./resource-store";
import { isMadeByClocker, withoutShare, withShare } from "./shared-resource";
import { isNodeInUse, refuseTierInUse } from "./usage";
import { sameSpec, validateResource, withDefaults } from "./validation/validate";

/** What a program asks for. */
export interface Wanted {
  readonly reference: Reference;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly spec: Spec;
  /** Who made it, e.g. `project/stack/resource`: the mark by which it is known again. */
  readonly owner: string;
  /** Whether to take over what somebody else made. */
  readonly adopt: boolean;
}

/** What the state knows of a resource that exists. */
export interface Known extends Omit<Wanted, "adopt"> {
  readonly uid: string | undefined;
}

/**
 * Makes the resource, or makes what an interrupted run of the same owner has left into it. Shared resources are merged into.
 * @throws Error that names the key if it exists and somebody else made it.
 */
export async function createResource(store: ResourceStore, wanted: Wanted): Promise<StoredResource> {
  return write(store, wanted, undefined);
}

/** Carries the change from `known` to `wanted` over to the live resource, or makes it again if it is gone. */
export async function updateResource(store: ResourceStore, known: Known, wanted: Wanted): Promise<StoredResource> {
  return write(store, wanted, known);
}

/** Deletes the resource if it is ours still; of a shared one only what we merged. False if it stays. */
export async function deleteResource(store: ResourceStore, known: Known): Promise<boolean> {
  const { reference } = known;
  const live = await store.read(reference);
  if (!live) return true;
  if (isShared(reference.kind, reference.name)) return deleteShared(store, known);
  if (!isOurs(live, known)) return false;
  if (reference.kind === "IPPool") {
    await deletePool(store, live, (found) => isOurs(found, known));
    return true;
  }
  await store.change(reference, async (found) => {
    if (!found || !isOurs(found, known)) return undefined;
    return { remove: true, guards: reference.kind === "Tier" ? await refuseTierInUse(store, reference.name) : [] };
  });
  return true;
}

/** Whether the live resource is the one that the state knows, or one of the same owner. */
export function isOurs({ resource }: Found, { owner, uid }: { owner: string; uid?: string | undefined }): boolean {
  const { metadata } = resource;
  return metadata.annotations?.[OWNER] === owner || (uid !== undefined && metadata.uid === uid);
}

async function write(store: ResourceStore, wanted: Wanted, known: Known | undefined): Promise<StoredResource> {
  const { reference } = wanted;
  refuseInvalid(wanted);
  const shared = isShared(reference.kind, reference.name);
  const born = { uid: randomUUID(), creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, "Z") };
  const resource = await store.change(reference, async (live) => {
    if (live && !shared && !isOurs(live, { ...wanted, uid: known?.uid }) && !wanted.adopt) {
      throw new Error(foreign(live, wanted));
    }
    const put = compose(wanted, live, known, shared, born);
    return { put, guards: await checkReferences(store, reference, put.spec, live) };
  });
  if (!resource) throw new Error(`${describe(reference)} was not written`);
  return resource;
}

function compose(
  wanted: Wanted,
  live: Found | undefined,
  known: Known | undefined,
  shared: boolean,
  born: { uid: string; creationTimestamp: string },
): StoredResource {
  const { reference, owner } = wanted;
  const { kind, name, namespace } = reference;
  const resource = live?.resource;
  const spec = shared ? (live?.resource.spec ?? additions(wanted)) : ownSpec(wanted, live, known);
  const before = { labels: known?.labels ?? {}, annotations: known?.annotations ?? {} };
  const labels = mergeChange(resource?.metadata.labels ?? {}, before.labels, {
    ...wanted.labels,
    ...impliedLabels(reference, spec),
  });
  const annotations = mergeChange(resource?.metadata.annotations ?? {}, before.annotations, {
    ...wanted.annotations,
    ...impliedAnnotations(reference),
    ...(!(shared && live) && { [OWNER]: owner }),
  });
  const { labels: _, annotations: __, ...kept } = resource?.metadata ?? { name };
  const metadata = {
    ...kept,
    name: storedName(reference),
    ...(CALICO_KINDS[kind].namespaced && { namespace }),
    uid: kept.uid ?? born.uid,
    creationTimestamp: kept.creationTimestamp ?? born.creationTimestamp,
    ...(Object.keys(labels).length > 0 && { labels: labels as Texts }),
    ...(Object.keys(annotations).length > 0 && { annotations: annotations as Texts }),
  };
  const composed = { ...resource, kind, apiVersion: "projectcalico.org/v3", metadata, spec };
  return shared ? withShare(composed, live && known && asStored(known), asStored(wanted)) : composed;
}

/** The specification of a resource that is ours alone; one that is taken over keeps nothing of its former one. */
function ownSpec(wanted: Wanted, live: Found | undefined, known: Known | undefined): Spec {
  const { kind } = wanted.reference;
  const after = withDefaults(kind, wanted.spec);
  if (!live) return after;
  return mergeChange(live.resource.spec, known ? withDefaults(kind, known.spec) : live.resource.spec, after);
}

/** What Calico's own client adds to a specification. */
function additions({ reference, spec }: Wanted): Spec {
  return Object.fromEntries(Object.entries(withDefaults(reference.kind, spec)).filter(([key]) => !(key in spec)));
}

/** The named fields, and no others, in the form in which they are stored. */
function asStored<T extends Omit<Wanted, "adopt">>(share: T): T {
  const all = Object.entries(withDefaults(share.reference.kind, share.spec));
  return { ...share, spec: Object.fromEntries(all.filter(([key]) => key in share.spec)) };
}

async function deleteShared(store: ResourceStore, known: Known): Promise<boolean> {
  const { kind, name } = known.reference;
  let removed = false;
  await store.change(known.reference, async (live) => {
    if (!live) return undefined;
    const { resource, last } = withoutShare(live.resource, asStored(known));
    const unused =
      kind === "Node" ? async () => !(await isNodeInUse(store, name)) : () => sameSpec(kind, resource.spec, {});
    removed = last && isMadeByClocker(resource) && (await unused());
    return removed ? { remove: true } : { put: resource };
  });
  return removed;
}

/** The last door: a value that does not parse can keep Felix from following the whole kind. */
function refuseInvalid({ reference, labels, annotations, spec }: Wanted): void {
  const { kind, name, namespace } = reference;
  const problems = validateResource(kind, { name, namespace, labels, annotations }, spec);
  if (problems.length === 0) return;
  const list = problems.map(({ property, reason }) => `${property}: ${reason}`).join("; ");
  throw new Error(`${describe(reference)} is not written, for Felix would ignore or misread it: ${list}`);
}

function foreign({ resource }: Found, { reference }: Wanted): string {
  const owner = resource.metadata.annotations?.[OWNER];
  const whose = owner === undefined ? "was not made by Clocker" : `belongs to ${owner}`;
  return `${describe(reference)} exists and ${whose}; choose another name, delete it with calicoctl, or set adopt to take it over`;
}
