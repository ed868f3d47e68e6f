import type { Container, HealthCheck, Network, PortDefinition, PortMapping } from "./app";
import { cannotNormalise } from "./errors";
import { compact, filledMap } from "./json";
import type { RawApp, RawUpdate } from "./raw-app";

const MESOS_BRIDGE = "mesos-bridge";
const ARCHIVE = /\.(tar|tar\.gz|tar\.bz2|tar\.xz|gz|tgz|tbz2|txz|zip)$/;
const BARE: PortMapping = { containerPort: 0, labels: {}, protocol: "tcp", servicePort: 0 };
const DEFAULT_MAPPINGS: readonly PortMapping[] = [{ ...BARE, name: "default" }];
const DEFAULT_DEFINITIONS: readonly PortDefinition[] = [{ port: 0, name: "default", protocol: "tcp" }];

/** An app in terms of the new fields, its ports filled in; networks are still as they were sent. */
export type Migrated = Omit<RawApp, "ipAddress" | "ports" | "uris" | "version"> & {
  readonly networks: readonly Network[];
};

/** The container of an app on networks of containers that names none. */
export const IMPLIED_CONTAINER: Container = { type: "MESOS", volumes: [], portMappings: DEFAULT_MAPPINGS };

/** Whether ports are those of the host: no network stands for the host's too. */
export function onHost(networks: readonly Network[]): boolean {
  return networks.every((network) => network.mode === "host");
}

/** Old fields (`ipAddress`, `docker.network`, `docker.portMappings`, `ports`, `uris`) written as the new ones. */
function modernise<T extends RawUpdate>(raw: T): T {
  const { ipAddress, ports, uris, version: _, ...rest } = raw;
  return compact({
    ...rest,
    networks: modernNetworks(raw) ?? rest.networks,
    container: modernContainer(raw),
    portDefinitions: rest.portDefinitions ?? ports?.map((port) => ({ port, protocol: "tcp" })),
    fetch:
      uris && uris.length > 0
        ? uris.map((uri) => ({ uri, extract: ARCHIVE.test(uri), executable: false, cache: false }))
        : rest.fetch,
  }) as T;
}

/** An update in terms of the new fields. Its health checks refer to the first port, whether there is one or not. */
export function migrateUpdate(raw: RawUpdate): RawUpdate {
  const update = modernise(raw);
  return compact({ ...update, healthChecks: update.healthChecks?.map(withFirstPort) });
}

/** An app in terms of the new fields, with the ports that its networks ask for. Throws ApiError 500. */
export function migrate(raw: RawApp): Migrated {
  const app = modernise(raw);
  const networks = app.networks ?? [];
  const host = onHost(networks);
  const container = app.container && withPorts(app.container, host, app.portDefinitions?.length ?? 0);
  // Only ports that were written as port definitions count here: Marathon adds the others after it did the checks.
  const declared = (raw.portDefinitions ?? []).length > 0 || container?.portMappings !== undefined;
  const healthChecks = declared ? app.healthChecks?.map(withFirstPort) : app.healthChecks;
  const portDefinitions = host ? (app.portDefinitions ?? DEFAULT_DEFINITIONS) : undefined;
  return compact({ ...app, networks, container, portDefinitions, healthChecks });
}

function withPorts(container: Container, host: boolean, definitions: number): Container {
  const { portMappings, ...rest } = container;
  if (host) return rest;
  const mappings = portMappings ?? DEFAULT_MAPPINGS;
  const missing = Math.max(0, definitions - mappings.length);
  return { ...rest, portMappings: [...mappings, ...Array.from({ length: missing }, () => BARE)] };
}

function withFirstPort(check: HealthCheck): HealthCheck {
  const portLess = check.port === undefined && check.portIndex === undefined;
  return portLess && check.protocol !== "COMMAND" ? { ...check, portIndex: 0 } : check;
}

function modernNetworks(raw: RawUpdate): Network[] | undefined {
  const { ipAddress, container } = raw;
  const labels = filledMap(ipAddress?.labels);
  const named = (): Network => compact({ name: ipAddress?.networkName, mode: "container" as const, labels });
  switch (container?.docker?.network) {
    case "HOST":
      return [{ mode: "host" }];
    case "BRIDGE":
      return [compact({ mode: "container/bridge" as const, labels })];
    case "USER":
      return [named()];
    case "NONE":
      throw cannotNormalise("unsupported docker network type NONE");
    default:
      if (!ipAddress) return undefined;
      return ipAddress.networkName === MESOS_BRIDGE
        ? [compact({ mode: "container/bridge" as const, labels })]
        : [named()];
  }
}

function modernContainer(raw: RawUpdate): Container | undefined {
  const container = raw.container ?? (raw.ipAddress ? ({ type: "MESOS", volumes: [] } as Container) : undefined);
  if (!container) return undefined;
  const { portMappings: dockerMappings, network: _, ...docker } = container.docker ?? { network: undefined };
  if (dockerMappings && dockerMappings.length > 0 && container.portMappings)
    throw cannotNormalise("cannot specify both portMappings and docker.portMappings");
  const mappings = container.portMappings ?? dockerMappings;
  const discovered = raw.ipAddress?.discovery?.ports ?? [];
  if (discovered.length > 0 && mappings)
    throw cannotNormalise("container.portMappings and ipAddress.discovery.ports must not both be set");
  return compact({
    ...container,
    docker: container.docker ? (docker as Container["docker"]) : undefined,
    portMappings: mappings ?? (discovered.length > 0 ? discovered.map(asMapping) : undefined),
  });
}

function asMapping(port: NonNullable<NonNullable<RawUpdate["ipAddress"]>["discovery"]>["ports"][number]): PortMapping {
  const { number, name, protocol, labels } = port;
  return { containerPort: number, labels, name, protocol, servicePort: 0 };
}
