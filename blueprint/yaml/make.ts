import type { Position } from "../model";
import type { Entry, ListNode, MapNode, Node, ScalarNode } from "./nodes";

/** Nodes that a front end makes; each stands where the value comes from that it is made of. */

export function textNode(value: string, at: Position, secret = false): ScalarNode {
  return { kind: "scalar", value, text: value, secret, at };
}

export function numberNode(value: number, at: Position): ScalarNode {
  return { kind: "scalar", value, text: String(value), secret: false, at };
}

export function listNode(items: readonly Node[], at: Position): ListNode {
  return { kind: "list", items, secret: false, at };
}

export function mapNode(entries: readonly Entry[], at: Position): MapNode {
  return { kind: "map", entries, secret: false, at };
}

export function entryOf(key: string, value: Node, keyAt: Position = value.at): Entry {
  return { key, keyAt, value };
}

/** Text that stays text: one that begins like an expression is marked as none. */
export function literalNode(value: string, at: Position, secret = false): Node {
  if (!value.startsWith("$brooklyn:")) return textNode(value, at, secret);
  return { ...mapNode([entryOf("$brooklyn:literal", textNode(value, at, secret))], at), secret };
}

/** `$brooklyn:component("id")`. */
export function componentNode(id: string, at: Position): ScalarNode {
  return textNode(`$brooklyn:component(${JSON.stringify(id)})`, at);
}
