import { nearest } from "../wording/suggest";
import { coerce, PARAMETER_TYPES, parameterType } from "./coerce";
import { type JavaRegex, JavaRegexError, parseRegex } from "./dsl/regex";
import { type Scope, subject } from "./scope";
import { readBoolean, readText } from "./values";
import { type Entry, isExpression, isNull, type MapNode, type Node, quote, show } from "./yaml/nodes";

const KEY = "brooklyn.parameters";
const KEYS = ["name", "label", "description", "type", "default", "constraints", "pinned"];
const ITEM = "write `- name: ...` with type, default and constraints, or the name alone";

/** A configuration key that an entity declares. */
export interface Parameter {
  readonly name: string;
  /** One of PARAMETER_TYPES. */
  readonly type: string;
  readonly default?: Node;
  readonly required: boolean;
  readonly patterns: readonly { readonly text: string; readonly regex: JavaRegex }[];
  readonly at: Node["at"];
}

/** `brooklyn.parameters`; those that cannot be read are told and left out. */
export function readParameters(entry: Entry | undefined, scope: Scope): readonly Parameter[] {
  if (entry === undefined || isNull(entry.value)) return [];
  if (entry.value.kind !== "list") {
    const message = `${subject(KEY, scope)} needs a list, not ${show(entry.value)}`;
    scope.problems.error("bad-type", entry.value.at, message, ITEM);
    return [];
  }
  const found = new Map<string, Parameter>();
  for (const [index, item] of entry.value.items.entries()) {
    const parameter = readParameter(item, index, scope);
    if (parameter === undefined) continue;
    const { name, at } = parameter;
    if (found.has(name)) {
      const message = `${subject(KEY, scope)} declares ${quote(name)} twice`;
      scope.problems.error("duplicate-parameter", at, message, "keep one of the two");
    } else found.set(name, parameter);
  }
  return [...found.values()];
}

function readParameter(item: Node, index: number, scope: Scope): Parameter | undefined {
  const what = `${KEY}[${index}]`;
  const { problems } = scope;
  const map: MapNode =
    item.kind === "map" && !isExpression(item)
      ? item
      : { kind: "map", entries: [{ key: "name", keyAt: item.at, value: item }], secret: false, at: item.at };
  const keys = new Map(map.entries.map((entry) => [entry.key, entry.value]));
  for (const { key, keyAt } of map.entries) {
    if (KEYS.includes(key)) continue;
    const similar = nearest(key, KEYS);
    problems.error(
      "unknown-key",
      keyAt,
      `${subject(what, scope)} has the unknown key ${quote(key)}`,
      similar === undefined ? `use ${KEYS.join(", ")}` : `did you mean '${similar}'?`,
    );
  }
  const text = (key: string) => {
    const node = keys.get(key);
    return node && !isNull(node) ? readText(node, { key: `${what}.${key}`, scope }, "write a text") : undefined;
  };
  const name = text("name");
  const nameNode = keys.get("name");
  if (nameNode === undefined || isNull(nameNode)) {
    problems.error("bad-type", item.at, `${subject(what, scope)} has no name`, ITEM);
  }
  text("label");
  text("description");
  const pinned = keys.get("pinned");
  if (pinned !== undefined) readBoolean(pinned, { key: `${what}.pinned`, scope });
  const written = text("type") ?? "string";
  const type = parameterType(written);
  if (type === undefined) {
    problems.error(
      "unsupported-parameter-type",
      keys.get("type")?.at ?? item.at,
      `${subject(what, scope)} has the type ${quote(written)}`,
      `use one of ${PARAMETER_TYPES.join(", ")}; other Java classes have no values here`,
    );
  }
  const given = keys.get("default");
  const constraints = readConstraints(keys.get("constraints"), what, scope);
  if (name === undefined || type === undefined) return undefined;
  return {
    name,
    type,
    ...(given !== undefined && !isNull(given) && { default: given }),
    ...constraints,
    at: nameNode?.at ?? item.at,
  };
}

function readConstraints(node: Node | undefined, what: string, scope: Scope): Pick<Parameter, "required" | "patterns"> {
  let required = false;
  const patterns: { text: string; regex: JavaRegex }[] = [];
  const items = node === undefined || isNull(node) ? [] : node.kind === "list" ? node.items : [node];
  for (const item of items) {
    const [entry, ...others] = item.kind === "map" ? item.entries : [];
    if (item.kind === "scalar" && item.text === "required") {
      required = true;
    } else if (entry?.key === "regex" && others.length === 0 && entry.value.kind === "scalar") {
      try {
        patterns.push({ text: entry.value.text, regex: parseRegex(entry.value.text) });
      } catch (error) {
        if (!(error instanceof JavaRegexError)) throw error;
        scope.problems.error(
          "bad-regex",
          entry.value.at,
          `a constraint of ${subject(what, scope)} cannot be used: ${error.message}`,
          "write a regular expression of java.util.regex for the whole value",
        );
      }
    } else {
      const shown = item.kind === "map" ? quote(item.entries.map(({ key }) => key).join(", ")) : show(item);
      scope.problems.error(
        "unsupported-constraint",
        item.at,
        `${subject(what, scope)} has the constraint ${shown}`,
        "use required, or regex: with a pattern; predicates are Java objects, which do not run here",
      );
    }
  }
  return { required, patterns };
}

/** A value as the parameter has it. Gives nothing after telling why it cannot be; expressions are not known yet. */
export function checkValue(node: Node, parameter: Parameter, scope: Scope): Node | undefined {
  if (isExpression(node)) return node;
  const { name, type, patterns, required } = parameter;
  const value = coerce(node, type, { key: name, scope });
  if (value === undefined) return undefined;
  const broken = patterns.find(({ regex }) => !regex.matches(value.text));
  if (broken !== undefined) {
    scope.problems.error(
      "bad-parameter",
      node.at,
      `${subject(name, scope)} cannot be ${show(node)}: its parameter has a constraint`,
      `write a value that matches ${quote(broken.text)}`,
    );
    return undefined;
  }
  if (!required || value.text.trim() !== "") return value;
  tellMissing(parameter, node.at, scope);
  return undefined;
}

export function tellMissing({ name }: Parameter, at: Node["at"], scope: Scope): void {
  scope.problems.error(
    "missing-parameter",
    at,
    `${subject(name, scope)} is required and has no value`,
    `write it under brooklyn.config, e.g. \`${name}: ...\`, or give the parameter a default`,
  );
}
