import { Configuration } from "../blueprint/configuration";
import type { Blueprint, Expression, Service } from "../blueprint/model";
import { partsOf, processValues } from "../blueprint/structure";

/** A sensor of one service that another one's environment or command waits for. */
export interface SensorRead {
  /** Id of the service that is read. */
  readonly service: string;
  readonly sensor: string;
}

/** Who uses whom in a blueprint. */
export interface Uses {
  /** The sensors of other services that each service reads, also through `config("key")`, by its id. */
  readonly reads: ReadonlyMap<string, readonly SensorRead[]>;
  /** Ids of the services that link to each service or read one of its sensors, ascending, by its id. */
  readonly consumers: ReadonlyMap<string, readonly string[]>;
}

export function usesOf(blueprint: Blueprint): Uses {
  const config = new Configuration(blueprint);
  const running = new Set(blueprint.services.map(({ id }) => id));
  const reads = new Map(blueprint.services.map((service) => [service.id, sensorReads(service, running, config)]));
  const consumers = new Map<string, Set<string>>();
  for (const { id, links } of blueprint.services) {
    const used = [...links.map(({ target }) => target), ...(reads.get(id) ?? []).map(({ service }) => service)];
    for (const other of used) {
      consumers.set(other, (consumers.get(other) ?? new Set()).add(id));
    }
  }
  return { reads, consumers: new Map([...consumers].map(([id, ids]) => [id, [...ids].sort()])) };
}

/** Through derived sensors too: who reads one reads what it is derived from. */
function sensorReads(service: Service, running: ReadonlySet<string>, config: Configuration): readonly SensorRead[] {
  const reads: SensorRead[] = [];
  const followed = new Set<Expression>();
  const visit = (expression: Expression): void => {
    if (followed.has(expression)) {
      return;
    }
    followed.add(expression);
    partsOf(expression).slice(1).forEach(visit);
    if (expression.kind === "attribute") {
      if (expression.service !== service.id && running.has(expression.service)) {
        reads.push({ service: expression.service, sensor: expression.sensor });
      }
      const derived = config.sensor(expression.service, expression.sensor);
      if (derived !== undefined) visit(derived);
    }
    const found = expression.kind === "config" ? config.find(expression.service, expression.key) : undefined;
    if (found !== undefined) {
      visit(found.value);
    }
  };
  processValues(service).forEach(visit);
  return reads;
}

/** The service whose container `volumesFrom` means by that name: a `containerName` or an id of the blueprint; undefined for others' containers. */
export function volumesOwner(name: string, blueprint: Blueprint): Service | undefined {
  return (
    blueprint.services.find(({ containerName }) => containerName === name) ??
    blueprint.services.find(({ id }) => id === name)
  );
}

/** Ids of the services that must run before this one: those that it links to, reads, or takes volumes from. */
function dependenciesOf(service: Service, blueprint: Blueprint, { reads }: Uses): ReadonlySet<string> {
  const ids = new Set([
    ...service.links.map(({ target }) => target),
    ...(reads.get(service.id) ?? []).map((read) => read.service),
    ...service.volumesFrom.flatMap((name) => volumesOwner(name, blueprint)?.id ?? []),
  ]);
  ids.delete(service.id);
  return ids;
}

/** The services in starting order, blueprint order where nothing else decides, and those that wait for each other in a circle. */
export function startingOrder(
  blueprint: Blueprint,
  uses: Uses,
): { order: readonly Service[]; circle: readonly Service[] } {
  const { services } = blueprint;
  const index = new Map(services.map(({ id }, position) => [id, position]));
  const waits = new Map(
    services.map((service) => [
      service.id,
      new Set([...dependenciesOf(service, blueprint, uses)].filter((id) => index.has(id))),
    ]),
  );
  const waiters = new Map<string, number[]>(services.map(({ id }) => [id, []]));
  for (const [position, { id }] of services.entries()) {
    for (const other of waits.get(id) ?? []) {
      waiters.get(other)?.push(position);
    }
  }
  // Positions of the services that wait for nothing, the next one last.
  const ready = [...services.keys()]
    .filter((position) => waits.get(services[position]?.id ?? "")?.size === 0)
    .reverse();
  const order: Service[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    const service = services[next];
    if (service === undefined) break;
    order.push(service);
    for (const position of waiters.get(service.id) ?? []) {
      const others = waits.get(services[position]?.id ?? "");
      others?.delete(service.id);
      if (others?.size === 0) insertDescending(ready, position);
    }
  }
  const started = new Set(order);
  return {
    order,
    circle: withoutFollowers(
      services.filter((service) => !started.has(service)),
      waits,
    ),
  };
}

function insertDescending(sorted: number[], value: number): void {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > value) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, value);
}

/** Of the services that never start, those in a circle themselves: the others only wait for them. */
function withoutFollowers(waiting: readonly Service[], waits: ReadonlyMap<string, ReadonlySet<string>>): Service[] {
  let circle = [...waiting];
  for (;;) {
    const kept = circle.filter(({ id }) => circle.some((other) => waits.get(other.id)?.has(id)));
    if (kept.length === circle.length) {
      return kept;
    }
    circle = kept;
  }
}
