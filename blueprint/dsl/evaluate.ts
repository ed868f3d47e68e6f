import { nearest } from "../../wording/suggest";
import type { Expression, Position, Scalar } from "../model";
import type { Scope } from "../scope";
import { quote } from "../yaml/nodes";
import { evaluateComponent } from "./component";
import { FormatError, type FormatPart, parseFormat } from "./format";
import { FUNCTIONS, type FunctionName, isFunction, METHODS, UNSUPPORTED_FUNCTIONS } from "./functions";
import type { Call, Syntax } from "./parse";

/** What an expression stands for while it is evaluated: a value, or the application, which has configuration only. */
export type Evaluated = Expression | { readonly kind: "application" };

/** The value that an expression stands in: its scope, place, and whether it came out of encrypted configuration. */
export interface Setting {
  readonly scope: Scope;
  readonly at: Position;
  /** Place of a character of the expression. */
  readonly place: (offset: number) => Position;
  readonly secret: boolean;
}

type Arguments = readonly (Evaluated | undefined)[];

/** Gives the expression that the syntax means, or nothing after naming every problem. */
export function evaluate(syntax: Syntax, setting: Setting): Evaluated | undefined {
  if (syntax.kind === "literal") return literal(syntax.value, setting);
  const calls = joinNamespace(syntax.calls);
  let target: Evaluated | undefined;
  for (const [index, call] of calls.entries()) {
    const args = call.args?.map((arg) => evaluate(arg, setting));
    const result = evaluateCall(call, args, index === 0 ? undefined : target, index > 0, setting);
    if (result === undefined) return undefined;
    target = result;
  }
  return target;
}

export function literal(value: Scalar, setting: Pick<Setting, "secret">): Expression {
  return { kind: setting.secret ? "secret" : "literal", value };
}

/** `function.regexReplacement` is one name with a dot, not a call on a function. */
function joinNamespace(calls: readonly Call[]): readonly Call[] {
  const [first, second, ...rest] = calls;
  if (first?.name !== "function" || first.args !== undefined || second === undefined) return calls;
  return [{ ...second, name: `function.${second.name}`, offset: first.offset }, ...rest];
}

function evaluateCall(
  call: Call,
  args: Arguments | undefined,
  target: Evaluated | undefined,
  chained: boolean,
  setting: Setting,
): Evaluated | undefined {
  const at = setting.place(call.offset);
  const { problems } = setting.scope;
  if (UNSUPPORTED_FUNCTIONS.has(call.name)) {
    problems.error(
      "unsupported-function",
      at,
      `the function ${call.name} is not supported yet`,
      `write the value out, or use one of ${Object.keys(FUNCTIONS).join(", ")}`,
    );
    return undefined;
  }
  if (!isFunction(call.name)) {
    const similar = nearest(call.name, Object.keys(FUNCTIONS));
    problems.error(
      "unknown-function",
      at,
      setting.secret ? "a function of the secret value is unknown" : `there is no function ${quote(call.name)}`,
      `${similar ? `did you mean ${similar}? ` : ""}known functions: ${Object.keys(FUNCTIONS).join(", ")}`,
    );
    return undefined;
  }
  if (args === undefined) {
    problems.error(
      "missing-arguments",
      at,
      `the function ${call.name} stands without its arguments`,
      `write ${call.name}${FUNCTIONS[call.name]}`,
    );
    return undefined;
  }
  const onComponent = target?.kind === "component" || target?.kind === "application";
  if (chained && !(onComponent && METHODS.includes(call.name))) {
    problems.error(
      "bad-chain",
      at,
      onComponent
        ? `${call.name} cannot be called on a component`
        : `${call.name} is called on a value that is not a component`,
      `only ${METHODS.join(", ")} may follow component(...) after a dot`,
    );
    return undefined;
  }
  if (args.includes(undefined)) return undefined;
  return invoke(call.name, args as readonly Evaluated[], target, { ...setting, at });
}

function invoke(
  name: FunctionName,
  args: readonly Evaluated[],
  target: Evaluated | undefined,
  setting: Setting,
): Evaluated | undefined {
  const { scope, at } = setting;
  if (name === "formatString") return format(args, setting);
  if (name === "literal") {
    const [value] = args;
    if (args.length === 1 && (value?.kind === "literal" || value?.kind === "secret")) return value;
    return wrong(name, args.length, setting);
  }
  const texts = args.map(textOf);
  const [first, second] = texts;
  if (texts.includes(undefined)) return wrong(name, args.length, setting);
  if (name === "component" || name === "entity") {
    if (first === undefined || texts.length > 2) return wrong(name, args.length, setting);
    return second === undefined
      ? evaluateComponent("global", first, setting)
      : evaluateComponent(first, second, setting);
  }
  if (name === "external") {
    if (first === undefined || second === undefined || texts.length > 2) return wrong(name, args.length, setting);
    return { kind: "external", supplier: first, key: second, at };
  }
  if (name === "sensor") {
    if (first === undefined || texts.length > 2) return wrong(name, args.length, setting);
    return second === undefined
      ? { kind: "sensor", name: first, at }
      : { kind: "sensor", type: first, name: second, at };
  }
  if (first === undefined || texts.length > 1) return wrong(name, args.length, setting);
  const service = target?.kind === "component" ? target.service : target === undefined ? scope.service : "";
  if (name === "config") return { kind: "config", service, key: first, at };
  if (service !== "") return { kind: "attribute", service, sensor: first, at };
  scope.problems.error(
    "unsupported-reference",
    at,
    "the application itself has no sensors",
    'name a service: component("id").attributeWhenReady("sensor")',
  );
  return undefined;
}

function wrong(name: FunctionName, count: number, setting: Setting): undefined {
  setting.scope.problems.error(
    "wrong-arguments",
    setting.at,
    `the function ${name} cannot take the ${count === 1 ? "argument" : `${count} arguments`} given`,
    `write ${name}${FUNCTIONS[name]}, with names as text in double quotes`,
  );
  return undefined;
}

function textOf(arg: Evaluated): string | undefined {
  return (arg.kind === "literal" || arg.kind === "secret") && typeof arg.value === "string" && arg.value !== ""
    ? arg.value
    : undefined;
}

function format(args: readonly Evaluated[], setting: Setting): Expression | undefined {
  const { problems } = setting.scope;
  const [pattern, ...given] = args;
  const text = pattern && "value" in pattern && typeof pattern.value === "string" ? pattern.value : undefined;
  if (text === undefined) return wrong("formatString", args.length, setting);
  const values = given.filter((arg) => arg.kind !== "application" && arg.kind !== "component" && arg.kind !== "sensor");
  if (values.length !== given.length) return wrong("formatString", args.length, setting);
  const refuse = (message: string): undefined => {
    problems.error(
      "bad-format",
      setting.at,
      `cannot use the pattern of formatString: ${message}`,
      "use the directives %s %d %x %f of Java, %% for a percent sign, and one argument for each",
    );
    return undefined;
  };
  try {
    const parts = parseFormat(text);
    const used = new Set(parts.flatMap((part) => (part.kind === "directive" ? [part.index] : [])));
    const missing = [...used].find((index) => index >= values.length);
    if (missing !== undefined) {
      return refuse(`it needs ${Math.max(...used) + 1} arguments and has ${values.length}`);
    }
    if (values.some((_, index) => !used.has(index))) {
      problems.warning(
        "unused-argument",
        setting.at,
        `formatString has ${values.length} arguments, of which its pattern uses ${used.size}`,
        "remove the arguments that are not used, or add directives for them",
      );
    }
    return setting.secret
      ? hidePattern(parts, values, setting.at)
      : { kind: "format", pattern: text, args: values, at: setting.at };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return refuse(setting.secret ? "it is not a pattern of Java" : error.message);
  }
}

/** The text between directives is secret too, so it moves into arguments: a pattern may be shown, a secret never is. */
function hidePattern(parts: readonly FormatPart[], values: readonly Expression[], at: Position): Expression {
  const args = [...values];
  const pattern = parts.map((part) => {
    if (part.kind === "text") return `%${args.push({ kind: "secret", value: part.text })}$s`;
    const precision = part.precision === undefined ? "" : `.${part.precision}`;
    return `%${part.index + 1}$${part.flags}${part.width || ""}${precision}${part.conversion}`;
  });
  return { kind: "format", pattern: pattern.join(""), args, at };
}
