import { isDeepStrictEqual } from "node:util";
import type { CalicoKind } from "./model/kinds";
import type { Metadata, Spec } from "./model/resource";

export function validateResource(
  _kind: CalicoKind,
  _metadata: Metadata,
  _spec: unknown,
  _isUnknown?: (value: unknown) => boolean,
): readonly { property: string; reason: string }[] {
  return [];
}

export function withDefaults(_kind: CalicoKind, spec: Spec): Record<string, unknown> {
  return { ...spec };
}

export function sameSpec(_kind: CalicoKind, a: Spec, b: Spec): boolean {
  return isDeepStrictEqual(a, b);
}
