import type { ItemUse } from "../catalog/item-use";
import type { Position, Scalar } from "../model";

/** A value of the blueprint with the place where it stands: what YAML and the stack's overrides are both turned into. */
export type Node = ScalarNode | ListNode | MapNode;

interface Written {
  /** The use of the catalog item that writes the value; absent for the blueprint and the stack. */
  readonly within?: ItemUse;
}

export interface ScalarNode extends Written {
  readonly kind: "scalar";
  readonly value: Scalar;
  /** The text as written, without quotes: `3.0` stays `3.0`. */
  readonly text: string;
  /** Columns from `at` to the first character of `text`; absent when the source is escaped or spans lines. */
  readonly textColumn?: number;
  /** True for encrypted configuration: never shown. */
  readonly secret: boolean;
  readonly at: Position;
}

export interface ListNode extends Written {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly secret: boolean;
  readonly at: Position;
}

export interface MapNode extends Written {
  readonly kind: "map";
  /** Of a service that is made of catalog items: each use of one that it stands for, the innermost first. */
  readonly uses?: readonly ItemUse[];
  readonly entries: readonly Entry[];
  readonly secret: boolean;
  readonly at: Position;
}

export interface Entry {
  readonly key: string;
  readonly keyAt: Position;
  readonly value: Node;
  /** Id of the entity whose key stands in for a service's own; the empty id is the application. */
  readonly inherited?: string;
  /** True for a key of the user's own that `brooklyn.parameters` declare. */
  readonly declared?: boolean;
}

/** Node of a plain JSON value, for values that come from the stack configuration. */
export function nodeOf(value: unknown, at: Position, secret: boolean): Node {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => nodeOf(item, { ...at, path: `${at.path}[${index}]` }, secret));
    return { kind: "list", items, secret, at };
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, child]) => {
      const keyAt = { ...at, path: joinPath(at.path, key) };
      return { key, keyAt, value: nodeOf(child, keyAt, secret) };
    });
    return { kind: "map", entries, secret, at };
  }
  const scalar = isScalar(value) ? value : String(value);
  return { kind: "scalar", value: scalar, text: scalar === null ? "" : String(scalar), textColumn: 0, secret, at };
}

/** The value in quotes for a message, or what kind of value it is; secrets are only named. */
export function show(node: Node): string {
  if (node.secret) return "the secret value";
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a map";
  return node.value === null ? "an empty value" : quote(node.text);
}

/** Text in single quotes, cut to a readable length. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return `'${line.length > 80 ? `${line.slice(0, 77)}...` : line}'`;
}

export function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}

/** The entry of a map under a key; undefined if there is none, or nothing in it. */
export function find(node: MapNode, key: string): Entry | undefined {
  const entry = node.entries.find((one) => one.key === key);
  return entry === undefined || isNull(entry.value) ? undefined : entry;
}

/** Text of a node that is a value; undefined for lists, maps and nothing. */
export function textOf(node: Node): string | undefined {
  return node.kind === "scalar" && !isNull(node) ? node.text : undefined;
}

/** True for a string that is written in the blueprint language, whatever its function. */
export function isExpressionText(node: Node): node is ScalarNode & { readonly value: string } {
  return node.kind === "scalar" && typeof node.value === "string" && node.value.startsWith("$brooklyn:");
}

/** True for a value of the blueprint language in either form, string or map. */
export function isExpression(node: Node): boolean {
  return (
    isExpressionText(node) || (node.kind === "map" && node.entries.some((entry) => entry.key.startsWith("$brooklyn:")))
  );
}

export function joinPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
