import { nearest } from "../wording/suggest";
import { BUILD_KEYS } from "./build/read";
import { FLAGS, refuseFlags } from "./flags";
import { configKey, inheritedKey, type KeyDefinition, keyNames, topKey } from "./keys";
import { listOf, type Scope, subject } from "./scope";
import type { ServiceType } from "./types";
import { type Entry, isNull, type MapNode, type Node, quote, show } from "./yaml/nodes";

/** Shorter keys are near to too many others. */
const MIN_MISSPELLING = 4;

/** The keys of one service, each under its canonical name, with what `brooklyn.config` holds beyond them. */
export interface Given {
  /** Spelling and value of a key; `location` may have two. */
  readonly keys: ReadonlyMap<string, readonly Entry[]>;
  readonly own: readonly Entry[];
}

/** Sorts the keys of a service; names those that are unknown, unsupported, given twice or not for its type. */
export function collectKeys(
  service: MapNode,
  application: MapNode | undefined,
  type: ServiceType | undefined,
  scope: Scope,
): Given {
  const collected = new Map<string, readonly Entry[]>();
  const own: Entry[] = [];
  for (const entry of inherit(application)) collected.set(entry.key, [entry]);
  const inherited = new Set(collected.keys());
  const top = new Set<string>();
  for (const entry of service.entries) {
    const definition = topKey(entry.key);
    if (definition === undefined) {
      // Of a type that is refused, the keys that only it has are not unknown.
      if (type !== undefined || nearest(entry.key, keyNames()) !== undefined) refuseUnknown(entry, scope);
    } else if (definition.name !== "brooklyn.config") add(collected, definition, entry, top, inherited, scope);
  }
  const config = service.entries.find((entry) => entry.key === "brooklyn.config");
  const inside = new Set<string>();
  for (const entry of config === undefined ? [] : readConfig(config, scope)) {
    const definition = configKey(entry.key);
    if (definition === undefined) {
      warnMisspelling(entry, scope);
      own.push(entry);
      continue;
    }
    const shadowed = top.has(definition.name) ? collected.get(definition.name)?.[0] : undefined;
    if (shadowed !== undefined) warnShadowed(shadowed, entry, scope);
    add(collected, definition, entry, inside, inherited, scope);
  }
  for (const [name, entries] of collected) {
    if (inherited.has(name) && !takes(configKey(name), type)) collected.delete(name);
    else if (!entries.every((entry) => isTaken(entry, topKey(name), type, scope))) collected.delete(name);
  }
  return { keys: collected, own };
}

/** The entries of `brooklyn.config`, or none after telling that it is not a map. */
export function readConfig(entry: Entry, scope: Scope): readonly Entry[] {
  if (entry.value.kind === "map") return entry.value.entries;
  if (isNull(entry.value)) return [];
  scope.problems.error(
    "bad-type",
    entry.value.at,
    `${subject("brooklyn.config", scope)} needs a map, not ${show(entry.value)}`,
    "write keys and values, one a line",
  );
  return [];
}

function inherit(application: MapNode | undefined): readonly Entry[] {
  return (application?.entries ?? []).filter(
    ({ key }) => inheritedKey(key)?.inherited && inheritedKey(key)?.treatment.kind === "read",
  );
}

function add(
  collected: Map<string, readonly Entry[]>,
  definition: KeyDefinition,
  entry: Entry,
  level: Set<string>,
  inherited: Set<string>,
  scope: Scope,
): void {
  const { name } = definition;
  const before = level.has(name) ? collected.get(name) : undefined;
  const first = before?.[0];
  const both = name === "location" && first !== undefined && first.key !== entry.key;
  if (first !== undefined && !both) {
    scope.problems.error(
      "duplicate-key",
      entry.keyAt,
      `${subject(entry.key, scope)} is given twice, first as ${first.key}`,
      `keep one of ${listOf([first.key, entry.key])}`,
    );
    return;
  }
  level.add(name);
  inherited.delete(name);
  collected.set(name, both ? [first, entry] : [entry]);
}

function takes(definition: KeyDefinition | undefined, type: ServiceType | undefined): boolean {
  if (type === undefined || definition === undefined) return true;
  const { kinds, entities } = definition;
  return (kinds?.includes(type.kind) ?? true) && (entities?.includes(type.entity ?? "") ?? true);
}

function isTaken(
  entry: Entry,
  definition: KeyDefinition | undefined,
  type: ServiceType | undefined,
  scope: Scope,
): boolean {
  if (definition === undefined || isNull(entry.value)) return false;
  if (!isHonoured(entry, definition, scope)) return false;
  if (takes(definition, type)) return true;
  scope.problems.error(
    "misplaced-key",
    entry.keyAt,
    `${subject(entry.key, scope)} means nothing to its type ${type?.form ?? ""}`,
    type?.kind === "software" && BUILD_KEYS.includes(definition.name)
      ? "name an image that is built elsewhere by docker.image.name, or write a service of type docker:NAME, which builds it"
      : "remove the key, or give the service another type",
  );
  return false;
}

/** True if the key is one that is read; tells why not, unless its value asks for nothing. */
export function isHonoured(entry: Entry, definition: KeyDefinition, scope: Scope): boolean {
  const { treatment } = definition;
  if (treatment.kind === "read") return true;
  if (treatment.kind === "ignored") {
    scope.problems.warning("ignored-key", entry.keyAt, `${subject(entry.key, scope)} has no effect`, treatment.remedy);
    return false;
  }
  if (asksNothing(entry.value, treatment.harmless)) return false;
  if (definition.name === FLAGS && refuseFlags(entry, scope)) return false;
  const unless = treatment.harmless === undefined ? "" : ` unless it is ${treatment.harmless}`;
  scope.problems.error(
    "unsupported-key",
    entry.keyAt,
    `${subject(entry.key, scope)} is not supported${unless}`,
    treatment.remedy,
  );
  return false;
}

/** True for a value that makes an unsupported key harmless: an empty list or map, or Brooklyn's own default. */
export function asksNothing(value: Node, harmless?: boolean): boolean {
  if (value.kind === "list") return value.items.length === 0;
  if (value.kind === "map") return value.entries.length === 0;
  return harmless !== undefined && value.text.toLowerCase() === String(harmless);
}

/** Tells that no service takes the key. */
export function refuseUnknown(entry: Entry, scope: Scope): void {
  const similar = nearest(entry.key, keyNames());
  scope.problems.error(
    "unknown-key",
    entry.keyAt,
    `service '${scope.service}' has the unknown key ${quote(entry.key)}`,
    similar === undefined
      ? 'remove it, or put a value of your own, read by config("key"), under brooklyn.config'
      : `did you mean '${similar}'?`,
  );
}

function warnMisspelling(entry: Entry, scope: Scope): void {
  const similar = nearest(
    entry.key,
    keyNames().filter((name) => configKey(name) !== undefined),
  );
  if (similar === undefined || entry.declared || entry.key.length < MIN_MISSPELLING) return;
  scope.problems.warning(
    "possible-misspelling",
    entry.keyAt,
    `brooklyn.config of service '${scope.service}' has the key ${quote(entry.key)}, which no type knows`,
    `did you mean '${similar}'? A key of your own is read by config("${entry.key}")`,
  );
}

function warnShadowed(shadowed: Entry, entry: Entry, scope: Scope): void {
  scope.problems.warning(
    "shadowed-key",
    shadowed.keyAt,
    `${subject(shadowed.key, scope)} has no effect: ${entry.key} in brooklyn.config wins`,
    "keep one of the two",
  );
}
