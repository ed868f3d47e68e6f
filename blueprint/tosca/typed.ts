import { nearest } from "../../wording/suggest";
import type { Problems } from "../diagnostics";
import { entryOf, mapNode } from "../yaml/make";
import { find, isExpression, isNull, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { checkConstraints } from "./constraints";
import { type DataType, dataType, refuseDataType } from "./data-types";
import type { Definitions } from "./definitions";
import { literalOf } from "./literal";
import { SCALARS } from "./scalars";

/** What is needed to tell the mistakes of a value. */
export interface Typing {
  readonly definitions: Definitions;
  readonly problems: Problems;
  /** What a part of the value is called, by the keys and indices that lead there. */
  name(path: readonly string[]): string;
}

/** Most fields that defaults add to one value: types that hold each other may ask for any number. */
const MOST_DEFAULTS = 10_000;

/** The value with the defaults of the fields of its type that it does not give. */
export function completed(value: Node, definition: MapNode | undefined, definitions: Definitions): Node {
  const budget = { left: MOST_DEFAULTS };
  return definition === undefined ? value : complete(value, definition, []);

  function complete(node: Node, by: MapNode, trail: readonly Node[]): Node {
    const type = typeOf(by, definitions);
    if (type === undefined || node.kind === "scalar" || isExpression(node)) return node;
    const inner = entrySchema(by, type);
    if (type.base === "list" && node.kind === "list" && inner) {
      return { ...node, items: node.items.map((item) => complete(item, inner, trail)) };
    }
    if (node.kind !== "map") return node;
    const entries = node.entries.map((entry) => {
      const field = type.base === "map" ? inner : type.fields.get(entry.key);
      return field === undefined ? entry : { ...entry, value: complete(entry.value, field, trail) };
    });
    const added = [...type.fields].flatMap(([key, field]) => {
      const preset = find(field, "default")?.value;
      // A default that holds itself has no end.
      if (preset === undefined || find(node, key) || trail.includes(preset) || budget.left === 0) return [];
      budget.left -= 1;
      return [entryOf(key, complete(literalOf(preset), field, [...trail, preset]))];
    });
    return { ...node, entries: [...entries.filter(({ key }) => !added.some((one) => one.key === key)), ...added] };
  }
}

/** Tells what in a value is not of its type or does not keep a constraint, each mistake for itself. The value is evaluated and completed. */
export function checkTyped(value: Node, definition: MapNode, typing: Typing, path: readonly string[] = []): void {
  const { definitions, problems } = typing;
  // What is known only while things run cannot be judged.
  if (isExpression(value)) return;
  const what = typing.name(path);
  const written = find(definition, "type")?.value;
  const type = typeOf(definition, definitions);
  if (written !== undefined && type === undefined) {
    refuseDataType(written, path.length === 0 ? what : "a value", typing);
    return;
  }
  const refusal = type && refusalOf(value, type);
  if (refusal !== undefined) {
    const reason = `it needs the type ${written === undefined ? type?.base : textOf(written)}`;
    problems.error("bad-value", value.at, `${what} cannot be ${show(value)}: ${reason}`, `write ${refusal}`);
    return;
  }
  for (const holder of [definition, ...(type?.definitions ?? [])]) {
    checkConstraints(value, holder, type?.base ?? "", what, problems);
  }
  if (type !== undefined) checkParts(value, definition, type, typing, path);
}

function checkParts(value: Node, definition: MapNode, type: DataType, typing: Typing, path: readonly string[]): void {
  const inner = entrySchema(definition, type);
  if (value.kind === "list" && type.base === "list" && inner) {
    for (const [index, item] of value.items.entries()) checkTyped(item, inner, typing, [...path, String(index)]);
  }
  if (value.kind !== "map") return;
  const keys = type.base === "map" ? schemaOf("key_schema", definition, type) : undefined;
  for (const { key, keyAt, value: part } of value.entries) {
    const field = type.base === "map" ? inner : type.fields.get(key);
    const here = [...path, key];
    if (keys !== undefined) {
      const node: Node = { kind: "scalar", value: key, text: key, secret: false, at: keyAt };
      checkTyped(node, keys, { ...typing, name: () => `the key ${quote(key)} of ${typing.name(path)}` });
    }
    if (field !== undefined) {
      // Nothing is written there: it is told below if it is needed.
      if (type.base === "map" || !isNull(part)) checkTyped(part, field, typing, here);
    } else if (type.base === "fields") {
      const similar = nearest(key, type.fields.keys());
      const remedy = similar === undefined ? `use ${[...type.fields.keys()].join(", ")}` : `did you mean '${similar}'?`;
      const message = `${typing.name(here)} is no property of its type ${typeName(definition)}`;
      typing.problems.error("unknown-property", keyAt, message, type.fields.size === 0 ? "remove it" : remedy);
    }
  }
  for (const [key, field] of type.fields) {
    if (find(value, key)) continue;
    const required = find(field, "required")?.value;
    const preset = find(field, "default");
    if (preset !== undefined) {
      const message = `${typing.name([])} cannot take the default of ${quote(key)}: it holds itself, or there are more than ${MOST_DEFAULTS}`;
      typing.problems.error("property-cycle", value.at, message, "write the value out");
    } else if (required === undefined || textOf(required) !== "false") {
      const message = `${typing.name([...path, key])} is needed by the type ${typeName(definition)} and has no value`;
      typing.problems.error("missing-property", value.at, message, `write \`${key}: ...\` there`);
    }
  }
}

/** What to write in place of a value that is not of the type; undefined if it is. */
function refusalOf(value: Node, { base, fields }: DataType): string | undefined {
  if (base === "list") return value.kind === "list" ? undefined : "a list, e.g. [a, b]";
  if (base === "map") return value.kind === "map" ? undefined : "a map, e.g. { a: b }";
  if (base === "fields") {
    return value.kind === "map" ? undefined : `a map of ${[...fields.keys()].join(", ") || "nothing: {}"}`;
  }
  if (base === "range")
    return isRange(value) ? undefined : "two whole numbers, the lower first, e.g. [1, 4] or [1, UNBOUNDED]";
  const scalar = SCALARS[base];
  const text = textOf(value);
  if (text !== undefined && (base === "string" || scalar?.order(text) !== undefined)) return undefined;
  return scalar?.form ?? "another value";
}

function isRange(value: Node): boolean {
  const [low, high, ...more] = value.kind === "list" ? value.items.map((item) => textOf(item) ?? "") : [];
  if (low === undefined || high === undefined || more.length > 0 || !/^[-+]?\d+$/.test(low)) return false;
  return high === "UNBOUNDED" || (/^[-+]?\d+$/.test(high) && Number(low) <= Number(high));
}

function typeOf(definition: MapNode, definitions: Definitions): DataType | undefined {
  const written = find(definition, "type")?.value;
  return written && dataType(textOf(written) ?? "", definitions);
}

function typeName(definition: MapNode): string {
  const written = find(definition, "type")?.value;
  return quote((written && textOf(written)) ?? "");
}

function entrySchema(definition: MapNode, type: DataType): MapNode | undefined {
  return schemaOf("entry_schema", definition, type);
}

/** The definition of what a list or map holds, which may be the name of a type alone. */
function schemaOf(key: "entry_schema" | "key_schema", definition: MapNode, type: DataType): MapNode | undefined {
  const [found] = [definition, ...type.definitions].flatMap((holder) => find(holder, key)?.value ?? []);
  if (found === undefined || found.kind === "map") return found;
  return mapNode([entryOf("type", found)], found.at);
}
