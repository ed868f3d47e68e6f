import { topKey } from "./keys";
import { checkValue, type Parameter, readParameters, tellMissing } from "./parameters";
import { type Scope, subject } from "./scope";
import { type Entry, isNull, type MapNode } from "./yaml/nodes";

/** What an entity has from those above it. */
export interface Declared {
  readonly parameters: readonly Parameter[];
  /** Keys that have a value already. */
  readonly names: ReadonlySet<string>;
}

export const NOTHING_DECLARED: Declared = { parameters: [], names: new Set() };

/**
 * Puts the values of `brooklyn.parameters` where configuration is read: those given, under brooklyn.config or by their bare names, in
 * the parameter's type, and defaults where no ancestor has a value.
 */
export function declare(
  node: MapNode,
  above: Declared,
  scope: Scope,
): { readonly node: MapNode; readonly below: Declared } {
  const parameters = readParameters(
    node.entries.find(({ key }) => key === "brooklyn.parameters"),
    scope,
  );
  const config = node.entries.find(({ key }) => key === "brooklyn.config");
  if (config !== undefined && config.value.kind !== "map" && !isNull(config.value)) {
    return { node, below: above };
  }
  const values = new Map((config?.value.kind === "map" ? config.value.entries : []).map((one) => [one.key, one]));
  let entries = node.entries;
  for (const parameter of parameters) {
    const bare = topKey(parameter.name) === undefined ? find(entries, parameter.name) : undefined;
    if (bare !== undefined) {
      entries = entries.filter((entry) => entry !== bare);
      if (values.has(bare.key)) warnShadowed(bare, scope);
      else values.set(bare.key, bare);
    }
    fill(parameter, values, entries, above.names, scope);
  }
  const own = new Set(parameters.map(({ name }) => name));
  for (const parameter of above.parameters) {
    if (!own.has(parameter.name)) check(parameter, values, scope);
  }
  const below: Declared = {
    parameters: [...above.parameters.filter(({ name }) => !own.has(name)), ...parameters],
    names: new Set([...above.names, ...values.keys()]),
  };
  if (parameters.length === 0 && above.parameters.length === 0) return { node, below };
  const keyAt = config?.keyAt ?? node.at;
  const declared = new Set(below.parameters.map(({ name }) => name));
  const all = [...values.values()].map((entry) => (declared.has(entry.key) ? { ...entry, declared: true } : entry));
  const value: MapNode = { kind: "map", entries: all, secret: false, at: config?.value.at ?? node.at };
  const others = entries.filter(({ key }) => key !== "brooklyn.config");
  return { node: { ...node, entries: [...others, { key: "brooklyn.config", keyAt, value }] }, below };
}

function fill(
  parameter: Parameter,
  values: Map<string, Entry>,
  entries: readonly Entry[],
  inherited: ReadonlySet<string>,
  scope: Scope,
): void {
  const { name, at } = parameter;
  const given = values.get(name);
  if (given !== undefined && !isNull(given.value)) {
    check(parameter, values, scope);
    return;
  }
  const known = topKey(name)?.name;
  const elsewhere =
    known !== undefined && entries.some(({ key, value }) => topKey(key)?.name === known && !isNull(value));
  if (elsewhere || inherited.has(name)) return;
  if (parameter.default !== undefined) {
    const value = checkValue(parameter.default, parameter, scope);
    if (value !== undefined) values.set(name, { key: name, keyAt: at, value });
  } else if (parameter.required) {
    tellMissing(parameter, at, scope);
  } else if (known === undefined) {
    // A key that is declared can be read, and is empty.
    values.set(name, { key: name, keyAt: at, value: { kind: "scalar", value: null, text: "", secret: false, at } });
  }
}

function check(parameter: Parameter, values: Map<string, Entry>, scope: Scope): void {
  const given = values.get(parameter.name);
  if (given === undefined || isNull(given.value)) return;
  const value = checkValue(given.value, parameter, scope);
  if (value !== undefined) values.set(parameter.name, { ...given, value });
}

function find(entries: readonly Entry[], key: string): Entry | undefined {
  return entries.find((entry) => entry.key === key);
}

function warnShadowed({ key, keyAt }: Entry, scope: Scope): void {
  scope.problems.warning(
    "shadowed-key",
    keyAt,
    `${subject(key, scope)} has no effect: ${key} in brooklyn.config wins`,
    "keep one of the two",
  );
}
