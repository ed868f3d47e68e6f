import { literalNode } from "../yaml/make";
import type { Node } from "../yaml/nodes";

/** A value that is one whatever it looks like: nothing in it is a function or an expression. */
export function literalOf(node: Node): Node {
  if (node.kind === "list") return { ...node, items: node.items.map(literalOf) };
  if (node.kind === "map") {
    return { ...node, entries: node.entries.map((entry) => ({ ...entry, value: literalOf(entry.value) })) };
  }
  return keepText(node);
}

/** A scalar whose text is no expression, though it begins like one. */
export function keepText(node: Extract<Node, { kind: "scalar" }>): Node {
  const isLike = typeof node.value === "string" && node.value.startsWith("$brooklyn:");
  return isLike ? literalNode(node.text, node.at, node.secret) : node;
}
