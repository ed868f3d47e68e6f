import { readAdjuncts } from "./adjuncts/read";
import { asksNothing, isHonoured, refuseUnknown } from "./given";
import type { Identified } from "./ids";
import { configMap, readInheritedConfig } from "./inheritance";
import { configKey, topKey } from "./keys";
import { readLocations } from "./locations";
import type { Group, LocationReference } from "./model";
import { type Scope, subject } from "./scope";
import { typeEntry } from "./service";
import { isSameServerType } from "./types";
import { readText } from "./values";
import { type Entry, isNull, type MapNode, textOf as plainText } from "./yaml/nodes";

/** A group with what those below it inherit. */
export interface DraftGroup {
  readonly group: Group;
  readonly locations: readonly LocationReference[];
  readonly defaults: MapNode | undefined;
}

/** Reads a service that only holds others. */
export function readGroup({ id, node }: Identified, scope: Scope): DraftGroup {
  for (const entry of node.entries) checkKey(entry, scope);
  if (scope.entities.childrenOf(id).length === 0) {
    scope.problems.warning(
      "empty-group",
      node.at,
      `service '${id}' runs nothing: its type only holds others, and it has no brooklyn.children`,
      "list services under its brooklyn.children, or remove it",
    );
  }
  const find = (key: string) => node.entries.find((entry) => entry.key === key);
  const defaults = configMap(find("brooklyn.config"), scope);
  const name = textOf(find("name"), scope);
  const description = textOf(find("description"), scope);
  const parent = scope.entities.parentOf(id);
  const written = typeEntry(node)?.value;
  const type = (written && plainText(written)) ?? "";
  const { sensors } = readAdjuncts(node.entries, scope);
  return {
    group: {
      id,
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(parent && { parent }),
      ...(isSameServerType(type) && { sameServer: true }),
      config: readInheritedConfig(defaults, scope),
      ...(Object.keys(sensors).length > 0 && { sensors }),
      at: node.at,
    },
    locations: readLocations(
      node.entries.filter(({ key }) => key === "location" || key === "locations"),
      scope,
    ),
    defaults,
  };
}

function checkKey(entry: Entry, scope: Scope): void {
  const definition = topKey(entry.key);
  if (definition === undefined) {
    refuseUnknown(entry, scope);
  } else if (definition.name === "brooklyn.tags" && !isNull(entry.value) && !asksNothing(entry.value)) {
    scope.problems.warning(
      "ignored-key",
      entry.keyAt,
      `${subject(entry.key, scope)} has no effect: it runs nothing that could carry a label`,
      "write the tags on its children",
    );
  } else if (isHonoured(entry, definition, scope) && configKey(entry.key) !== undefined && definition.name !== "id") {
    scope.problems.error(
      "misplaced-key",
      entry.keyAt,
      `${subject(entry.key, scope)} means nothing to its type, which runs nothing itself`,
      `write ${definition.name} under its brooklyn.config if its children are to have it, or on one of them`,
    );
  }
}

function textOf(entry: Entry | undefined, scope: Scope): string | undefined {
  if (entry === undefined || isNull(entry.value)) return undefined;
  return readText(entry.value, { key: entry.key, scope }, "write a text");
}
