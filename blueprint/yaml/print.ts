import { Scalar, stringify } from "yaml";
import type { Node } from "./nodes";

/** Nodes as YAML text that is read as the same nodes again, their places apart. Encrypted values are written like others. */
export function printYaml(root: Node): string {
  return stringify(plain(root), { lineWidth: 120, aliasDuplicateObjects: false });
}

function plain(node: Node): unknown {
  if (node.kind === "list") return node.items.map(plain);
  // A Map keeps the order of keys that look like numbers, such as host ports.
  if (node.kind === "map") return new Map(node.entries.map(({ key, value }) => [text(key), plain(value)]));
  // What is written in another way than JavaScript would, such as 3.0, is a text to every reader.
  return typeof node.value === "number" && String(node.value) !== node.text ? node.text : text(node.value);
}

/** A text that is something else where it stands bare: a merge key, or a byte order mark that belongs to the file. */
function text(value: unknown): unknown {
  if (typeof value !== "string" || (value !== "<<" && !value.startsWith("\ufeff"))) return value;
  const scalar = new Scalar(value);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
