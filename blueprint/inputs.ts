import { nearest } from "../wording/suggest";
import type { Problems } from "./diagnostics";
import type { Diagnostic, Position } from "./model";
import { listOf } from "./scope";
import { type Node, nodeOf } from "./yaml/nodes";

const FILE = "clocker:inputs";
const HIDDEN = "[secret]";
/** Shorter ones stand in every text. */
const LEAST = 4;

/** What a blueprint is given from outside, by name: values of its parameters, inputs or variables. */
export class Inputs {
  /** @param secret True if the values come out of encrypted configuration. */
  constructor(
    private readonly values: Readonly<Record<string, unknown>> = {},
    readonly secret = false,
  ) {}

  get names(): readonly string[] {
    return Object.keys(this.values);
  }

  /** The value with its place in the stack's settings; undefined if none is given. */
  get(name: string): Node | undefined {
    if (!Object.hasOwn(this.values, name)) return undefined;
    return nodeOf(this.values[name], place(name), this.secret);
  }

  /** Tells the values whose names are not among those that the blueprint knows. */
  tellUnknown(known: Iterable<string>, what: string, problems: Problems): void {
    const names = new Set(known);
    for (const name of this.names.filter((one) => !names.has(one))) {
      const similar = nearest(name, names);
      problems.error(
        "unknown-input",
        place(name),
        `a value is given for '${name}', which is no ${what} of the blueprint`,
        similar === undefined
          ? `remove it; ${what}s of this blueprint: ${listOf(names)}`
          : `did you mean '${similar}'?`,
      );
    }
  }

  /** The diagnostic without values that are secret. */
  hide(diagnostic: Diagnostic): Diagnostic {
    const texts = this.secret ? textsIn(Object.values(this.values)) : [];
    const hidden = (text: string) => texts.reduce((all, one) => all.replaceAll(one, HIDDEN), text);
    return { ...diagnostic, message: hidden(diagnostic.message), remedy: hidden(diagnostic.remedy) };
  }
}

function place(path: string): Position {
  return { file: FILE, path };
}

/** The longest first: one may be part of another. */
function textsIn(values: readonly unknown[]): readonly string[] {
  const found = values.flatMap((value): readonly string[] => {
    if (typeof value === "object" && value !== null) return textsIn(Object.values(value));
    return [String(value)];
  });
  return found.filter(({ length }) => length >= LEAST).sort((a, b) => b.length - a.length);
}
