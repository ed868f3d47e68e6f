import { type Scope, subject } from "./scope";
import { type Entry, isExpression, type MapNode, type Node, type ScalarNode, show } from "./yaml/nodes";

/** What a reader is told besides the node: the key as written, for messages, and the scope. */
export interface Reading {
  readonly key: string;
  readonly scope: Scope;
}

/** How a key's value is read: messages name the application where the value is its own. */
export function readingOf(entry: Entry, scope: Scope): Reading {
  return { key: entry.key, scope: entry.inherited === undefined ? scope : { ...scope, inherited: entry.inherited } };
}

/** Tells that a value is not what its key takes; gives nothing, so that readers can return it. */
export function refuse(node: Node, reading: Reading, needs: string, remedy: string, code = "bad-type"): undefined {
  const { key, scope } = reading;
  if (isExpression(node)) {
    scope.problems.error(
      "expression-not-allowed",
      node.at,
      `${subject(key, scope)} cannot be an expression: it has to be known before anything is deployed`,
      remedy,
    );
  } else {
    scope.problems.error(code, node.at, `${subject(key, scope)} needs ${needs}, not ${show(node)}`, remedy);
  }
  return undefined;
}

/** Text as written; numbers keep their source form. */
export function readText(node: Node, reading: Reading, remedy: string): string | undefined {
  if (node.kind === "scalar" && !isExpression(node) && node.value !== null && node.text.trim() !== "") return node.text;
  return refuse(node, reading, "a text", remedy);
}

export function readBoolean(node: Node, reading: Reading): boolean | undefined {
  if (node.kind === "scalar" && /^(true|false)$/i.test(node.text)) return node.text.toLowerCase() === "true";
  return refuse(node, reading, "true or false", "write true or false");
}

/** A whole number between two bounds, also when it is written as text. */
export function readInteger(
  node: Node,
  reading: Reading,
  bounds: { readonly min: number; readonly max: number; readonly unit?: string },
): number | undefined {
  const value = node.kind === "scalar" ? wholeNumber(node) : undefined;
  if (value !== undefined && value >= bounds.min && value <= bounds.max) return value;
  const range = `a whole number from ${bounds.min} to ${bounds.max}`;
  return refuse(node, reading, range, `write ${range}${bounds.unit ? `, in ${bounds.unit}` : ""}`, "bad-number");
}

export function readList(node: Node, reading: Reading, remedy: string): readonly Node[] | undefined {
  return node.kind === "list" ? node.items : refuse(node, reading, "a list", remedy);
}

export function readMap(node: Node, reading: Reading, remedy: string): MapNode | undefined {
  return node.kind === "map" && !isExpression(node) ? node : refuse(node, reading, "a map", remedy);
}

export function wholeNumber(node: ScalarNode): number | undefined {
  const text = node.text.trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
