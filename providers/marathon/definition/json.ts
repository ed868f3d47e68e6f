export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; none if it is no list, an unknown for example. */
export function objects(value: unknown): readonly Json[] {
  return list(value).filter(isObject);
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

export function without(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** A copy without null and undefined, which mean "not given" to Marathon. */
export function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null && item !== undefined).map(withoutNull);
  if (!isObject(value)) return value;
  const given = Object.entries(value).filter(([, child]) => child !== null && child !== undefined);
  return Object.fromEntries(given.map(([key, child]) => [key, withoutNull(child)]));
}

/** Text that is equal for equal values, whatever the order of keys. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, child: unknown) =>
    isObject(child) ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1))) : child,
  );
}
