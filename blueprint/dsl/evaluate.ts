import { nearest } from "../../wording/suggest";
import type { Expression, Scalar } from "../model";
import { quote } from "../yaml/nodes";
import type { Evaluated, Setting } from "./evaluated";
import { FUNCTIONS, isFunction, METHODS, UNSUPPORTED_FUNCTIONS } from "./functions";
import { invoke } from "./invoke";
import type { Call, Syntax } from "./parse";

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
  const instead = UNSUPPORTED_FUNCTIONS.get(call.name);
  if (instead !== undefined) {
    problems.error("unsupported-function", at, `the function ${call.name} is not supported`, instead);
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
  const onComponent = target !== undefined && ["component", "group", "application"].includes(target.kind);
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
