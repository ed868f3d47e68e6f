import { nearest } from "../wording/suggest";
import type { Problems } from "./diagnostics";
import type { Blueprint, Expression, Position } from "./model";
import { listOf } from "./scope";
import type { DraftService } from "./service";
import { processValues } from "./structure";
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
  const config = new ConfigKeys(blueprint);
  for (const reference of referencesOf(blueprint)) {
    if (config.find(reference) !== undefined) continue;
    const { service, key, at } = reference;
    const known = config.known(service);
    const similar = nearest(key, known);
    problems.error(
      "unknown-config-key",
      at,
      `${service === "" ? "the application" : `service '${service}'`} has no configuration ${quote(key)}`,
      `${similar ? `did you mean '${similar}'? ` : ""}keys that are set: ${listOf(known)}`,
    );
  }
  for (const { cycle, at } of cyclesOf(config.graph())) {
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

/** The keys of all services and of the application, as `config("key")` looks them up. */
class ConfigKeys {
  private readonly services: ReadonlyMap<string, Readonly<Record<string, Expression>>>;

  constructor(private readonly blueprint: DraftBlueprint) {
    this.services = new Map(blueprint.services.map((service) => [service.id, service.config]));
  }

  /** Name and value of what a reference means: the service's own key, else the application's. */
  find({ service, key }: ConfigReference): { readonly name: string; readonly value: Expression } | undefined {
    const own = ownValue(this.services.get(service), key);
    if (own !== undefined) return { name: keyName(service, key), value: own };
    const inherited = ownValue(this.blueprint.config, key);
    return inherited && { name: keyName("", key), value: inherited };
  }

  known(service: string): ReadonlySet<string> {
    return new Set([...Object.keys(this.services.get(service) ?? {}), ...Object.keys(this.blueprint.config)]);
  }

  /** Which key refers to which. */
  graph(): ReadonlyMap<string, readonly Edge[]> {
    return new Map(
      [["", this.blueprint.config] as const, ...this.services].flatMap(([service, config]) =>
        Object.entries(config).map(([key, value]) => [
          keyName(service, key),
          flatten(value).flatMap((one) => {
            const target = one.kind === "config" ? this.find(one)?.name : undefined;
            return one.kind === "config" && target !== undefined ? [{ target, at: one.at }] : [];
          }),
        ]),
      ),
    );
  }
}

/** What a service needs before it starts: links, sensors that it reads, also through configuration, and volumes. */
function waitsFor(service: DraftService, blueprint: DraftBlueprint, config: ConfigKeys): readonly Edge[] {
  const edges: Edge[] = [...service.links];
  const followed = new Set<Expression>();
  const follow = (value: Expression, at: Position | undefined): void => {
    if (followed.has(value)) return;
    followed.add(value);
    if (value.kind === "attribute") edges.push({ target: value.service, at: at ?? value.at });
    if (value.kind === "format") for (const arg of value.args) follow(arg, at);
    const found = value.kind === "config" ? config.find(value) : undefined;
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
  return [...Object.values(blueprint.config), ...values]
    .flatMap(flatten)
    .filter((value): value is ConfigReference => value.kind === "config");
}

function flatten(value: Expression): readonly Expression[] {
  return value.kind === "format" ? [value, ...value.args.flatMap(flatten)] : [value];
}

function ownValue(config: Readonly<Record<string, Expression>> | undefined, key: string): Expression | undefined {
  return config !== undefined && Object.hasOwn(config, key) ? config[key] : undefined;
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
