import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type EntityType, entitySchema } from "./schema";

const EXTENSION = ".yaml";

type Loaded = z.output<typeof entitySchema> & Pick<EntityType, "id">;

/**
 * Reads the entity types of a folder, one a file, in the order of their names.
 * @throws Error naming the file and what is wrong with it.
 */
export function loadEntities(folder: string): readonly EntityType[] {
  const entities = readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => loadEntity(path.join(folder, name)));
  demandUnique(entities);
  return entities.map((entity) => ({ ...entity, machine: machineOf(entity, entities) }));
}

/** The project's own folder of entity types, the same for sources and for what is compiled into `bin`. */
export function entitiesFolder(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json"))) return path.join(folder, "entities");
  }
  throw new Error(`no package.json above ${__dirname}`);
}

function loadEntity(file: string): Loaded {
  const id = path.basename(file, EXTENSION);
  const read = entitySchema.safeParse(parse(readFileSync(file, "utf8")));
  if (!read.success) throw new Error(`entity type ${file} cannot be used: ${z.prettifyError(read.error)}`);
  const ports = new Set(read.data.parameters.filter(({ type }) => type === "port").map(({ name }) => name));
  for (const [name, sensor] of Object.entries(read.data.sensors)) {
    if ("port" in sensor && !ports.has(sensor.port)) {
      throw new Error(`entity type ${file} cannot be used: sensor '${name}' names '${sensor.port}', which is no port`);
    }
  }
  const names = new Set(read.data.parameters.map(({ name }) => name));
  for (const { name, needs } of read.data.parameters) {
    const missing = needs.find((need) => !names.has(need));
    if (missing !== undefined)
      throw new Error(`entity type ${file} cannot be used: '${name}' needs '${missing}', which is no key of it`);
  }
  return { id, ...read.data };
}

function machineOf({ id, machine }: Loaded, entities: readonly Loaded[]): EntityType["machine"] {
  if (typeof machine !== "string") return machine;
  const other = entities.find((entity) => entity.id === machine)?.machine;
  if (typeof other === "object") return other;
  throw new Error(`entity type '${id}' has the machine form of '${machine}', which has none of its own`);
}

/** A type and a spelling of a key mean one thing, whichever file says it. */
function demandUnique(entities: readonly Loaded[]): void {
  const types = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const { id, types: own, parameters } of entities) {
    for (const type of own) {
      const other = types.get(type);
      if (other !== undefined) throw new Error(`entity types '${other}' and '${id}' are both called '${type}'`);
      types.set(type, id);
    }
    for (const { name, aliases, type } of parameters) {
      for (const spelling of [name, ...aliases]) {
        const meaning = `${name} (${type})`;
        const other = keys.get(spelling) ?? meaning;
        if (other !== meaning) throw new Error(`key '${spelling}' means ${other} and, in '${id}', ${meaning}`);
        keys.set(spelling, meaning);
      }
    }
  }
}
