import { entitiesFolder, loadEntities } from "./load";
import type { EntityType } from "./schema";

/** The entity types that the project has a file of. */
export const ENTITIES: readonly EntityType[] = loadEntities(entitiesFolder());

const BY_ID = new Map(ENTITIES.map((entity) => [entity.id, entity]));

/** @throws Error for an id that no file has. */
export function entityOf(id: string): EntityType {
  const found = BY_ID.get(id);
  if (found === undefined) throw new Error(`no entity type '${id}'`);
  return found;
}
