import { nearest } from "../../wording/suggest";
import { listOf, type Scope, subject } from "../scope";
import { type Entry, isNull, type MapNode, type Node, quote, show } from "../yaml/nodes";
import type { AdjunctKey, AdjunctKind, AdjunctType } from "./definition";

/** `type`, `policy_type`, `policyType` and so on, by where it stands. */
export function typeKeys(kind: AdjunctKind): readonly string[] {
  return ["type", `${kind}_type`, `${kind}Type`];
}

/** How messages call an adjunct. */
export function labelOf({ name }: AdjunctType, node: Node): string {
  return node.secret ? "the secret value" : name;
}

/** The configuration by canonical names, out of `brooklyn.config` and the older `brooklyn.flags`. */
export function readKeys(
  node: MapNode,
  type: AdjunctType,
  known: readonly AdjunctKey[],
  scope: Scope,
): ReadonlyMap<string, Entry> {
  const { problems } = scope;
  const whose = subject(labelOf(type, node), scope);
  const top = [...type.kinds.flatMap(typeKeys), "brooklyn.config", "brooklyn.flags", "brooklyn.catalog"];
  const found = new Map<string, Entry>();
  for (const entry of node.entries) {
    const { key, keyAt, value } = entry;
    if (!top.includes(key)) {
      const similar = nearest(key, top);
      const remedy = `${similar ? `did you mean '${similar}'? ` : ""}beside its type there is brooklyn.config alone`;
      const inside = definitionOf(key, known) !== undefined;
      problems.error(
        "unknown-key",
        keyAt,
        `${whose} has the unknown key ${quote(key)}`,
        inside ? "write it under its brooklyn.config" : remedy,
      );
    } else if (key === "brooklyn.catalog") {
      problems.warning("ignored-key", keyAt, `brooklyn.catalog of ${whose} has no effect`, "remove it");
    } else if ((key === "brooklyn.config" || key === "brooklyn.flags") && !isNull(value)) {
      if (value.kind === "map") for (const inner of value.entries) add(inner, found, known, whose, scope);
      else {
        const remedy = "write keys and values, one a line";
        problems.error("bad-type", value.at, `${key} of ${whose} needs a map, not ${show(value)}`, remedy);
      }
    }
  }
  return found;
}

function definitionOf(written: string, known: readonly AdjunctKey[]): AdjunctKey | undefined {
  return known.find(({ name, aliases }) => name === written || aliases.includes(written));
}

function add(
  entry: Entry,
  found: Map<string, Entry>,
  known: readonly AdjunctKey[],
  whose: string,
  { problems }: Scope,
): void {
  const { key, keyAt } = entry;
  const definition = definitionOf(key, known);
  if (definition === undefined) {
    const similar = nearest(
      key,
      known.flatMap(({ name, aliases }) => [name, ...aliases]),
    );
    problems.error(
      "unknown-key",
      keyAt,
      `${whose} has the unknown key ${quote(key)}`,
      similar === undefined ? `its keys are ${listOf(known.map(({ name }) => name))}` : `did you mean '${similar}'?`,
    );
    return;
  }
  const first = found.get(definition.name);
  if (first !== undefined) {
    problems.error(
      "duplicate-key",
      keyAt,
      `${whose} has ${definition.name} twice, first as ${first.key}`,
      `keep one of ${listOf([first.key, key])}`,
    );
  } else if (!isNull(entry.value)) {
    found.set(definition.name, entry);
  }
}
