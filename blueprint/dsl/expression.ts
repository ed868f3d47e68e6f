import type { Expression, Position, Scalar } from "../model";
import { type Scope, subject } from "../scope";
import { isExpressionText, type MapNode, type Node, quote, type ScalarNode, show } from "../yaml/nodes";
import { evaluate, literal } from "./evaluate";
import { type Evaluated, isValue, type Setting } from "./evaluated";
import { FUNCTIONS, isFunction } from "./functions";
import { parseSyntax, type Syntax } from "./parse";
import { ExpressionSyntaxError, PREFIX } from "./tokens";

const COMPONENT = [
  "a component",
  'take one of its values, e.g. component("id").attributeWhenReady("host.address") or component("id").config("key")',
] as const;
/** What gives no value of a process, and what to do; all others are components. */
const NO_VALUE: Readonly<Record<string, readonly [gives: string, remedy: string]>> = {
  sensor: [
    "a sensor",
    'read its value: component("id").attributeWhenReady("sensor"); the sensor itself stands in keys of enrichers, such as enricher.targetSensor',
  ],
  function: [
    "a function",
    "write regexReplacement(source, pattern, replacement) for the value; the function itself stands in enricher.transformation of a Transformer",
  ],
};

/** Reads a value of `env`, `commands` or `brooklyn.config`: a scalar, or an expression that gives one. */
export function readValue(node: Node, what: string, scope: Scope): Expression | undefined {
  const value = readExpression(node, what, scope);
  if (value === undefined) return undefined;
  if (isValue(value)) return value;
  const [gives, remedy] = NO_VALUE[value.kind] ?? COMPONENT;
  scope.problems.error(
    "not-a-value",
    node.at,
    `${subject(what, scope)} needs a value, and ${show(node)} gives ${gives}`,
    remedy,
  );
  return undefined;
}

/** Reads an expression in text or map form, or a plain scalar. */
export function readExpression(node: Node, what: string, scope: Scope): Evaluated | undefined {
  if (isExpressionText(node)) {
    const setting = settingOf(node, scope);
    const syntax = parse(node.value, what, setting);
    return syntax && evaluate(syntax, setting);
  }
  if (node.kind === "scalar") return literal(scalarOf(node), node);
  if (node.kind === "map" && node.entries.some((entry) => entry.key.startsWith(PREFIX))) {
    const syntax = parseMap(node, what, scope);
    const { at, secret, within } = node;
    return syntax && evaluate(syntax, { scope, at, place: () => at, secret, within });
  }
  scope.problems.error(
    "bad-type",
    node.at,
    `${subject(what, scope)} needs a single value, not ${show(node)}`,
    "write text, a number, true or false, or an expression that begins with $brooklyn:",
  );
  return undefined;
}

/** A number is kept as text where JavaScript would write it in another way: `3.0`, `0x1f`, `1e3`. */
function scalarOf(node: ScalarNode): Scalar {
  return typeof node.value === "number" && String(node.value) !== node.text ? node.text : node.value;
}

function settingOf(node: ScalarNode, scope: Scope): Setting {
  const place = (offset: number): Position => {
    const { column } = node.at;
    if (column === undefined || node.textColumn === undefined) return node.at;
    return { ...node.at, column: column + node.textColumn + offset };
  };
  return { scope, at: node.at, place, secret: node.secret, within: node.within };
}

function parse(text: string, what: string, setting: Setting): Syntax | undefined {
  try {
    return parseSyntax(text);
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    const reason = setting.secret
      ? "the secret value is not well formed"
      : `${error.message}, at character ${error.offset + 1} of ${quote(text)}`;
    setting.scope.problems.error(
      "expression-syntax",
      setting.place(error.offset),
      `cannot read the expression in ${subject(what, setting.scope)}: ${reason}`,
      "write $brooklyn:function(\"argument\", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }",
    );
    return undefined;
  }
}

/** `{$brooklyn:fn: argument}` or `{$brooklyn:fn: [arguments]}`, the function with the value's arguments. */
function parseMap(node: MapNode, what: string, scope: Scope): Syntax | undefined {
  const [entry, ...others] = node.entries;
  if (entry === undefined || others.length > 0) {
    scope.problems.error(
      "expression-syntax",
      node.at,
      `cannot read the expression in ${subject(what, scope)}: a map with a $brooklyn: key has other keys too`,
      "keep the $brooklyn: key alone in its map",
    );
    return undefined;
  }
  const setting: Setting = { scope, at: entry.keyAt, place: () => entry.keyAt, secret: node.secret };
  const head = parse(entry.key, what, setting);
  if (head?.kind !== "chain") return undefined;
  const last = head.calls.at(-1);
  if (last === undefined || last.args !== undefined) {
    scope.problems.error(
      "expression-syntax",
      entry.keyAt,
      `cannot read the expression in ${subject(what, scope)}: the key ${quote(entry.key)} has arguments already`,
      "put the expression in one text, or leave out the brackets in the key",
    );
    return undefined;
  }
  const given = entry.value.kind === "list" ? entry.value.items : [entry.value];
  const joined = head.calls.map((call) => call.name).join(".");
  const name = isFunction(joined) ? joined : last.name;
  const args = given.map((value) => argument(value, name, what, scope));
  if (args.includes(undefined)) return undefined;
  const calls = [...head.calls.slice(0, -1), { ...last, args: args as Syntax[] }];
  return { ...head, calls };
}

function argument(node: Node, name: string, what: string, scope: Scope): Syntax | undefined {
  if (node.kind === "scalar" && (name === "literal" || !isExpressionText(node))) {
    return { kind: "literal", value: scalarOf(node), offset: 0 };
  }
  if (isExpressionText(node)) return parse(node.value, what, settingOf(node, scope));
  if (node.kind === "map" && node.entries.some((entry) => entry.key.startsWith(PREFIX))) {
    return parseMap(node, what, scope);
  }
  // Functions that take maps and lists are not supported: their name is the problem to tell, not the argument.
  if (!isFunction(name)) return { kind: "literal", value: null, offset: 0 };
  scope.problems.error(
    "wrong-arguments",
    node.at,
    `the function ${name} in ${subject(what, scope)} cannot take ${show(node)} as an argument`,
    `write ${name}${FUNCTIONS[name]}`,
  );
  return undefined;
}
