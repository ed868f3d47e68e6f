import type { CheckFailure, Properties } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import { CALICO_KINDS, type CalicoKind } from "./model/kinds";
import {
  isRecord,
  type Metadata,
  NAME_AS_GIVEN,
  OWNER,
  type Reference,
  SHARED,
  type Spec,
  type Texts,
} from "./model/resource";
import type { Known, Wanted } from "./resource-changes";
import { validateResource } from "./validation/validate";

const RESERVED = new Set([OWNER, SHARED, NAME_AS_GIVEN]);
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
  failures.push(...checkMetadata(metadata));
  return [...failures, ...validateResource(kind, metadata as unknown as Metadata, spec, mayDiffer)];
}

/** A value that Felix cannot read may make it deaf to a kind, so nothing is written unchecked. @throws Error with all that is wrong. */
export function requireValid(kind: CalicoKind, inputs: Properties): void {
  const failures = checkInputs(kind, inputs);
  if (failures.length === 0) return;
  const list = failures.map(({ property, reason }) => `${property} ${reason}`).join("; ");
  throw new Error(`${kind} is not written: ${list}`);
}

function checkMetadata(metadata: Readonly<Record<string, unknown>>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const key of Object.keys(metadata).filter((key) => !METADATA.has(key))) {
    const reason = `is not set by a program: metadata has ${[...METADATA].join(", ")}`;
    failures.push({ property: `metadata.${key}`, reason });
  }
  const { annotations } = metadata;
  for (const key of isRecord(annotations) ? Object.keys(annotations).filter((key) => RESERVED.has(key)) : []) {
    failures.push({ property: `metadata.annotations["${key}"]`, reason: "is set by Clocker; use another name" });
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
  const { uid } = properties;
  return { ...wantedFrom(kind, properties), uid: typeof uid === "string" && uid !== "" ? uid : undefined };
}

export function textsOf(value: unknown): Texts {
  return isRecord(value) ? (value as Texts) : {};
}
