import { nearest } from "../wording/suggest";
import { Configuration, type Configured } from "./configuration";
import type { Problems } from "./diagnostics";
import type { Blueprint, Expression, Position } from "./model";
import { listOf } from "./scope";
import type { DraftService } from "./service";
import { expressionsIn, partsOf, processValues } from "./structure";
import { quote } from "./yaml/nodes";

/** What is checked: an application whose services may be incomplete. */
export type DraftBlueprint = Omit<Blueprint, "services"> & { readonly services: readonly DraftService[] };

interface Edge {
  readonly target: string;
  readonly at: Position;
  /** The sensor that is read to derive another one, if it is for that. */
  readonly sensor?: string;
}

/** Names that no configuration key has. */
const SENSOR = "sensor ";

/**
 * Tells services that wait for each other in a circle or for themselves, `config` keys and sensors that nothing defines, and those that go
 * in a circle.
 */
export function checkReferences(blueprint: DraftBlueprint, problems: Problems): void {
  const config = new Configuration(blueprint);
  const running = new Set(blueprint.services.map(({ id }) => id));
  for (const value of valuesOf(blueprint).flatMap(partsOf)) {
    if (value.kind === "config") checkKey(value, config, problems);
    if (value.kind === "attribute" && !running.has(value.service)) checkSensor(value, config, problems);
  }
  for (const { cycle, at } of cyclesOf(valueGraph(blueprint, config))) {
    const derived = cycle.some((name) => name.startsWith(SENSOR));
    problems.error(
      derived ? "sensor-cycle" : "config-cycle",
      at,
      `${derived ? "sensors are derived from each other" : "configuration refers to itself"} in a circle: ${cycle.join(" -> ")}`,
      "write one of these values out",
    );
  }
  const graph = new Map(
    blueprint.services.map((service) => {
      const edges = waitsFor(service, running, blueprint, config);
      for (const edge of edges) if (edge.target === service.id) tellOwnSensor(service.id, edge, problems);
      return [service.id, edges.filter(({ target }) => target !== service.id)];
    }),
  );
  for (const { cycle, at } of cyclesOf(graph)) {
    problems.error(
      "link-cycle",
      at,
      `services wait for each other in a circle: ${cycle.join(" -> ")}`,
      "remove one of these links or references: a service starts after those that it links to or reads",
    );
  }
}

function checkKey({ service, key, at }: Kind<"config">, config: Configuration, problems: Problems): void {
  if (config.find(service, key) !== undefined) return;
  const known = config.keys(service);
  const similar = nearest(key, known);
  problems.error(
    "unknown-config-key",
    at,
    `${service === "" ? "the application" : `service '${service}'`} has no configuration ${quote(key)}`,
    `${similar ? `did you mean '${similar}'? ` : ""}keys that are set: ${listOf(known)}`,
  );
}

/** What runs nothing has the sensors of its enrichers alone. */
function checkSensor({ service, sensor, at }: Kind<"attribute">, config: Configuration, problems: Problems): void {
  if (config.sensor(service, sensor) !== undefined) return;
  const derived = Object.keys(config.sensors(service));
  const what = service === "" ? "the application itself has" : `service '${service}' runs nothing itself and has`;
  const similar = nearest(sensor, derived);
  problems.error(
    "unsupported-reference",
    at,
    derived.length === 0 ? `${what} no sensors` : `${what} no sensor ${quote(sensor)}`,
    derived.length === 0
      ? 'name a service: component("id").attributeWhenReady("sensor"), or derive a sensor by brooklyn.enrichers'
      : `${similar ? `did you mean '${similar}'? ` : ""}its enrichers derive ${listOf(derived)}`,
  );
}

function tellOwnSensor(service: string, { sensor, at }: Edge, problems: Problems): void {
  if (sensor === undefined) return;
  problems.error(
    "own-sensor",
    at,
    `service '${service}' reads a sensor that is derived from its own ${quote(sensor)}, which is known only when it runs`,
    "derive it from sensors of other services, or read it where it is needed by those",
  );
}

type Kind<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

/** Which key or derived sensor refers to which. */
function valueGraph(blueprint: DraftBlueprint, config: Configuration): ReadonlyMap<string, readonly Edge[]> {
  const { config: keys, sensors = {} } = blueprint;
  const entities: readonly Configured[] = [
    { id: "", config: keys, sensors },
    ...blueprint.services,
    ...blueprint.groups,
  ];
  const edgesOf = (value: Expression) => partsOf(value).flatMap((one) => edgeOf(one, config));
  return new Map(
    entities.flatMap(({ id, config: own, sensors: derived = {} }) => [
      ...Object.entries(own).map(([key, value]) => [keyName(id, key), edgesOf(value)] as const),
      ...Object.entries(derived).map(([name, value]) => [sensorName(id, name), edgesOf(value)] as const),
    ]),
  );
}

function edgeOf(value: Expression, config: Configuration): readonly Edge[] {
  if (value.kind === "config") {
    const found = config.find(value.service, value.key);
    return found ? [{ target: keyName(found.owner, value.key), at: value.at }] : [];
  }
  if (value.kind !== "attribute" || config.sensor(value.service, value.sensor) === undefined) return [];
  return [{ target: sensorName(value.service, value.sensor), at: value.at }];
}

/** What a service needs before it starts: links, sensors that it reads, also through configuration, and volumes. */
function waitsFor(
  service: DraftService,
  running: ReadonlySet<string>,
  blueprint: DraftBlueprint,
  config: Configuration,
): readonly Edge[] {
  const edges: Edge[] = service.links.map(({ target, at }) => ({ target, at }));
  const followed = new Set<Expression>();
  const follow = (value: Expression, at: Position | undefined, derives: boolean): void => {
    if (followed.has(value)) return;
    followed.add(value);
    const from = at ?? ("at" in value ? value.at : undefined);
    for (const part of partsOf(value).slice(1)) follow(part, at, derives);
    if (value.kind === "config") {
      const found = config.find(value.service, value.key);
      if (found !== undefined) follow(found.value, from, derives);
    }
    if (value.kind === "attribute") {
      const { service: target, sensor } = value;
      const derived = config.sensor(target, sensor);
      const known = derived !== undefined && target === service.id;
      if (running.has(target) && !known) edges.push({ target, at: from ?? value.at, ...(derives && { sensor }) });
      if (derived !== undefined) follow(derived, from, true);
    }
  };
  for (const value of processValues(service)) follow(value, undefined, false);
  for (const name of service.volumesFrom) {
    const owner =
      blueprint.services.find((one) => one.containerName === name) ?? blueprint.services.find((one) => one.id === name);
    if (owner !== undefined) edges.push({ target: owner.id, at: service.at });
  }
  return edges;
}

function valuesOf({ services, groups, config, sensors = {}, outputs = {} }: DraftBlueprint): readonly Expression[] {
  const own = services.flatMap((service) => [...processValues(service), ...Object.values(service.config)]);
  own.push(...groups.flatMap((group) => Object.values(group.config)));
  own.push(...Object.values(outputs).flatMap(expressionsIn));
  const derived = [...services, ...groups].flatMap((one) => Object.values(one.sensors ?? {}));
  return [...Object.values(config), ...own, ...Object.values(sensors), ...derived];
}

function sensorName(service: string, name: string): string {
  return `${SENSOR}${name} of ${service === "" ? "the application" : `'${service}'`}`;
}

function keyName(service: string, key: string): string {
  return service === "" ? key : `${service}.${key}`;
}

/** One cycle for each edge that closes one, found depth first in the order of the graph. */
function cyclesOf(graph: ReadonlyMap<string, readonly Edge[]>): readonly { cycle: readonly string[]; at: Position }[] {
  const found = new Map<string, { cycle: readonly string[]; at: Position }>();
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    const here = [...path, name];
    for (const { target, at } of graph.get(name) ?? []) {
      const start = here.indexOf(target);
      const closing = `${name}\n${target}`;
      if (start === -1) visit(target, here);
      else if (!found.has(closing)) found.set(closing, { cycle: [...here.slice(start), target], at });
    }
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return [...found.values()];
}
