import type { Blueprint, Expression } from "./model";

/** What `config("key")` and derived sensors are looked up in. */
export interface Configured {
  readonly id: string;
  readonly parent?: string;
  readonly config: Readonly<Record<string, Expression>>;
  readonly sensors?: Readonly<Record<string, Expression>>;
}

/** A value with the entity that has it; the empty id is the application. */
interface Found {
  readonly owner: string;
  readonly value: Expression;
}

type Source = Pick<Blueprint, "config" | "sensors"> & {
  readonly services: readonly Configured[];
  readonly groups: readonly Configured[];
};

/**
 * What a blueprint itself gives to expressions: the configuration as `config("key")` reads it, an entity's own value, else that of its
 * nearest ancestor; and the sensors that enrichers derive.
 */
export class Configuration {
  private readonly entities: ReadonlyMap<string, Configured>;

  constructor(private readonly blueprint: Source) {
    this.entities = new Map([...blueprint.services, ...blueprint.groups].map((entity) => [entity.id, entity]));
  }

  /** Reads a key of a service or group; an empty id means the application. */
  find(id: string, key: string): Found | undefined {
    for (const { id: owner, config } of this.lineage(id)) {
      const value = Object.hasOwn(config, key) ? config[key] : undefined;
      if (value !== undefined) return { owner, value };
    }
    return undefined;
  }

  /** Every key that an entity can read. */
  keys(id: string): ReadonlySet<string> {
    return new Set([...this.lineage(id)].flatMap(({ config }) => Object.keys(config)));
  }

  /** The value of a sensor that an enricher of the entity derives; an empty id means the application. */
  sensor(id: string, name: string): Expression | undefined {
    const sensors = this.sensors(id);
    return Object.hasOwn(sensors, name) ? sensors[name] : undefined;
  }

  /** Every sensor that enrichers of the entity derive, by name. */
  sensors(id: string): Readonly<Record<string, Expression>> {
    return (id === "" ? this.blueprint : this.entities.get(id))?.sensors ?? {};
  }

  private *lineage(id: string): Iterable<Configured> {
    // An entity whose id cannot be read has the application's, the empty one.
    for (let at: string | undefined = id; at !== undefined && at !== ""; at = this.entities.get(at)?.parent) {
      const entity = this.entities.get(at);
      if (entity !== undefined) yield entity;
    }
    yield { id: "", config: this.blueprint.config };
  }
}
