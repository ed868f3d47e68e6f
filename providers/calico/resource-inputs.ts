import type { CheckFailure, Properties } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import { CALICO_KINDS, type CalicoKind } from "./model/kinds";
import { isRecord, type Metadata, OWNER, type Reference, type Spec, type Texts } from "./model/resource";
import type { Known, Wanted } from "./resource-changes";
import { validateResource } from "./validator";

const METADATA = new Set(["name", "namespace", "labels", "annotations"]);

/** Everything that is wrong with the inputs of a resource; values that are not known yet are skipped. */
export function checkInputs(kind: CalicoKind, inputs: Properties): CheckFailure[] {
  const { metadata, spec, owner, adopt } = inputs;
  const failures: CheckFailure[] = [];
  if (typeof owner !== "string" || owner === "") failures.push({ property: "owner", reason: "must be a text" });
  if (!isUnknown(adopt) && typeof adopt !== "boolean") {
    failures.push({ property: "adopt", reason: `must be true or false; it is ${JSON.stringify(adopt)}` });
  }
  if (isUnknown(metadata)) return failures;
  if (!isRecord(metadata)) {
    return [...failures, { property: "metadata", reason: 'must be an object with at least a name: { name: "…" }' }];
  }
  failures.push(...checkMetadata(kind, metadata));
  if (isUnknown(spec)) return failures;
  if (!isRecord(spec)) {
    const reason = `must be an object of the fields of ${kind}; without one Calico takes a policy for all endpoints`;
    return [...failures, { property: "spec", reason }];
  }
  const known = typeof metadata["name"] === "string";
  return known ? [...failures, ...validateResource(kind, metadata as unknown as Metadata, spec, mayDiffer)] : failures;
}

function checkMetadata(kind: CalicoKind, metadata: Readonly<Record<string, unknown>>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const key of Object.keys(metadata).filter((key) => !METADATA.has(key))) {
    const reason = `is not set by a program: metadata has ${[...METADATA].join(", ")}`;
    failures.push({ property: `metadata.${key}`, reason });
  }
  const { name, namespace, annotations } = metadata;
  if (typeof name !== "string" || name === "") {
    failures.push({ property: "metadata.name", reason: `must be the name of the ${kind}` });
  }
  const { namespaced } = CALICO_KINDS[kind];
  if (namespaced && (typeof namespace !== "string" || namespace === "")) {
    failures.push({ property: "metadata.namespace", reason: `must be given: a ${kind} belongs to a namespace` });
  }
  if (!namespaced && namespace !== undefined) {
    failures.push({ property: "metadata.namespace", reason: `must be left out: a ${kind} belongs to no namespace` });
  }
  if (isRecord(annotations) && OWNER in annotations) {
    failures.push({ property: `metadata.annotations["${OWNER}"]`, reason: "is set by Clocker; use another name" });
  }
  return failures;
}

/** Whether a value is unknown, or a text that was built from an unknown one. */
function mayDiffer(value: unknown): boolean {
  return typeof value === "string" && containsUnknown(value);
}

export function referenceFrom(kind: CalicoKind, { metadata }: Properties): Reference {
  const { name, namespace } = metadata as Metadata;
  return { kind, name, ...(CALICO_KINDS[kind].namespaced && { namespace }) };
}

export function wantedFrom(kind: CalicoKind, inputs: Properties): Wanted {
  const { labels, annotations } = inputs["metadata"] as Metadata;
  return {
    reference: referenceFrom(kind, inputs),
    labels: labels ?? {},
    annotations: annotations ?? {},
    spec: (inputs["spec"] ?? {}) as Spec,
    owner: String(inputs["owner"]),
    adopt: inputs["adopt"] === true,
  };
}

export function knownFrom(kind: CalicoKind, properties: Properties): Known {
  const { uid, replaced } = properties;
  return {
    ...wantedFrom(kind, properties),
    uid: typeof uid === "string" ? uid : undefined,
    replaced: (replaced ?? {}) as Spec,
  };
}

export function textsOf(value: unknown): Texts {
  return isRecord(value) ? (value as Texts) : {};
}
