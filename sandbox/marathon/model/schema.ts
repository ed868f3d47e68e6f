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
    const widest = limits.long ? Number.MAX_SAFE_INTEGER : INT_MAX;
    if (!Number.isInteger(value) || Math.abs(value) > widest)
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

export const isoDate: Reader = (value, path, problems) =>
  typeof value === "string" && ISO_DATE.test(value) && !Number.isNaN(Date.parse(value))
    ? new Date(value).toISOString()
    : fail(problems, path, "error.expected.date.isoformat");

/** One of `names`, whatever its case; gives the name as listed. */
export function literal(...names: string[]): Reader {
  return (value, path, problems) => {
    if (typeof value !== "string") return fail(problems, path, "error.expected.jsstring");
    const known = names.find((name) => name.toLowerCase() === value.toLowerCase());
    return known ?? fail(problems, path, "error.unknown.enum.literal");
  };
}

export function list(item: Reader): Reader {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return fail(problems, path, "error.expected.jsarray");
    return value.map((element: Json, index) => item(element, `${path}(${index})`, problems) ?? null);
  };
}

/** A list in which equal elements count once. */
export function set(item: Reader): Reader {
  const read = list(item);
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

/** An object; unknown keys are dropped, null counts as absent. */
export function object(fields: Fields): Reader {
  const firstRequired = Object.entries(fields).find(([, field]) => field.required)?.[0];
  return (value, path, problems) => {
    if (!isObject(value)) {
      if (firstRequired === undefined) return fail(problems, path, "error.expected.jsobject");
      return fail(problems, `${path}/${firstRequired}`, `${JSON.stringify(value)} is not an object`);
    }
    const result: Record<string, Json> = {};
    for (const [name, field] of Object.entries(fields)) {
      const given = value[name];
      if (given === undefined || (given === null && !field.required)) {
        if (field.required)
          fail(problems, `${path}/${name}`, `'${name}' is undefined on object: ${JSON.stringify(value)}`);
        if (field.fallback !== undefined) result[name] = field.fallback;
        continue;
      }
      const read = field.reader(given, `${path}/${name}`, problems);
      if (read !== undefined) result[name] = read;
    }
    return result;
  };
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
