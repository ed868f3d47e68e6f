import { CALICO_KINDS, type CalicoKind } from "./kinds";
import { type Reference, storedName } from "./resource";

const RESOURCES = "/calico/resources/v3/projectcalico.org/";

export function keyOf(reference: Reference): string {
  return `${prefixOf(reference.kind, reference.namespace)}${storedName(reference)}`;
}

/** Prefix of the keys of a kind, or of those in one namespace. */
export function prefixOf(kind: CalicoKind, namespace?: string): string {
  return `${RESOURCES}${CALICO_KINDS[kind].plural}/${namespace === undefined ? "" : `${namespace}/`}`;
}

/** What a key below `prefixOf(kind)` names. */
export function referenceOf(kind: CalicoKind, key: string): Reference {
  const rest = key.slice(prefixOf(kind).length);
  if (!CALICO_KINDS[kind].namespaced) return { kind, name: rest };
  const slash = rest.indexOf("/");
  return { kind, namespace: rest.slice(0, slash), name: rest.slice(slash + 1) };
}
