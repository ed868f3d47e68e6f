import type { AppSpec, Container, HealthCheck, Network } from "./app";
import { compact, filled, filledMap } from "./json";
import { IMPLIED_CONTAINER, type Migrated, migrate, onHost } from "./migrate";
import { absolute } from "./path-id";
import type { RawApp } from "./raw-app";

/** What normalisation depends on besides the definition. */
export interface NormalisationContext {
  readonly defaultNetworkName?: string;
  /** Group that relative ids of the app belong to, default the root. */
  readonly base?: string;
}

/** The definition with every default filled in and everything that does not apply dropped. Idempotent. */
export function normalise(raw: RawApp, context: NormalisationContext): AppSpec {
  return complete(migrate(raw), context);
}

/** What is left to do once the old fields are translated and the app is checked. */
export function complete(app: Migrated, context: NormalisationContext): AppSpec {
  const networks = completeNetworks(app.networks, context.defaultNetworkName);
  const host = onHost(networks);
  const container = completeContainer(app.container, networks, host);
  const resident = isResident(app);
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
    healthChecks: filled(app.healthChecks?.map(completeHealthCheck)),
    check: app.check,
    instances: app.instances,
    labels: app.labels,
    maxLaunchDelaySeconds: app.maxLaunchDelaySeconds,
    mem: app.mem,
    gpus: app.gpus,
    networks,
    portDefinitions: app.portDefinitions?.map((definition) =>
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

/** Whether tasks of the app stay with the volumes they once got. */
export function isResident(app: Pick<RawApp, "container">): boolean {
  return app.container?.volumes.some((volume) => volume.persistent) ?? false;
}

function completeNetworks(networks: readonly Network[], defaultName: string | undefined): Network[] {
  if (networks.length === 0) return [{ mode: "host" }];
  return networks.map((network) =>
    compact({
      name: network.name ?? (network.mode === "container" ? defaultName : undefined),
      mode: network.mode,
      labels: filledMap(network.labels),
    }),
  );
}

function completeContainer(
  given: Container | undefined,
  networks: readonly Network[],
  host: boolean,
): Container | undefined {
  const container = given ?? (host ? undefined : IMPLIED_CONTAINER);
  if (!container) return undefined;
  const volumes = container.volumes.map((volume) =>
    volume.external
      ? { ...volume, external: compact({ ...volume.external, options: filledMap(volume.external.options) }) }
      : volume,
  );
  const bridge = networks.some((network) => network.mode === "container/bridge");
  const portMappings = container.portMappings?.map((mapping) =>
    compact({
      ...mapping,
      hostPort: mapping.hostPort ?? (bridge ? 0 : undefined),
      networkNames: filled(mapping.networkNames),
    }),
  );
  return compact({ ...container, volumes, portMappings });
}

function completeHealthCheck(check: HealthCheck): HealthCheck {
  const byMarathon = check.protocol === "HTTP" || check.protocol === "HTTPS" || check.protocol === "TCP";
  const pathless = check.protocol === "TCP" || check.protocol === "MESOS_TCP" || check.protocol === "COMMAND";
  return compact({
    ...check,
    path: pathless ? undefined : check.path,
    ignoreHttp1xx: check.protocol === "HTTP" || check.protocol === "HTTPS" ? false : undefined,
    delaySeconds: byMarathon ? 15 : check.delaySeconds,
  });
}
