import type { Published, Workload } from "../model";
import type { ServiceType } from "../types";
import { readContainerForm } from "./container-form";
import type { EntityType } from "./schema";
import { asksForVersion, knownText, readSettings, type Settings } from "./settings";

/** The entry of the table of types for an entity type. */
export function serviceType(entity: EntityType): ServiceType {
  const ports = (settings: Settings) =>
    entity.parameters.flatMap(({ name, type }) => (type === "port" ? [Number(knownText(settings, name))] : []));
  return {
    form: entity.types[0] ?? entity.id,
    kind: "software",
    entity: entity.id,
    startTimeoutSeconds: entity.startTimeoutSeconds,
    matches: (type) => entity.types.includes(type.replace(/^java:/, "")),
    stem: () => entity.id,
    read: (_type, node, keys, scope): Workload | undefined => {
      const settings = readSettings(entity, keys, node.at, scope);
      if (settings === undefined) return undefined;
      const container = readContainerForm(entity, settings, keys, scope);
      return {
        kind: "software",
        entity: entity.id,
        settings,
        asksForVersion: entity.exactVersion || asksForVersion(keys),
        ...(container && { container }),
        publishes: published(entity, settings),
      };
    },
    ports: (workload) => (workload.kind === "software" ? ports(workload.settings) : []),
  };
}

/** Its own sensors; each of its ports is one, as in Brooklyn. */
function published(entity: EntityType, settings: Settings): Readonly<Record<string, Published>> {
  const ports = entity.parameters
    .filter(({ type }) => type === "port")
    .map(({ name }): [string, Published] => [name, { value: Number(knownText(settings, name)) }]);
  const sensors = Object.entries(entity.sensors).map(([name, sensor]): [string, Published] => [
    name,
    "port" in sensor ? { port: Number(knownText(settings, sensor.port)), url: sensor.url } : { value: sensor.value },
  ]);
  return Object.fromEntries([...ports, ...sensors]);
}
