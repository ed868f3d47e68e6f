import { isDeepStrictEqual } from "node:util";
import type { DiffResult, Handler, Properties } from "../runtime/handler";
import { PartialFailure } from "../runtime/partial-failure";
import { containsUnknown } from "../runtime/unknown";
import { EtcdError } from "./etcd-error";
import { type CalicoKind, isShared } from "./model/kinds";
import { restrictTo } from "./model/merge";
import { describe, isRecord, type Metadata, type Spec, type StoredResource } from "./model/resource";
import { openStore } from "./network-settings";
import { createResource, deleteResource, isOurs, updateResource } from "./resource-changes";
import { checkInputs, knownFrom, referenceFrom, requireValid, textsOf, wantedFrom } from "./resource-inputs";
import { sameSpec, withDefaults } from "./validation/validate";

/** Fields that Calico does not let change. */
const IMMUTABLE: Partial<Record<CalicoKind, readonly string[]>> = { IPPool: ["cidr", "blockSize"] };

/**
 * `calico.<Kind>`: one resource of Calico in etcd. Inputs are `metadata`, `spec`, `owner` and `adopt`, outputs the inputs and
 * `uid`.
 */
export function resourceHandler(kind: CalicoKind): Handler {
  return {
    async check(_olds, news) {
      const { metadata, spec, owner, adopt = false } = news;
      const inputs = { metadata, spec, owner, adopt };
      return { inputs, failures: checkInputs(kind, inputs) };
    },

    async diff(_id, olds, news): Promise<DiffResult> {
      const replaces = replacing(kind, olds, news);
      const sameName = !replaces.some((path) => path.startsWith("metadata."));
      // A replacement of the same name has the same key.
      return { changes: replaces.length > 0 || differs(kind, olds, news), replaces, deleteBeforeReplace: sameName };
    },

    async create(inputs, config) {
      requireValid(kind, inputs);
      const wanted = wantedFrom(kind, inputs);
      const id = idOf(kind, inputs);
      try {
        return { id, outs: outputs(inputs, await createResource(openStore(config), wanted)) };
      } catch (error) {
        if (!(error instanceof EtcdError && error.ambiguous)) throw error;
        // It may be there; an update writes it again, a destroy looks for it.
        const message = `${describe(wanted.reference)}: ${error.message}`;
        throw new PartialFailure(message, { id, properties: { ...inputs, uid: "" } });
      }
    },

    async read(id, properties, config) {
      const known = knownFrom(kind, properties);
      const live = await openStore(config).read(referenceFrom(kind, properties));
      const shared = isShared(kind, known.reference.name);
      if (!live || !(shared || properties["adopt"] === true || isOurs(live, known))) return undefined;
      const inputs = asSeen(kind, properties, live.resource, shared);
      return { id, inputs, props: { ...properties, ...inputs, uid: live.resource.metadata.uid ?? "" } };
    },

    async update(_id, olds, news, config) {
      requireValid(kind, news);
      const made = await updateResource(openStore(config), knownFrom(kind, olds), wantedFrom(kind, news));
      return { outs: outputs(news, made) };
    },

    async delete(_id, properties, config) {
      const known = knownFrom(kind, properties);
      if (!(await deleteResource(openStore(config), known))) {
        console.log(`${describe(known.reference)} is used or kept by others and stays`);
      }
    },
  };
}

function idOf(kind: CalicoKind, inputs: Properties): string {
  const { name, namespace } = referenceFrom(kind, inputs);
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function outputs(inputs: Properties, { metadata }: StoredResource): Properties {
  return { ...inputs, uid: metadata.uid ?? "" };
}

function replacing(kind: CalicoKind, olds: Properties, news: Properties): string[] {
  const [before, after] = [metadataOf(olds), metadataOf(news)];
  const names = (["name", "namespace"] as const).filter(
    (key) => containsUnknown(after[key]) || before[key] !== after[key],
  );
  const [then, now] = [specOf(olds), specOf(news)];
  const fields = (IMMUTABLE[kind] ?? []).filter((key) => {
    if (containsUnknown(now[key])) return true;
    const usual = withDefaults(kind, { cidr: then["cidr"] })[key];
    return !isDeepStrictEqual(then[key] ?? usual, now[key] ?? usual);
  });
  return [...names.map((key) => `metadata.${key}`), ...fields.map((key) => `spec.${key}`)];
}

function differs(kind: CalicoKind, olds: Properties, news: Properties): boolean {
  if (containsUnknown(news["metadata"]) || containsUnknown(news["spec"])) return true;
  const [before, after] = [metadataOf(olds), metadataOf(news)];
  return (
    olds["owner"] !== news["owner"] ||
    !isDeepStrictEqual(textsOf(before.labels), textsOf(after.labels)) ||
    !isDeepStrictEqual(textsOf(before.annotations), textsOf(after.annotations)) ||
    !sameSpec(kind, specOf(olds), specOf(news))
  );
}

/** The inputs that would make the live resource: as they were where nothing differs in meaning. */
function asSeen(kind: CalicoKind, properties: Properties, live: StoredResource, shared: boolean): Properties {
  const { metadata, owner, adopt } = properties;
  const { labels, annotations } = metadataOf(properties);
  const seen = {
    ...(metadata as Metadata),
    ...(labels && { labels: restrictTo(labels, live.metadata.labels ?? {}) }),
    ...(annotations && { annotations: restrictTo(annotations, live.metadata.annotations ?? {}) }),
  };
  const known = specOf(properties);
  const spec = specAsSeen(kind, known, shared ? restrictTo(known, live.spec) : live.spec);
  return { metadata: seen, spec, owner, adopt };
}

/** The live specification, written as the known one wherever that means the same. */
function specAsSeen(kind: CalicoKind, known: Spec, live: Spec): Spec {
  if (sameSpec(kind, known, live)) return known;
  const seen: Record<string, unknown> = { ...live };
  for (const key of new Set([...Object.keys(known), ...Object.keys(live)])) {
    const { [key]: _, ...without } = seen;
    const trial = key in known ? { ...without, [key]: known[key] } : without;
    if (!sameSpec(kind, trial, live)) continue;
    if (key in known) seen[key] = known[key];
    else delete seen[key];
  }
  return seen;
}

function metadataOf(properties: Properties): Partial<Metadata> {
  return isRecord(properties["metadata"]) ? properties["metadata"] : {};
}

function specOf(properties: Properties): Spec {
  return isRecord(properties["spec"]) ? properties["spec"] : {};
}
