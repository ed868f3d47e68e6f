import type {
  Blueprint,
  Expression,
  Link,
  Port,
  Position,
  Protocol,
  Service,
  Workload,
} from "../../../blueprint/model";
import { sortPorts, tcpPort } from "../../../blueprint/port";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { dockerLocation, marathonLocation, openstackLocation } from "../settings/example";

/** A position that says where the value stands. */
export function at(path: string): Position {
  return { file: "app.yaml", line: 1, column: 1, path };
}

const REDIS_PORT = 6379;
export const REDIS: Workload = {
  kind: "software",
  entity: "redis",
  settings: {
    "install.version": { kind: "literal", value: "3.0.5" },
    "download.url": { kind: "literal", value: "" },
    "redis.port": { kind: "literal", value: REDIS_PORT },
  },
  asksForVersion: true,
  container: { image: { repository: "redis", tag: "3.0.5" }, env: {}, options: {} },
  publishes: { "redis.port": { value: REDIS_PORT } },
};
export const IMAGE: Workload = { kind: "image", image: { repository: "shop/web", tag: "1" } };

/** What a test says of a service; locations by name, links by target or `[alias, target]`, ports of TCP by number. */
export type ServiceSketch = Partial<Omit<Service, "locations" | "links" | "ports" | "directPorts">> & {
  locations?: readonly string[];
  ports?: readonly (number | Port)[];
  directPorts?: readonly (number | Port)[];
  links?: readonly (string | readonly [alias: string, target: string])[];
};

/** A service of a container image, unless the sketch says otherwise, that listens on nothing. */
export function service(
  id: string,
  { locations = [], links = [], ports, directPorts = [], ...rest }: ServiceSketch = {},
): Service {
  const portsOf = (numbers: readonly (number | Port)[]) =>
    numbers.map((port) => (typeof port === "number" ? tcpPort(port) : port));
  const path = `services.${id}`;
  const workload = rest.workload ?? IMAGE;
  return {
    id,
    type: workload.kind === "software" ? "org.apache.brooklyn.entity.nosql.redis.RedisStore" : "docker:shop/web:1",
    workload,
    locations: locations.map((name) => ({ name, at: at(`${path}.location`) })),
    links: links.map((link): Link => {
      const [alias, target] = typeof link === "string" ? [link, link] : link;
      return { alias, target, at: at(`${path}.links.${alias}`) };
    }),
    ports: sortPorts(
      portsOf(
        ports ?? [
          ...(workload.kind === "software" ? [REDIS_PORT] : []),
          ...directPorts,
          ...(rest.portBindings ?? []).map(({ containerPort: port, protocol }) => ({ port, protocol })),
        ],
      ),
    ),
    directPorts: portsOf(directPorts),
    portBindings: [],
    env: {},
    volumes: [],
    files: [],
    container: {},
    volumesFrom: [],
    privileged: false,
    interactive: false,
    latches: {},
    machineKeys: [],
    publishes: workload.kind === "software" ? workload.publishes : {},
    startTimeoutSeconds: 300,
    instances: 1,
    config: {},
    at: at(path),
    ...rest,
  };
}

export function blueprint(
  services: readonly Service[],
  { locations = [], ...rest }: Partial<Omit<Blueprint, "locations">> & { locations?: readonly string[] } = {},
): Blueprint {
  return {
    file: "app.yaml",
    id: "shop",
    name: "Shop",
    locations: locations.map((name) => ({ name, at: at("location") })),
    services,
    groups: [],
    config: {},
    ...rest,
  };
}

/** `component("service").attributeWhenReady("sensor")` */
export function attribute(of: string, sensor: string): Expression {
  return { kind: "attribute", service: of, sensor, at: at(`${of}.${sensor}`) };
}

export function binding(
  hostPort: number,
  containerPort: number,
  protocol: Protocol = "tcp",
): Service["portBindings"][number] {
  return { hostPort, containerPort, protocol, at: at(`portBindings.${hostPort}`) };
}

/** The host `name` of a Docker location; its address ends in `last`. */
export function host(last: number): Record<string, unknown> {
  return { url: `ssh://deploy@192.0.2.${last}`, address: `192.0.2.${last}` };
}

/** Two Docker hosts (`docks`), a Mesos cluster whose agents are known (`tasks`), an OpenStack (`machines`); `change` replaces whole keys. */
export function settings(change: Record<string, unknown> = {}, locations: Record<string, unknown> = {}): Settings {
  return settingsSchema.parse({
    blueprint: "app.yaml",
    locations: {
      docks: dockerLocation({ hosts: { h1: host(11), h2: host(12) } }),
      tasks: marathonLocation({ agents: { a1: host(21), a2: host(22) } }),
      machines: openstackLocation(),
      ...locations,
    },
    ...change,
  });
}
