import { didYouMean } from "../../../wording/suggest";
import { type Findings, show } from "./finding";

/**
 * What a value of a spec may be. One table of shapes per kind says at once what is valid, what Calico's own client stores of
 * it, and what counts as equal. (A zod schema yields nothing when one part is unknown or wrong; here the rest is still read.)
 */
export interface Shape {
  /** Called for values that are given and known. */
  check(value: unknown, at: string, findings: Findings): void;
  /** What stays in the datastore; undefined if the field is left out. A value that is not understood stays as it is. */
  stored(value: unknown): unknown;
  /** A form that is equal for values that mean the same; undefined if the value means no more than its absence. */
  compared(value: unknown): unknown;
}

/** A field of an object. */
export interface Field extends Shape {
  /** What to do when it is missing; a field without this may be missing. */
  readonly required?: string;
  /** What Calico's client writes where the field is missing. */
  readonly written?: unknown;
}

export type Fields = Readonly<Record<string, Field>>;

export function required(shape: Shape, remedy: string): Field {
  return { ...bound(shape), required: remedy };
}

export function written(shape: Shape, value: unknown): Field {
  return { ...bound(shape), written: value };
}

/** Equal to its absence when it has this value. */
export function assumed(shape: Shape, value: unknown): Field {
  const same = JSON.stringify(shape.compared(value));
  return {
    ...bound(shape),
    compared: (given) => {
      const compared = shape.compared(given);
      return JSON.stringify(compared) === same ? undefined : compared;
    },
  };
}

function bound(shape: Shape): Shape {
  const { check, stored, compared } = shape;
  return { check, stored, compared };
}

/** `kept`: an object without fields is stored too, as for a Go pointer. */
export function struct(fields: Fields, options: { readonly kept?: boolean } = {}): Shape {
  const names = Object.keys(fields);
  const needed = names.filter((name) => fields[name]?.required !== undefined);
  const fixed = names.filter((name) => fields[name]?.written !== undefined);

  function convert(value: unknown, how: "stored" | "compared"): unknown {
    if (!isObject(value)) return value === null ? undefined : value;
    const result: Record<string, unknown> = {};
    for (const [name, given] of Object.entries(value)) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const converted = given === null ? undefined : field ? field[how](given) : given;
      if (converted !== undefined) result[name] = converted;
    }
    if (how === "stored") for (const name of fixed) result[name] ??= structuredClone(fields[name]?.written);
    return Object.keys(result).length > 0 || (options.kept && how === "stored") ? result : undefined;
  }

  return {
    check(value, at, findings) {
      if (!isObject(value)) {
        findings.refuse(at, value, "an object", `its fields are: ${names.join(", ")}`);
        return;
      }
      for (const [name, given] of Object.entries(value)) {
        if (given === undefined) continue;
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        if (!field) findings.add(child(at, name), unknownField(name, names));
        else if (findings.present(given)) field.check(given, child(at, name), findings);
      }
      for (const name of needed) {
        const missing = findings.absent(value[name]);
        if (missing) findings.add(child(at, name), `'${name}' is missing; ${fields[name]?.required}`);
      }
    },
    stored: (value) => convert(value, "stored"),
    compared: (value) => convert(value, "compared"),
  };
}

function unknownField(name: string, names: readonly string[]): string {
  return `unknown field '${name}'${didYouMean(name, names)}; Calico would ignore it without a word. Known here: ${names.join(", ")}`;
}

interface ListOptions {
  /** The order says nothing, nor does a repetition. */
  readonly set?: boolean;
  /** No two elements may be the same. */
  readonly unique?: boolean;
  /** An empty list is stored too and differs from none. */
  readonly kept?: boolean;
}

export function list(element: Shape, { set = false, unique = false, kept = false }: ListOptions = {}): Shape {
  const size = (values: unknown[]) => (values.length > 0 || kept ? values : undefined);
  return {
    check(value, at, findings) {
      if (!Array.isArray(value)) {
        findings.refuse(at, value, "a list", "write [ … ], also around a single element");
        return;
      }
      value.forEach((each: unknown, index) => {
        const place = `${at}[${index}]`;
        if (each === undefined || each === null || each === "")
          findings.add(place, "an element is missing; leave it out or give it");
        else if (!findings.isUnknown(each)) element.check(each, place, findings);
        if (unique && each !== null && !findings.isUnknown(each) && value.indexOf(each) < index) {
          findings.add(place, `${show(each)} is there more than once; leave it out`);
        }
      });
    },
    // An element is never left out.
    stored: (value) => (Array.isArray(value) ? size(value.map((each) => element.stored(each) ?? each ?? null)) : value),
    compared(value) {
      if (!Array.isArray(value)) return value;
      // An element that means nothing more still counts as one.
      const all = value.map((each: unknown) => element.compared(each) ?? null);
      if (!set) return size(all);
      return size(
        [...new Map(all.map((each) => [orderKey(each), each])).entries()].sort(byKey).map(([, each]) => each),
      );
    },
  };
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function orderKey(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? "";
}

/** The value with the keys of every object in order, so that equal values have equal JSON. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `at.name`, or `at["na me"]` where the name is no word. */
export function child(at: string, name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? `${at}.${name}` : `${at}[${JSON.stringify(name)}]`;
}
