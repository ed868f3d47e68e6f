import { Problems } from "./diagnostics";
import { readValue } from "./dsl/expression";
import { collectKeys, isHonoured, readConfig } from "./given";
import type { Identified } from "./ids";
import { inheritedKey } from "./keys";
import type { Expression } from "./model";
import { type Scope, subject } from "./scope";
import type { ServiceType } from "./types";
import { type Entry, isNull, type MapNode } from "./yaml/nodes";

/** `brooklyn.config` of the application or a group, for what stands below it; tells the keys that nothing inherits. */
export function configMap(entry: Entry | undefined, scope: Scope): MapNode | undefined {
  if (entry === undefined) return undefined;
  const entries = readConfig(entry, scope);
  for (const inner of entries) {
    const definition = inheritedKey(inner.key);
    if (definition === undefined || isNull(inner.value) || !isHonoured(inner, definition, scope)) continue;
    if (definition.inherited) continue;
    scope.problems.error(
      "not-inherited",
      inner.keyAt,
      `${subject(inner.key, scope)} is not passed on to services`,
      "write the key on each service that needs it",
    );
  }
  const inherited = entries.map((inner) => ({ ...inner, inherited: scope.service }));
  return { kind: "map", entries: inherited, secret: false, at: entry.value.at };
}

/** What `config("key")` reads there; lists and maps are left out where services inherit them and read them there. */
export function readInheritedConfig(config: MapNode | undefined, scope: Scope): Readonly<Record<string, Expression>> {
  const values = (config?.entries ?? []).flatMap(({ key, value }): [string, Expression][] => {
    if (inheritedKey(key) !== undefined && value.kind !== "scalar") return [];
    return [[key, readValue(value, `brooklyn.config.${key}`, scope) ?? { kind: "literal", value: null }]];
  });
  return Object.fromEntries(values);
}

/** The keys of a service that its children inherit. Its problems are told where the service itself is read. */
export function configOfService({ id, node }: Identified, type: ServiceType | undefined, scope: Scope): MapNode {
  const { keys } = collectKeys(node, undefined, type, { ...scope, problems: new Problems() });
  const entries = [...keys].flatMap(([key, [entry]]) =>
    entry === undefined || !inheritedKey(key)?.inherited ? [] : [{ ...entry, key, inherited: id }],
  );
  return { kind: "map", entries, secret: false, at: node.at };
}

/** Keys of an ancestor with those of a nearer one laid over them. */
export function layOver(far: MapNode | undefined, near: MapNode | undefined): MapNode | undefined {
  if (far === undefined || near === undefined) return near ?? far;
  return { ...near, entries: [...far.entries, ...near.entries] };
}
