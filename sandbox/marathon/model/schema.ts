import { isObject, type Json } from "./json";

/** One fault of a request body: `path` like `/healthChecks(0)/port`, `error` one of Marathon's keys or texts. */
export interface Problem {
  readonly path: string;
  readonly error: string;
}

/** Reads a value, appends what is wrong to `problems`, returns the value with defaults filled in. */
export type Reader = (value: Json, path: string, problems: Problem[]) => Json | undefined;

export interface Field {
  readonly reader: Reader;
  readonly required?: boolean;
  readonly fallback?: Json;
}

export type Fields = Readonly<Record<string, Field>>;

const INT_MAX = 2_147_483_647;
const LONG_MAX = 2 ** 63;
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

export function optional(reader: Reader, fallback?: Json): Field {
  return fallback === undefined ? { reader } : { reader, fallback };
}

export function required(reader: Reader): Field {
  return { reader, required: true };
}

/** The same fields, none required and without defaults: a partial update. */
export function partial(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { reader: field.reader }]));
}

export function text(limits: { minLength?: number; maxLength?: number; pattern?: RegExp } = {}): Reader {
  return (value, path, problems) => {
    if (typeof value !== "string") return fail(problems, path, "error.expected.jsstring");
    if (limits.minLength !== undefined && value.length < limits.minLength) fail(problems, path, "error.minLength");
    if (limits.maxLength !== undefined && value.length > limits.maxLength) fail(problems, path, "error.maxLength");
    if (limits.pattern && !limits.pattern.test(value)) fail(problems, path, "error.pattern");
    return value;
  };
}

export function integer(limits: { min?: number; max?: number; long?: boolean } = {}): Reader {
  return (value, path, problems) => {
    if (typeof value !== "number") return fail(problems, path, "error.expected.jsnumber");
    const lowest = limits.long ? -LONG_MAX : -INT_MAX - 1;
    const highest = limits.long ? LONG_MAX - 1 : INT_MAX;
    if (!Number.isInteger(value) || value < lowest || value > highest)
      return fail(problems, path, limits.long ? "error.expected.long" : "error.expected.int");
    return inRange(value, limits, path, problems);
  };
}

export function decimal(limits: { min?: number; max?: number } = {}): Reader {
  return (value, path, problems) =>
    typeof value === "number"
      ? inRange(value, limits, path, problems)
      : fail(problems, path, "error.expected.jsnumber");
}

export const flag: Reader = (value, path, problems) =>
  typeof value === "boolean" ? value : fail(problems, path, "error.expected.jsboolean");

export const isoDate: Reader = (value, path, problems) => {
  if (typeof value !== "string") return fail(problems, path, "error.expected.date");
  return ISO_DATE.test(value) && !Number.isNaN(Date.parse(value))
    ? new Date(value).toISOString()
    : fail(problems, path, "error.expected.date.isoformat");
};

/** One of `names`, whatever its case; gives the name as listed. */
export function literal(...names: string[]): Reader {
  return (value, path, problems) => {
    const wanted = typeof value === "string" ? value.toLowerCase() : undefined;
    const known = names.find((name) => name.toLowerCase() === wanted);
    return known ?? fail(problems, path, "error.unknown.enum.literal");
  };
}

/** The first of the readers that finds no fault; if all do, what the last one found. */
export function firstOf(...readers: Reader[]): Reader {
  return (value, path, problems) => {
    let found: Problem[] = [];
    for (const reader of readers) {
      found = [];
      const read = reader(value, path, found);
      if (found.length === 0) return read;
    }
    problems.push(...found);
    return undefined;
  };
}

/** A list; Marathon counts its elements, but does not hold them to limits of their own. */
export function list(item: Reader, limits: { minItems?: number } = {}): Reader {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return fail(problems, path, "error.expected.jsarray");
    if (value.length < (limits.minItems ?? 0)) return fail(problems, path, "error.minLength");
    return value.map((element: Json, index) => item(element, `${path}(${index})`, problems) ?? null);
  };
}

/** A list in which equal elements count once. */
export function set(item: Reader, limits: { minItems?: number } = {}): Reader {
  const read = list(item, limits);
  return (value, path, problems) => {
    const elements = read(value, path, problems);
    if (!Array.isArray(elements)) return undefined;
    const seen = new Map(elements.map((element: Json) => [JSON.stringify(element), element]));
    return [...seen.values()];
  };
}

export function record(item: Reader): Reader {
  return (value, path, problems) => {
    if (!isObject(value)) return fail(problems, path, "error.expected.jsobject");
    const entries = Object.entries(value).map(([key, element]) => [
      key,
      item(element ?? null, `${path}/${key}`, problems),
    ]);
    return Object.fromEntries(entries);
  };
}

/**
 * An object with limits, lists or maps among its fields; unknown keys are dropped, null counts as absent. As in Marathon
 * anything else than an object counts as one without fields, and is at fault only where a field is required.
 */
export function object(fields: Fields): Reader {
  return (value, path, problems) => {
    const given = isObject(value) ? value : {};
    return readFields(fields, given, path, problems, (name) =>
      isObject(value)
        ? `'${name}' is undefined on object: ${JSON.stringify(value)}`
        : `${JSON.stringify(value)} is not an object`,
    );
  };
}

/** An object with plain fields only: those Marathon reads by other means, with other words. */
export function plainObject(fields: Fields): Reader {
  return (value, path, problems) =>
    isObject(value)
      ? readFields(fields, value, path, problems, () => "error.path.missing")
      : fail(problems, path, "error.expected.jsobject");
}

/** A field whose default also stands in for a value of the wrong type. */
export function forgiving(reader: Reader, fallback: Json): Field {
  return { reader: (value, path) => reader(value, path, []) ?? fallback, fallback };
}

function readFields(
  fields: Fields,
  given: { readonly [key: string]: Json | undefined },
  path: string,
  problems: Problem[],
  missing: (name: string) => string,
): Json {
  const result: Record<string, Json> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = given[name];
    if (value === undefined || (value === null && !field.required)) {
      if (field.required) fail(problems, `${path}/${name}`, missing(name));
      if (field.fallback !== undefined) result[name] = field.fallback;
      continue;
    }
    const read = field.reader(value, `${path}/${name}`, problems);
    if (read !== undefined) result[name] = read;
  }
  return result;
}

/** Problems of one path together, as Marathon lists them. */
export function details(problems: readonly Problem[]): { path: string; errors: string[] }[] {
  const byPath = new Map<string, string[]>();
  for (const problem of problems) byPath.set(problem.path, [...(byPath.get(problem.path) ?? []), problem.error]);
  return [...byPath].map(([path, errors]) => ({ path, errors }));
}

function inRange(
  value: number,
  limits: { min?: number; max?: number },
  path: string,
  problems: Problem[],
): number | undefined {
  if (limits.min !== undefined && value < limits.min) return fail(problems, path, "error.min");
  if (limits.max !== undefined && value > limits.max) return fail(problems, path, "error.max");
  return value;
}

function fail(problems: Problem[], path: string, error: string): undefined {
  problems.push({ path, error });
  return undefined;
}
