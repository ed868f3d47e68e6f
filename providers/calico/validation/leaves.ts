import { didYouMean } from "../../../wording/suggest";
import { durationText, parseDuration } from "./duration";
import type { Findings } from "./finding";
import { child, isObject, type Shape } from "./shape";

/** `pointer`: the field is a pointer in Calico's types, so that its zero value is stored and differs from absence. */
interface Pointer {
  readonly pointer?: boolean;
}

/** A shape for one plain value. `stored` is called for values of any type. */
export function leaf(
  check: (value: unknown, at: string, findings: Findings) => void,
  stored: (value: unknown) => unknown,
  compared: (value: unknown) => unknown = stored,
): Shape {
  return { check, stored, compared };
}

/** Drops an empty text, as Go does. */
export function unlessEmpty(value: unknown): unknown {
  return value === "" ? undefined : value;
}

/** Drops the zero value of the field's type, unless it is a pointer. */
function keep(pointer: boolean | undefined, zero: unknown): (value: unknown) => unknown {
  return (value) => (!pointer && value === zero ? undefined : value);
}

interface TextRule extends Pointer {
  readonly valid?: RegExp | ((text: string) => boolean);
  /** Continues "… is not". */
  readonly allowed: string;
  readonly remedy: string;
  /** An empty text is refused, not read as absent. */
  readonly filled?: boolean;
}

export function text({ valid, allowed, remedy, pointer, filled }: TextRule): Shape {
  const holds = valid instanceof RegExp ? (given: string) => valid.test(given) : valid;
  return leaf(
    (value, at, findings) => {
      if (value === "" && !filled) return;
      if (typeof value !== "string" || (holds && !holds(value))) findings.refuse(at, value, allowed, remedy);
    },
    keep(pointer, ""),
  );
}

export function anyText(pointer = false): Shape {
  return text({ allowed: "a text", remedy: "put it in quotes", pointer });
}

export function oneOf(
  values: readonly string[],
  { pointer, filled = pointer }: Pointer & { filled?: boolean } = {},
): Shape {
  return leaf(
    (value, at, findings) => {
      if (value === "" && !filled) return;
      if (typeof value === "string" && values.includes(value)) return;
      const meant = typeof value === "string" ? didYouMean(value, values) : "";
      findings.refuse(at, value, `one of ${values.join(", ")}${meant}`, "write one of them, in this spelling");
    },
    keep(pointer, ""),
  );
}

export function flag({ pointer }: Pointer = {}): Shape {
  return leaf(
    (value, at, findings) => {
      if (typeof value !== "boolean") findings.refuse(at, value, "true or false", "write it without quotes");
    },
    keep(pointer, false),
  );
}

export function integer({ min, max, pointer }: Pointer & { readonly min: number; readonly max: number }): Shape {
  return leaf(
    (value, at, findings) => {
      if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return;
      findings.refuse(at, value, `a whole number from ${min} to ${max}`, "give such a number, without quotes");
    },
    keep(pointer, 0),
  );
}

/** A number of any size; Calico's types hold it as a pointer. */
export function decimal(): Shape {
  return leaf(
    (value, at, findings) => {
      if (typeof value === "number" && Number.isFinite(value)) return;
      findings.refuse(at, value, "a number", "give a number without quotes: a text here stops Felix reading this kind");
    },
    (value) => value,
  );
}

export function duration(): Shape {
  const normal = (value: unknown) => {
    const nanoseconds = typeof value === "string" ? parseDuration(value) : undefined;
    return nanoseconds === undefined ? value : durationText(nanoseconds);
  };
  return leaf((value, at, findings) => {
    if (typeof value === "string" && parseDuration(value) !== undefined) return;
    findings.refuse(at, value, "a duration", "write a number with a unit, such as 90s, 1m30s or 250ms");
  }, normal);
}

interface TextsRule extends Pointer {
  /** What a key must be, or undefined for one that may stand. */
  readonly keyProblem: (key: string) => string | undefined;
  /** Continues "… is not" for a key. */
  readonly allowed: string;
}

/** Texts by free keys. */
export function texts({ keyProblem, allowed, pointer }: TextsRule): Shape {
  return leaf(
    (value, at, findings) => {
      if (!isObject(value)) {
        findings.refuse(at, value, "an object of texts", "write key: 'text'");
        return;
      }
      for (const [name, given] of Object.entries(value)) {
        const problem = keyProblem(name);
        if (problem) findings.refuse(child(at, name), name, allowed, problem);
        if (given !== undefined && !findings.isUnknown(given) && typeof given !== "string") {
          findings.refuse(child(at, name), given, "a text", "put it in quotes");
        }
      }
    },
    (value) => (!pointer && isObject(value) && Object.keys(value).length === 0 ? undefined : value),
  );
}

/** A text that Go's regexp would compile, as far as JavaScript can tell. */
export function pattern(): Shape {
  return text({ valid: compiles, allowed: "a regular expression", remedy: "write one in Go's syntax (RE2)" });
}

function compiles(source: string): boolean {
  // Go has flags and named groups that JavaScript writes otherwise, and neither look-around nor back references.
  if (/\(\?(=|!|<=|<!)|\\[1-9]/.test(source)) return false;
  try {
    new RegExp(source.replace(/\(\?[imsU-]+\)/g, "").replaceAll("(?P<", "(?<"));
    return true;
  } catch {
    return false;
  }
}
