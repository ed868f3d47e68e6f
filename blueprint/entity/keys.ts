import { type KeyDefinition, read } from "../keys/definition";
import { BOOLEAN, integer, PORT_RANGE, TEXT, TEXT_MAP, TEXTS, URL, VALUE, type ValueForm } from "../keys/forms";
import type { EntityParameter } from "./schema";
import { ENTITIES } from "./table";

const FORMS: Readonly<Record<EntityParameter["type"], ValueForm>> = {
  port: PORT_RANGE,
  text: TEXT,
  integer: integer(0, Number.MAX_SAFE_INTEGER),
  boolean: BOOLEAN,
  string: VALUE,
  secret: VALUE,
  url: URL,
  list: TEXTS,
  map: TEXT_MAP,
};

/** The keys of the entity types, each once, with the types that take it. */
export const ENTITY_KEYS: readonly KeyDefinition[] = definitions();

function definitions(): readonly KeyDefinition[] {
  const found = new Map<string, KeyDefinition>();
  for (const { id, parameters } of ENTITIES) {
    for (const { name, aliases, type, default: preset, description } of parameters) {
      const before = found.get(name);
      const entities = [...(before?.entities ?? []), id];
      const spellings = [...new Set([...(before?.aliases ?? []), ...aliases])];
      const same = before === undefined || before.preset === (preset === undefined ? undefined : String(preset));
      found.set(
        name,
        read(name, FORMS[type], before?.meaning ?? description, {
          kinds: ["software"],
          entities,
          aliases: spellings,
          ...(preset !== undefined && { preset: same ? String(preset) : "the type's" }),
        }),
      );
    }
  }
  return [...found.values()];
}
