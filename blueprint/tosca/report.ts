import { nearest } from "../../wording/suggest";
import type { Problems } from "../diagnostics";
import { type Entry, find, isNull, type MapNode, type Node, quote, show } from "../yaml/nodes";

/** The entries of a map under a key; what is no map is told. */
export function entriesOf(node: MapNode, key: string, where: string, problems: Problems): readonly Entry[] {
  const value = find(node, key)?.value;
  if (value === undefined) return [];
  if (value.kind === "map") return value.entries;
  problems.error("bad-type", value.at, `${key} of ${where} needs a map, not ${show(value)}`, "write a map");
  return [];
}

export function unsupported(at: Node["at"], what: string, where: string, remedy: string, problems: Problems): void {
  problems.error("unsupported-key", at, `${what} of ${where} is not supported`, remedy);
}

export function ignored(at: Node["at"], what: string, where: string, remedy: string, problems: Problems): void {
  problems.warning("ignored-key", at, `${what} of ${where} has no effect`, remedy);
}

/** What becomes of a key: read elsewhere, passed over, or refused with what to do. */
export type KeyTable = Readonly<Record<string, "read" | { readonly ignored: string } | { readonly refused: string }>>;

/** Names the keys of a map that a table does not let pass. */
export function checkKeys(node: MapNode, table: KeyTable, where: string, problems: Problems): void {
  for (const { key, keyAt, value } of node.entries) {
    const treatment = Object.hasOwn(table, key) ? table[key] : undefined;
    if (treatment === undefined) {
      const similar = nearest(key, Object.keys(table));
      problems.error(
        "unknown-key",
        keyAt,
        `${where} has the key ${quote(key)}, which TOSCA does not know there`,
        similar === undefined ? `use ${Object.keys(table).join(", ")}` : `did you mean '${similar}'?`,
      );
    } else if (treatment !== "read" && !isEmpty(value)) {
      if ("ignored" in treatment) ignored(keyAt, key, where, treatment.ignored, problems);
      else unsupported(keyAt, key, where, treatment.refused, problems);
    }
  }
}

function isEmpty(value: Node): boolean {
  if (value.kind === "scalar") return isNull(value);
  return (value.kind === "list" ? value.items : value.entries).length === 0;
}
