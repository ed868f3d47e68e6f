import type { Blueprint, Expression, Service } from "../blueprint/model";

/** A sensor of one service that another one's environment or command waits for. */
export interface SensorRead {
  /** Id of the service that is read. */
  readonly service: string;
  readonly sensor: string;
}

/** The sensors of other services that a service reads, also through `config("key")`. */
export function sensorReads(service: Service, blueprint: Blueprint): readonly SensorRead[] {
  const reads: SensorRead[] = [];
  const followed = new Set<Expression>();
  const visit = (expression: Expression): void => {
    if (followed.has(expression)) {
      return;
    }
    followed.add(expression);
    switch (expression.kind) {
      case "attribute":
        if (expression.service !== service.id) {
          reads.push({ service: expression.service, sensor: expression.sensor });
        }
        break;
      case "format":
        expression.args.forEach(visit);
        break;
      case "config": {
        const owner = blueprint.services.find(({ id }) => id === expression.service);
        const value = owner?.config[expression.key] ?? blueprint.config[expression.key];
        if (value !== undefined) {
          visit(value);
        }
        break;
      }
      default:
        break;
    }
  };
  [...Object.values(service.env), ...(service.entrypoint ?? []), ...(service.commands ?? [])].forEach(visit);
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
function dependenciesOf(service: Service, blueprint: Blueprint): ReadonlySet<string> {
  const ids = new Set([
    ...service.links.map(({ target }) => target),
    ...sensorReads(service, blueprint).map((read) => read.service),
    ...service.volumesFrom.flatMap((name) => volumesOwner(name, blueprint)?.id ?? []),
  ]);
  ids.delete(service.id);
  return ids;
}

/** The services in starting order, blueprint order where nothing else decides, and those that wait for each other in a circle. */
export function startingOrder(blueprint: Blueprint): { order: readonly Service[]; circle: readonly Service[] } {
  const known = new Set(blueprint.services.map(({ id }) => id));
  const waits = new Map(
    blueprint.services.map((service) => [
      service.id,
      new Set([...dependenciesOf(service, blueprint)].filter((id) => known.has(id))),
    ]),
  );
  const order: Service[] = [];
  let waiting = [...blueprint.services];
  for (;;) {
    const next = waiting.find(({ id }) => waits.get(id)?.size === 0);
    if (next === undefined) {
      return { order, circle: withoutFollowers(waiting, waits) };
    }
    order.push(next);
    waiting = waiting.filter((service) => service !== next);
    for (const ids of waits.values()) {
      ids.delete(next.id);
    }
  }
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
