import { ENTITY_KEYS } from "./entity/keys";
import { CONFIG_KEYS } from "./keys/config-keys";
import { type KeyDefinition, unsupported } from "./keys/definition";
import { APPLICATION_KEYS, PLAN_ID, STRUCTURE_KEYS } from "./keys/structure-keys";
import { FAMILIES, UNSUPPORTED_KEYS } from "./keys/unsupported-keys";

export type { KeyDefinition };

const STRUCTURE = indexOf(STRUCTURE_KEYS);
const CONFIG = indexOf([...CONFIG_KEYS, ...ENTITY_KEYS, ...UNSUPPORTED_KEYS]);
const APPLICATION = new Map(APPLICATION_KEYS.map((one) => [one.name, one]));

/** Definition of a key at the top of a service. */
export function topKey(name: string): KeyDefinition | undefined {
  return STRUCTURE.get(name) ?? CONFIG.get(name) ?? family(name);
}

/** Definition of a key at the top of the application. */
export function applicationKey(name: string): KeyDefinition | undefined {
  return APPLICATION.get(name);
}

/** Definition of a key inside `brooklyn.config`; absent for keys of the user's own. */
export function configKey(name: string): KeyDefinition | undefined {
  return name === PLAN_ID ? STRUCTURE.get(name) : (CONFIG.get(name) ?? family(name));
}

/** Definition of a full key name, for the application's `brooklyn.config`, where aliases are the user's own keys. */
export function inheritedKey(name: string): KeyDefinition | undefined {
  const definition = CONFIG.get(name) ?? family(name);
  return definition?.name === name ? definition : undefined;
}

/** Every spelling of a key that a service of this kind takes, to suggest the nearest. */
export function keyNames(): readonly string[] {
  return [...STRUCTURE.keys(), ...CONFIG.keys()];
}

function family(name: string): KeyDefinition | undefined {
  const found = FAMILIES.find(({ pattern }) => pattern.test(name));
  return found && unsupported(name, found.remedy);
}

function indexOf(definitions: readonly KeyDefinition[]): ReadonlyMap<string, KeyDefinition> {
  return new Map(definitions.flatMap((one) => [one.name, ...one.aliases].map((name) => [name, one] as const)));
}
