import path from "node:path";
import type { Node } from "../yaml/nodes";
import { PLACE_KEYS } from "./read";

/** A document in the Brooklyn form for a file of another folder: relative paths of what images are built of lead to the same places. */
export function moveBuilds(node: Node, folder: string): Node {
  if (node.kind === "list") return { ...node, items: node.items.map((item) => moveBuilds(item, folder)) };
  if (node.kind === "scalar") return node;
  const entries = node.entries.map((entry) => ({
    ...entry,
    value: PLACE_KEYS.includes(entry.key) ? movePlace(entry.value, folder) : moveBuilds(entry.value, folder),
  }));
  return { ...node, entries };
}

function movePlace(node: Node, folder: string): Node {
  if (node.kind !== "scalar" || typeof node.value !== "string" || /^(?:\/|[a-z][a-z0-9+-]*:|\$)/i.test(node.value))
    return node;
  const text = path.relative(folder, path.join(path.dirname(node.at.file), node.value)) || ".";
  return { ...node, value: text, text, textColumn: undefined };
}
