import { APPLICATION } from "../hierarchy";
import type { Expression } from "../model";
import { evaluateComponent, find } from "./component";
import { type Evaluated, isValue, type Setting } from "./evaluated";
import { FormatError, formatJava } from "./format";
import { formatString } from "./format-string";
import { FUNCTIONS, type FunctionName, type ScopeName } from "./functions";
import { JavaRegexError, parseRegex } from "./regex";

interface Call {
  readonly args: readonly Evaluated[];
  /** The arguments as texts; undefined for what is none. */
  readonly texts: readonly (string | undefined)[];
  /** Id of the entity that the function is called on: the one of the value if none is named. */
  readonly base: string;
  readonly setting: Setting;
}

/** Gives the function's value, undefined if it does not take these arguments, or null after another problem is told. */
type Handler = (call: Call) => Evaluated | undefined | null;

const HANDLERS: Readonly<Record<FunctionName, Handler>> = {
  component: scoped,
  entity: scoped,
  self: (call) => inScope("this", call, 0),
  parent: (call) => inScope("parent", call, 0),
  root: (call) => inScope("root", call, 0),
  scopeRoot: (call) => inScope("scopeRoot", call, 0),
  child: (call) => inScope("child", call, 1),
  sibling: (call) => inScope("sibling", call, 1),
  descendant: (call) => inScope("descendant", call, 1),
  ancestor: (call) => inScope("ancestor", call, 1),
  application,
  attributeWhenReady,
  config: ({ texts: [key], args, base, setting }) =>
    key === undefined || args.length > 1 ? undefined : { kind: "config", service: base, key, at: setting.at },
  sensor: ({ texts: [first, second], args, setting: { at } }) => {
    if (first === undefined || args.length > 2) return undefined;
    if (args.length === 1) return { kind: "sensor", name: first, at };
    return second === undefined ? undefined : { kind: "sensor", type: first, name: second, at };
  },
  entityId: ({ args, base, setting: { scope } }) =>
    args.length > 0 ? undefined : { kind: "literal", value: base === APPLICATION ? scope.application : base },
  location,
  formatString: ({ args, setting }) => formatString(args, setting),
  regexReplacement,
  "function.regexReplacement": replacingFunction,
  urlEncode: ({ args: [value], args, setting: { at } }) =>
    value !== undefined && args.length === 1 && isValue(value) ? { kind: "urlEncode", argument: value, at } : undefined,
  literal: ({ args: [value], args }) =>
    args.length === 1 && (value?.kind === "literal" || value?.kind === "secret") ? value : undefined,
  external: ({ texts: [supplier, key], args, setting: { at } }) =>
    supplier === undefined || key === undefined || args.length > 2
      ? undefined
      : { kind: "external", supplier, key, at },
};

/** Calls a function; gives nothing after telling why it cannot be called so. */
export function invoke(
  name: FunctionName,
  args: readonly Evaluated[],
  target: Evaluated | undefined,
  setting: Setting,
): Evaluated | undefined {
  const result = HANDLERS[name]({ args, texts: args.map(textOf), base: baseOf(target, setting), setting });
  if (result !== undefined) return result ?? undefined;
  setting.scope.problems.error(
    "wrong-arguments",
    setting.at,
    `the function ${name} cannot take the ${args.length === 1 ? "argument" : `${args.length} arguments`} given`,
    `write ${name}${FUNCTIONS[name]}, with names as text in double quotes`,
  );
  return undefined;
}

function baseOf(target: Evaluated | undefined, { scope }: Setting): string {
  if (target?.kind === "component") return target.service;
  if (target?.kind === "group") return target.group;
  return target === undefined ? scope.service : APPLICATION;
}

/** A name that is known before anything is deployed. */
function textOf(arg: Evaluated): string | undefined {
  const text = arg.kind === "format" ? formatted(arg) : "value" in arg ? arg.value : undefined;
  return typeof text === "string" && text !== "" ? text : undefined;
}

function formatted({ pattern, args }: Extract<Expression, { kind: "format" }>): string | undefined {
  const values = args.flatMap((arg) => (arg.kind === "literal" ? [arg.value] : []));
  try {
    return values.length === args.length ? formatJava(pattern, values) : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function scoped({ texts: [first, second], args, base, setting }: Call): ReturnType<Handler> {
  if (first === undefined || args.length > 2) return undefined;
  if (args.length === 1) return find("global", first, base, setting) ?? null;
  return second === undefined ? undefined : (evaluateComponent(first, second, base, setting) ?? null);
}

function inScope(where: ScopeName, { texts: [id = ""], args, base, setting }: Call, count: 0 | 1): ReturnType<Handler> {
  if (args.length !== count || (count === 1 && id === "")) return undefined;
  return find(where, id, base, setting) ?? null;
}

function application({ texts: [id], args, setting }: Call): ReturnType<Handler> {
  if (id === undefined || args.length > 1) return undefined;
  if (id === setting.scope.application) return { kind: "application" };
  setting.scope.problems.error(
    "unknown-application",
    setting.at,
    setting.secret ? "the secret value names another application" : `'${id}' is not the id of this application`,
    `a stack holds one application, '${setting.scope.application}'; pass what is needed of another one through the stack's overrides or secrets`,
  );
  return null;
}

/** What has no process has the sensors of its enrichers, which are all known only when the whole blueprint is read. */
function attributeWhenReady({ texts: [sensor], args, base, setting: { at } }: Call): ReturnType<Handler> {
  if (sensor === undefined || args.length > 1) return undefined;
  return { kind: "attribute", service: base, sensor, at };
}

/** A service has one location, whose index is 0. */
function location({ args, base, setting }: Call): ReturnType<Handler> {
  const [index] = args;
  const value = index !== undefined && "value" in index ? index.value : undefined;
  if (args.length > 1 || (args.length === 1 && value !== 0 && value !== "0")) return undefined;
  if (setting.scope.services.has(base)) return { kind: "location", service: base, at: setting.at };
  setting.scope.problems.error(
    "unsupported-reference",
    setting.at,
    base === APPLICATION
      ? "the application itself runs nowhere: each of its services has a location"
      : `service '${base}' runs nothing itself and has no location`,
    'name a service: component("id").location()',
  );
  return null;
}

function regexReplacement({ args, setting }: Call): ReturnType<Handler> {
  const [source, ...rest] = args;
  if (source === undefined || !isValue(source)) return undefined;
  const replacing = regexFunction(rest, setting);
  return replacing && { kind: "regex", source, ...replacing, at: setting.at };
}

function replacingFunction({ args, setting }: Call): ReturnType<Handler> {
  const replacing = regexFunction(args, setting);
  return replacing && { kind: "function", ...replacing, at: setting.at };
}

/** Pattern and replacement, undefined if they are none, null after another problem is told. */
function regexFunction(
  [pattern, replacement, ...others]: readonly Evaluated[],
  setting: Setting,
): { readonly pattern: Expression; readonly replacement: Expression } | undefined | null {
  if (pattern === undefined || replacement === undefined || others.length > 0) return undefined;
  if (!isValue(pattern) || !isValue(replacement)) return undefined;
  try {
    // What is not known yet is judged when it is deployed.
    const known = "value" in pattern ? parseRegex(String(pattern.value)) : undefined;
    if (known !== undefined && "value" in replacement) {
      known.checkReplacement(String(replacement.value));
    }
  } catch (error) {
    if (!(error instanceof JavaRegexError)) throw error;
    setting.scope.problems.error(
      "bad-regex",
      setting.at,
      `cannot use the pattern of regexReplacement: ${setting.secret ? "it is not one of Java that runs here" : error.message}`,
      "write a regular expression of java.util.regex without possessive quantifiers, atomic groups and intersections, and a replacement with $1 or ${name} for groups",
    );
    return null;
  }
  return { pattern, replacement };
}
