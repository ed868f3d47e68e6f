import { randomBytes, randomUUID } from "node:crypto";
import { keyOf } from "./model/keys";
import { mergeChange, restrictTo } from "./model/merge";
import type { Reference, Spec, StoredResource } from "./model/resource";
import type { ResourceStore } from "./resource-store";
import { withDefaults } from "./validation/validate";

const CLUSTER = { kind: "ClusterInformation", name: "default" } as const satisfies Reference;
const FELIX = { kind: "FelixConfiguration", name: "default" } as const satisfies Reference;

/** Tiers that Calico's clients make in an empty datastore. */
const TIERS: Readonly<Record<string, Spec>> = {
  default: { order: 1_000_000, defaultAction: "Deny" },
  adminnetworkpolicy: { order: 1000, defaultAction: "Pass" },
  baselineadminnetworkpolicy: { order: 10_000_000, defaultAction: "Pass" },
};
/** The same as of 3.32, which a datastore of that version has instead. */
const TIERS_332: Readonly<Record<string, Spec>> = {
  default: { order: 1_000_000, defaultAction: "Deny" },
  "kube-admin": { order: 1000, defaultAction: "Pass" },
  "kube-baseline": { order: 10_000_000, defaultAction: "Pass" },
};

export interface DatastoreWishes {
  /** A word that is added to the types of the cluster. */
  readonly clusterType: string;
  /** Fields of FelixConfiguration/default to set. */
  readonly felix: Spec;
}

export interface DatastoreFacts {
  readonly clusterGUID: string;
  /** Empty where no calicoctl or Calico node has said it. */
  readonly calicoVersion: string;
}

/**
 * Makes what is missing of ClusterInformation, the built-in tiers and FelixConfiguration/default, and merges the wishes into
 * what is there.
 * @throws Error if the datastore is locked.
 */
export async function prepareDatastore(store: ResourceStore, wishes: DatastoreWishes): Promise<DatastoreFacts> {
  const cluster = await store.change(CLUSTER, (live) => {
    const put = live ? mergedCluster(live.resource, wishes) : newCluster(wishes);
    return put && { put };
  });
  const facts = factsOf(cluster);
  for (const [name, spec] of Object.entries(tiersOf(facts))) {
    const reference = { kind: "Tier", name } as const;
    await store.change(reference, (live) => (live ? undefined : { put: born(reference, spec) }));
  }
  await store.change(FELIX, (live) => {
    if (!live) return { put: born(FELIX, withDefaults("FelixConfiguration", wishes.felix)) };
    const spec = mergeChange(live.resource.spec, {}, wishes.felix);
    return JSON.stringify(spec) === JSON.stringify(live.resource.spec)
      ? undefined
      : { put: { ...live.resource, spec } };
  });
  return facts;
}

/** The facts, and the fields of `felix` as they are; undefined if something that `prepareDatastore` makes is missing. */
export async function readDatastore(
  store: ResourceStore,
  wishes: DatastoreWishes,
): Promise<(DatastoreFacts & { felix: Spec }) | undefined> {
  const cluster = (await store.read(CLUSTER))?.resource;
  const felix = (await store.read(FELIX))?.resource;
  if (!cluster || !felix || !typesOf(cluster).includes(wishes.clusterType)) return undefined;
  const facts = factsOf(cluster);
  for (const name of Object.keys(tiersOf(facts))) {
    if (!(await store.read({ kind: "Tier", name }))) return undefined;
  }
  return { ...facts, felix: restrictTo(wishes.felix, felix.spec) };
}

/** Whether Calico 3.32 or newer keeps the datastore: others keep policies of tier default with that before their names. */
export async function isSince332(store: ResourceStore): Promise<boolean> {
  return since332(factsOf((await store.read(CLUSTER))?.resource));
}

function newCluster({ clusterType }: DatastoreWishes): StoredResource {
  const clusterGUID = randomBytes(16).toString("hex");
  return born(CLUSTER, { clusterGUID, clusterType, datastoreReady: true });
}

/** Undefined if it has everything. */
function mergedCluster(live: StoredResource, { clusterType }: DatastoreWishes): StoredResource | undefined {
  const { clusterGUID, datastoreReady } = live.spec;
  if (datastoreReady === false) {
    throw new Error(
      `Calico's datastore is locked: ${keyOf(CLUSTER)} has datastoreReady false, as during a migration or an upgrade. ` +
        "Wait until that is done (calicoctl datastore migrate unlock ends it), then run again",
    );
  }
  const types = typesOf(live);
  if (clusterGUID && datastoreReady && types.includes(clusterType)) return undefined;
  const merged = {
    clusterGUID: clusterGUID || randomBytes(16).toString("hex"),
    clusterType: [...new Set([...types, clusterType])].join(","),
    datastoreReady: true,
  };
  return { ...live, spec: { ...live.spec, ...merged } };
}

function typesOf({ spec }: StoredResource): string[] {
  return String(spec["clusterType"] ?? "")
    .split(",")
    .filter((type) => type !== "");
}

function tiersOf(facts: DatastoreFacts): Readonly<Record<string, Spec>> {
  return since332(facts) ? TIERS_332 : TIERS;
}

function since332({ calicoVersion }: DatastoreFacts): boolean {
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(calicoVersion) ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 32);
}

function factsOf(cluster: StoredResource | undefined): DatastoreFacts {
  const { clusterGUID, calicoVersion } = cluster?.spec ?? {};
  return { clusterGUID: String(clusterGUID ?? ""), calicoVersion: String(calicoVersion ?? "") };
}

function born({ kind, name }: Reference, spec: Spec): StoredResource {
  const creationTimestamp = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  return {
    kind,
    apiVersion: "projectcalico.org/v3",
    metadata: { name, uid: randomUUID(), creationTimestamp },
    spec,
  };
}
