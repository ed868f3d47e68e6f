import type { AppSpec, Container, HealthCheck, Network, PortMapping } from "./app";
import { cannotNormalise } from "./errors";
import { compact } from "./json";
import { absolute } from "./path-id";
import type { RawApp, RawUpdate } from "./raw-app";

/** What normalisation depends on besides the definition. */
export interface NormalisationContext {
  readonly defaultNetworkName?: string;
  /** Group that relative ids of the app belong to, default the root. */
  readonly base?: string;
}

const MESOS_BRIDGE = "mesos-bridge";
const ARCHIVE = /\.(tar|tar\.gz|tar\.bz2|tar\.xz|gz|tgz|tbz2|txz|zip)$/;

/** Old fields (`ipAddress`, `docker.network`, `docker.portMappings`, `ports`, `uris`) written as the new ones; idempotent. */
export function modernise<T extends RawUpdate>(raw: T): T {
  const { ipAddress, ports, uris, version: _, ...rest } = raw;
  const networks = modernNetworks(raw);
  const container = modernContainer(raw);
  return compact({
    ...rest,
    networks: networks ?? rest.networks,
    container,
    portDefinitions: rest.portDefinitions ?? ports?.map((port) => ({ port, protocol: "tcp" })),
    fetch:
      uris && uris.length > 0
        ? uris.map((uri) => ({ uri, extract: ARCHIVE.test(uri), executable: false, cache: false }))
        : rest.fetch,
  }) as T;
}

/** The definition with every default filled in and everything that does not apply dropped. Idempotent. */
export function normalise(raw: RawApp, context: NormalisationContext): AppSpec {
  const app = modernise(raw);
  const networks = completeNetworks(app.networks, context.defaultNetworkName);
  const host = networks.every((network) => network.mode === "host");
  const container = completeContainer(app, networks, host);
  // In host mode only port definitions count that were written as such: Marathon adds the others after it did the checks.
  const declared = host ? raw.portDefinitions?.length : container?.portMappings?.length;
  const portDefinitions = host ? (app.portDefinitions ?? [{ port: 0, name: "default", protocol: "tcp" }]) : undefined;
  const resident = container?.volumes.some((volume) => volume.persistent) ?? false;
  const external = container?.volumes.some((volume) => volume.external) ?? false;
  return compact({
    id: absolute(app.id, context.base),
    acceptedResourceRoles: filled(app.acceptedResourceRoles),
    args: filled(app.args),
    backoffFactor: app.backoffFactor,
    backoffSeconds: app.backoffSeconds,
    cmd: app.cmd,
    constraints: filled(app.constraints),
    container,
    cpus: app.cpus,
    dependencies: filled(app.dependencies?.map((id) => absolute(id, context.base))),
    disk: app.disk,
    env: filledMap(app.env),
    executor: app.executor,
    fetch: filled(app.fetch),
    healthChecks: filled(app.healthChecks?.map((check) => completeHealthCheck(check, (declared ?? 0) > 0))),
    check: app.check,
    instances: app.instances,
    labels: app.labels,
    maxLaunchDelaySeconds: app.maxLaunchDelaySeconds,
    mem: app.mem,
    gpus: app.gpus,
    networks,
    portDefinitions: portDefinitions?.map((definition) =>
      compact({ ...definition, labels: filledMap(definition.labels) }),
    ),
    readinessChecks: filled(app.readinessChecks),
    residency: resident ? { relaunchEscalationTimeoutSeconds: 3600, taskLostBehavior: "WAIT_FOREVER" } : undefined,
    requirePorts: host && app.requirePorts,
    secrets: filledMap(app.secrets),
    taskKillGracePeriodSeconds: app.taskKillGracePeriodSeconds,
    upgradeStrategy:
      app.upgradeStrategy ??
      (resident || external
        ? { maximumOverCapacity: 0, minimumHealthCapacity: 0.5 }
        : { maximumOverCapacity: 1, minimumHealthCapacity: 1 }),
    user: app.user,
    killSelection: app.killSelection,
    unreachableStrategy:
      app.unreachableStrategy ?? (resident ? "disabled" : { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 }),
    tty: app.tty,
    executorResources: app.executorResources,
  }) as AppSpec;
}

function modernNetworks(raw: RawUpdate): Network[] | undefined {
  const { ipAddress, container } = raw;
  const named = (): Network =>
    compact({
      name: ipAddress?.networkName,
      mode: "container" as const,
      labels: filledMap(ipAddress?.labels),
    });
  switch (container?.docker?.network) {
    case "HOST":
      return [{ mode: "host" }];
    case "BRIDGE":
      return [{ mode: "container/bridge" }];
    case "USER":
      return [named()];
    case "NONE":
      throw cannotNormalise("unsupported docker network type NONE");
    default:
      if (!ipAddress) return undefined;
      return ipAddress.networkName === MESOS_BRIDGE ? [{ mode: "container/bridge" }] : [named()];
  }
}

function modernContainer(raw: RawUpdate): Container | undefined {
  const container = raw.container ?? (raw.ipAddress ? ({ type: "MESOS", volumes: [] } as Container) : undefined);
  if (!container) return undefined;
  const { portMappings: dockerMappings, network: _, ...docker } = container.docker ?? { network: undefined };
  if (dockerMappings && dockerMappings.length > 0 && container.portMappings && container.portMappings.length > 0)
    throw cannotNormalise("cannot specify both portMappings and docker.portMappings");
  const discovered = raw.ipAddress?.discovery?.ports.map((port) => ({
    containerPort: port.number,
    labels: {},
    name: port.name,
    protocol: port.protocol,
    servicePort: 0,
  }));
  if (discovered && discovered.length > 0 && container.portMappings && container.portMappings.length > 0)
    throw cannotNormalise("ipAddress/discovery/ports may not be used with container/portMappings");
  const mappings = container.portMappings ?? dockerMappings ?? (discovered?.length ? discovered : undefined);
  return compact({
    ...container,
    docker: container.docker ? (docker as Container["docker"]) : undefined,
    portMappings: mappings,
  });
}

function completeNetworks(networks: readonly Network[] | undefined, defaultName: string | undefined): Network[] {
  if (!networks || networks.length === 0) return [{ mode: "host" }];
  return networks.map((network) =>
    compact({
      name: network.name ?? (network.mode === "container" ? defaultName : undefined),
      mode: network.mode,
      labels: filledMap(network.labels),
    }),
  );
}

function completeContainer(app: RawApp, networks: readonly Network[], host: boolean): Container | undefined {
  const container = app.container ?? (host ? undefined : ({ type: "MESOS", volumes: [] } as Container));
  if (!container) return undefined;
  const { portMappings, ...rest } = container;
  const volumes = container.volumes.map((volume) =>
    volume.external
      ? { ...volume, external: compact({ ...volume.external, options: filledMap(volume.external.options) }) }
      : volume,
  );
  if (host) return { ...rest, volumes };
  const bridge = networks.some((network) => network.mode === "container/bridge");
  const given: readonly PortMapping[] = portMappings ?? [
    { containerPort: 0, labels: {}, name: "default", protocol: "tcp", servicePort: 0 },
  ];
  const definitions = app.portDefinitions ?? [];
  const bare: PortMapping = { containerPort: 0, labels: {}, protocol: "tcp", servicePort: 0 };
  const merged = Array.from({ length: Math.max(given.length, definitions.length) }, (_, index) => {
    const mapping = given[index] ?? bare;
    const servicePort = mapping.servicePort || (definitions[index]?.port ?? 0);
    return compact({
      ...mapping,
      servicePort,
      hostPort: mapping.hostPort ?? (bridge ? 0 : undefined),
      networkNames: filled(mapping.networkNames),
    });
  });
  return { ...rest, volumes, portMappings: merged };
}

function completeHealthCheck(check: HealthCheck, hasPorts: boolean): HealthCheck {
  const command = check.protocol === "COMMAND";
  const byMarathon = check.protocol === "HTTP" || check.protocol === "HTTPS" || check.protocol === "TCP";
  const tcp = check.protocol === "TCP" || check.protocol === "MESOS_TCP";
  const portLess = check.port === undefined && check.portIndex === undefined;
  return compact({
    ...check,
    path: tcp || command ? undefined : check.path,
    ignoreHttp1xx: check.protocol === "HTTP" || check.protocol === "HTTPS" ? false : undefined,
    portIndex: portLess && !command && hasPorts ? 0 : check.portIndex,
    delaySeconds: byMarathon ? 15 : check.delaySeconds,
  });
}

function filled<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

function filledMap<T extends object>(map: T | undefined): T | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}
