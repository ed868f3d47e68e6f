import { CALICO_KINDS, type CalicoKind } from "../../../../providers/calico/model/kinds";
import { validateResource } from "../../../../providers/calico/validation/validate";

/** A resource and the properties for which it is refused; none if it is valid. */
export interface Case {
  readonly claim: string;
  readonly kind: CalicoKind;
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: unknown;
  readonly refused: readonly string[];
  /** Calico's own client takes it although it has no effect, or another one than it says. */
  readonly stricter?: boolean;
}

export function metadataOf({ kind, name, namespace, labels, annotations }: Case) {
  const given = namespace ?? (CALICO_KINDS[kind].namespaced ? "default" : undefined);
  return { name: name ?? "x", ...(given !== undefined && { namespace: given }), labels, annotations };
}

/** The properties with problems, each once, in order. */
export function refusedProperties(given: Case, isUnknown?: (value: unknown) => boolean): string[] {
  const problems = validateResource(given.kind, metadataOf(given), given.spec, isUnknown);
  return [...new Set(problems.map(({ property }) => property))].sort();
}
