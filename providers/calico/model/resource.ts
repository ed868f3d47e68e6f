import { type CalicoKind, isPolicy } from "./kinds";

export interface Reference {
  readonly kind: CalicoKind;
  readonly name: string;
  /** Given exactly for the namespaced kinds. */
  readonly namespace?: string | undefined;
}

export type Texts = Readonly<Record<string, string>>;
export type Spec = Readonly<Record<string, unknown>>;

export interface Metadata {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly labels?: Texts | undefined;
  readonly annotations?: Texts | undefined;
}

/** A resource as etcd holds it. What other versions of Calico add beside these fields is kept. */
export interface StoredResource {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: Metadata & { readonly uid?: string | undefined; readonly creationTimestamp?: string | null };
  readonly spec: Spec;
}

/** Annotation by which a resource is known to be ours: the project, the stack and the resource's name there. */
export const OWNER = "clocker.owner";

/** Annotation of a shared resource that says who has merged what into it. */
export const SHARED = "clocker.shared";

/** Annotation in which Calico's clients keep a policy's name as it was given. */
export const NAME_AS_GIVEN = "projectcalico.org/metadata";
const TIER_LABEL = "projectcalico.org/tier";

/** Tier of a policy: the part of its name before the first dot, where Calico takes it from. */
export function tierOf(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? "default" : name.slice(0, dot);
}

/**
 * Name under which a resource is stored. A policy's begins with its tier; where it is given with the tier, all versions since
 * 3.29 store it alike, without it those up to 3.31 put `default.` before it.
 */
export function storedName({ kind, name }: Reference): string {
  return isPolicy(kind) && !name.includes(".") ? `default.${name}` : name;
}

/** Labels that Calico's own clients set on a resource of this kind. */
export function impliedLabels({ kind, name, namespace }: Reference, spec: Spec): Texts {
  if (isPolicy(kind)) return { [TIER_LABEL]: tierOf(name) };
  if (kind !== "WorkloadEndpoint") return {};
  return {
    "projectcalico.org/namespace": namespace ?? "",
    "projectcalico.org/orchestrator": String(spec["orchestrator"] ?? ""),
  };
}

/** Annotations that Calico's own clients set on a resource of this kind. */
export function impliedAnnotations({ kind, name }: Reference): Texts {
  return isPolicy(kind) ? { [NAME_AS_GIVEN]: JSON.stringify({ name }) } : {};
}

/** A resource from whatever a key holds; what is missing is empty. Undefined if the text was no JSON object. */
export function asResource(value: unknown, { kind, name, namespace }: Reference): StoredResource | undefined {
  if (!isRecord(value)) return undefined;
  const metadata = isRecord(value["metadata"]) ? value["metadata"] : {};
  return {
    kind,
    apiVersion: "projectcalico.org/v3",
    ...value,
    metadata: { name, ...(namespace !== undefined && { namespace }), ...metadata },
    spec: isRecord(value["spec"]) ? value["spec"] : {},
  };
}

/** `IPPool shop` or `NetworkSet default/web`, for messages. */
export function describe({ kind, name, namespace }: Reference): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
