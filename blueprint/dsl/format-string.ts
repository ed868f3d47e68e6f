import type { Expression, Position } from "../model";
import { type Evaluated, isValue, type Setting } from "./evaluated";
import { FormatError, type FormatPart, parseFormat } from "./format";

/** `formatString`: undefined if it does not take these arguments, null after another problem is told. */
export function formatString(args: readonly Evaluated[], setting: Setting): Expression | undefined | null {
  const { problems } = setting.scope;
  const [pattern, ...given] = args;
  const text = pattern && "value" in pattern && typeof pattern.value === "string" ? pattern.value : undefined;
  if (text === undefined) return undefined;
  const values = given.filter(isValue);
  if (values.length !== given.length) return undefined;
  const refuse = (message: string): null => {
    problems.error(
      "bad-format",
      setting.at,
      `cannot use the pattern of formatString: ${message}`,
      "use the directives %s %d %x %f of Java, %% for a percent sign, and one argument for each",
    );
    return null;
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
