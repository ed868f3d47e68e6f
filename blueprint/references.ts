import type { Problems } from "./diagnostics";
import type { Blueprint, Expression, Position } from "./model";
import { quote } from "./nodes";
import { listOf } from "./scope";
import type { DraftService } from "./service";
import { nearest } from "./suggest";

/** What is checked: an application whose services may be incomplete. */
export type DraftBlueprint = Omit<Blueprint, "services"> & { readonly services: readonly DraftService[] };

interface Edge {
  readonly target: string;
  readonly at: Position;
}

/** Tells links and references that go round in a circle, and `config` keys that nothing defines. */
export function checkReferences(blueprint: DraftBlueprint, problems: Problems): void {
  const graph = new Map(blueprint.services.map((service) => [service.id, edgesOf(service)]));
  for (const { cycle, at } of cyclesOf(graph)) {
    problems.error(
      "link-cycle",
      at,
      `services wait for each other in a circle: ${cycle.join(" -> ")}`,
      "remove one of these links or references: a service starts after those that it links to or reads",
    );
  }
  checkKeys(blueprint, problems);
}

function edgesOf(service: DraftService): readonly Edge[] {
  const read = valuesOf(service)
    .flatMap(flatten)
    .flatMap((value) => (value.kind === "attribute" || value.kind === "config" ? [value] : []))
    .filter((value) => value.service !== "" && value.service !== service.id);
  return [...service.links, ...read.map((value) => ({ target: value.service, at: value.at }))];
}

function valuesOf(service: DraftService): readonly Expression[] {
  return [
    ...Object.values(service.env),
    ...(service.entrypoint ?? []),
    ...(service.commands ?? []),
    ...Object.values(service.config),
  ];
}

function flatten(value: Expression): readonly Expression[] {
  return value.kind === "format" ? [value, ...value.args.flatMap(flatten)] : [value];
}

function checkKeys(blueprint: DraftBlueprint, problems: Problems): void {
  const services = new Map(blueprint.services.map((service) => [service.id, service]));
  const keyGraph = new Map<string, Edge[]>();
  const define = (owner: string, config: Readonly<Record<string, Expression>>) => {
    for (const [key, value] of Object.entries(config)) {
      const edges = flatten(value).flatMap((one) => resolve(one));
      keyGraph.set(keyName(owner, key), edges);
    }
  };
  const resolve = (value: Expression): readonly Edge[] => {
    if (value.kind !== "config") return [];
    const own = services.get(value.service)?.config ?? {};
    const owner = Object.hasOwn(own, value.key) ? value.service : "";
    return [{ target: keyName(owner, value.key), at: value.at }];
  };
  define("", blueprint.config);
  for (const service of blueprint.services) define(service.id, service.config);
  const all = [...Object.values(blueprint.config), ...blueprint.services.flatMap(valuesOf)].flatMap(flatten);
  for (const value of all) {
    if (value.kind !== "config" || resolve(value).every((edge) => keyGraph.has(edge.target))) continue;
    const known = new Set([
      ...Object.keys(services.get(value.service)?.config ?? {}),
      ...Object.keys(blueprint.config),
    ]);
    const similar = nearest(value.key, known);
    problems.error(
      "unknown-config-key",
      value.at,
      `${value.service === "" ? "the application" : `service '${value.service}'`} has no configuration ${quote(value.key)}`,
      `${similar ? `did you mean '${similar}'? ` : ""}keys that are set: ${listOf(known)}`,
    );
  }
  for (const { cycle, at } of cyclesOf(keyGraph)) {
    problems.error(
      "config-cycle",
      at,
      `configuration refers to itself in a circle: ${cycle.join(" -> ")}`,
      "write one of these values out",
    );
  }
}

function keyName(service: string, key: string): string {
  return service === "" ? key : `${service}.${key}`;
}

/** One cycle for each edge that closes one, found depth first in the order of the graph. */
function cyclesOf(graph: ReadonlyMap<string, readonly Edge[]>): readonly { cycle: readonly string[]; at: Position }[] {
  const found: { cycle: readonly string[]; at: Position }[] = [];
  const done = new Set<string>();
  const closing = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    for (const { target, at } of graph.get(name) ?? []) {
      const here = [...path, name];
      const start = here.indexOf(target);
      if (start === -1) visit(target, here);
      else if (!closing.has(`${name}\n${target}`)) {
        closing.add(`${name}\n${target}`);
        found.push({ cycle: [...here.slice(start), target], at });
      }
    }
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return found;
}
