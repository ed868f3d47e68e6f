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
}

type ConfigReference = Extract<Expression, { kind: "config" }>;

/** Tells services that wait for each other in a circle, and `config` keys that nothing defines or that go in a circle. */
export function checkReferences(blueprint: DraftBlueprint, problems: Problems): void {
  const config = new Configuration(blueprint);
  for (const reference of referencesOf(blueprint)) {
    const { service, key, at } = reference;
    if (config.find(service, key) !== undefined) continue;
    const known = config.keys(service);
    const similar = nearest(key, known);
    problems.error(
      "unknown-config-key",
      at,
      `${service === "" ? "the application" : `service '${service}'`} has no configuration ${quote(key)}`,
      `${similar ? `did you mean '${similar}'? ` : ""}keys that are set: ${listOf(known)}`,
    );
  }
  for (const { cycle, at } of cyclesOf(configGraph(blueprint, config))) {
    problems.error(
      "config-cycle",
      at,
      `configuration refers to itself in a circle: ${cycle.join(" -> ")}`,
      "write one of these values out",
    );
  }
  const graph = new Map(blueprint.services.map((service) => [service.id, waitsFor(service, blueprint, config)]));
  for (const { cycle, at } of cyclesOf(graph)) {
    problems.error(
      "link-cycle",
      at,
      `services wait for each other in a circle: ${cycle.join(" -> ")}`,
      "remove one of these links or references: a service starts after those that it links to or reads",
    );
  }
}

/** Which key refers to which. */
function configGraph(blueprint: DraftBlueprint, config: Configuration): ReadonlyMap<string, readonly Edge[]> {
  const entities: readonly Configured[] = [
    { id: "", config: blueprint.config },
    ...blueprint.services,
    ...blueprint.groups,
  ];
  return new Map(
    entities.flatMap(({ id, config: own }) =>
      Object.entries(own).map(([key, value]) => [
        keyName(id, key),
        partsOf(value).flatMap((one) => {
          const found = one.kind === "config" ? config.find(one.service, one.key) : undefined;
          return one.kind === "config" && found ? [{ target: keyName(found.owner, one.key), at: one.at }] : [];
        }),
      ]),
    ),
  );
}

/** What a service needs before it starts: links, sensors that it reads, also through configuration, and volumes. */
function waitsFor(service: DraftService, blueprint: DraftBlueprint, config: Configuration): readonly Edge[] {
  const edges: Edge[] = [...service.links];
  const followed = new Set<Expression>();
  const follow = (value: Expression, at: Position | undefined): void => {
    if (followed.has(value)) return;
    followed.add(value);
    if (value.kind === "attribute") edges.push({ target: value.service, at: at ?? value.at });
    for (const part of partsOf(value).slice(1)) follow(part, at);
    const found = value.kind === "config" ? config.find(value.service, value.key) : undefined;
    if (value.kind === "config" && found !== undefined) follow(found.value, at ?? value.at);
  };
  for (const value of processValues(service)) follow(value, undefined);
  for (const name of service.volumesFrom) {
    const owner =
      blueprint.services.find((one) => one.containerName === name) ?? blueprint.services.find((one) => one.id === name);
    if (owner !== undefined) edges.push({ target: owner.id, at: service.at });
  }
  return edges.filter((edge) => edge.target !== service.id);
}

function referencesOf(blueprint: DraftBlueprint): readonly ConfigReference[] {
  const values = blueprint.services.flatMap((service) => [...processValues(service), ...Object.values(service.config)]);
  values.push(...blueprint.groups.flatMap((group) => Object.values(group.config)));
  values.push(...Object.values(blueprint.outputs ?? {}).flatMap(expressionsIn));
  return [...Object.values(blueprint.config), ...values]
    .flatMap(partsOf)
    .filter((value): value is ConfigReference => value.kind === "config");
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
