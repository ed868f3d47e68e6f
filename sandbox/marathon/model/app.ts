import { canonicalText, compact, type Json, type JsonObject } from "./json";
import type { Pod } from "./pod";

export type Labels = { readonly [key: string]: string };

export type Network = {
  readonly name?: string;
  readonly mode: "container" | "container/bridge" | "host";
  readonly labels?: Labels;
};

export type PortDefinition = {
  readonly port: number;
  readonly labels?: Labels;
  readonly name?: string;
  readonly protocol: string;
};

export type PortMapping = {
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly labels: Labels;
  readonly name?: string;
  readonly protocol: string;
  readonly servicePort: number;
  readonly networkNames?: readonly string[];
};

export type Volume = {
  readonly containerPath: string;
  readonly hostPath?: string;
  readonly mode?: "RO" | "RW";
  readonly secret?: string;
  readonly persistent?: {
    readonly type: string;
    readonly size: number;
    readonly maxSize?: number;
    readonly constraints: readonly (readonly string[])[];
  };
  readonly external?: {
    readonly size?: number;
    readonly name?: string;
    readonly provider?: string;
    readonly options?: Labels;
    readonly shared: boolean;
  };
};

type DockerSpec = {
  readonly credential?: JsonObject;
  readonly pullConfig?: { readonly secret: string };
  readonly forcePullImage: boolean;
  readonly image: string;
  readonly network?: "BRIDGE" | "HOST" | "NONE" | "USER";
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
  readonly portMappings?: readonly PortMapping[];
  readonly privileged: boolean;
};

export type Container = {
  readonly type: "MESOS" | "DOCKER";
  readonly docker?: DockerSpec;
  readonly appc?: { readonly image: string; readonly id?: string };
  readonly linuxInfo?: { readonly seccomp?: { readonly profileName?: string; readonly unconfined: boolean } };
  readonly volumes: readonly Volume[];
  readonly portMappings?: readonly PortMapping[];
};

export type HealthCheck = {
  readonly command?: { readonly value: string };
  readonly gracePeriodSeconds: number;
  readonly ignoreHttp1xx?: boolean;
  readonly intervalSeconds: number;
  readonly maxConsecutiveFailures: number;
  readonly path?: string;
  readonly port?: number;
  readonly portIndex?: number;
  readonly protocol: "HTTP" | "HTTPS" | "TCP" | "COMMAND" | "MESOS_TCP" | "MESOS_HTTP" | "MESOS_HTTPS";
  readonly ipProtocol: "IPv4" | "IPv6";
  readonly timeoutSeconds: number;
  readonly delaySeconds: number;
};

export type ReadinessCheck = {
  readonly name: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly path: string;
  readonly portName: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly httpStatusCodesForReady: readonly number[];
  readonly preserveLastResponse: boolean;
};

type UnreachableStrategy = "disabled" | { readonly inactiveAfterSeconds: number; readonly expungeAfterSeconds: number };

/** What an app is to be, in the shape Marathon 1.8 shows: empty lists and maps are left out, labels and networks are not. */
export type AppSpec = {
  readonly id: string;
  readonly acceptedResourceRoles?: readonly string[];
  readonly args?: readonly string[];
  readonly backoffFactor: number;
  readonly backoffSeconds: number;
  readonly cmd?: string;
  readonly constraints?: readonly (readonly string[])[];
  readonly container?: Container;
  readonly cpus: number;
  readonly dependencies?: readonly string[];
  readonly disk: number;
  readonly env?: { readonly [key: string]: string | { readonly secret: string } };
  readonly executor: string;
  readonly fetch?: readonly { readonly uri: string; readonly [key: string]: string | boolean }[];
  readonly healthChecks?: readonly HealthCheck[];
  readonly check?: JsonObject;
  readonly instances: number;
  readonly labels: Labels;
  readonly maxLaunchDelaySeconds: number;
  readonly mem: number;
  readonly gpus: number;
  readonly networks: readonly Network[];
  readonly portDefinitions?: readonly PortDefinition[];
  readonly readinessChecks?: readonly ReadinessCheck[];
  readonly residency?: { readonly relaunchEscalationTimeoutSeconds: number; readonly taskLostBehavior: string };
  readonly requirePorts: boolean;
  readonly secrets?: { readonly [name: string]: { readonly source: string } };
  readonly taskKillGracePeriodSeconds?: number;
  readonly upgradeStrategy: { readonly maximumOverCapacity: number; readonly minimumHealthCapacity: number };
  readonly user?: string;
  readonly killSelection: "YOUNGEST_FIRST" | "OLDEST_FIRST";
  readonly unreachableStrategy: UnreachableStrategy;
  readonly tty?: boolean;
  /** Marathon neither shows it nor compares it. */
  readonly executorResources?: JsonObject;
  /** Set if this is a pod, kept and scheduled like an app. */
  readonly pod?: Pod;
};

/** An app in the group tree; versions are UTC timestamps with milliseconds. */
export type App = AppSpec & {
  readonly version: string;
  readonly versionInfo?: { readonly lastScalingAt: string; readonly lastConfigChangeAt: string };
};

/** The app as answers show it. */
export function appJson(app: AppSpec): JsonObject {
  const { executorResources: _, ...shown } = app;
  return shown;
}

/** Lists whose order means nothing. */
const SETS = ["acceptedResourceRoles", "constraints", "dependencies", "healthChecks"] as const;

/** Equal for definitions that are the same but for `instances`, `executorResources`, versions and the order of sets. */
export function configText(app: AppSpec): string {
  const { instances: _, executorResources: __, version: ___, versionInfo: ____, ...config } = app as App;
  const sorted: Record<string, Json | undefined> = {
    ...config,
    ...(app.pod && { pod: { ...app.pod, scaling: { kind: app.pod.scaling.kind } } }),
  };
  for (const name of SETS) {
    const list = config[name];
    if (list) sorted[name] = [...list].sort((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
  }
  return canonicalText(sorted);
}

export function isHostMode(app: Pick<AppSpec, "networks">): boolean {
  return app.networks.every((network) => network.mode === "host");
}

export function isBridgeMode(app: Pick<AppSpec, "networks">): boolean {
  return app.networks.some((network) => network.mode === "container/bridge");
}

/** Service ports in the order of the definition; 0 is one not yet assigned. */
export function servicePorts(app: AppSpec): number[] {
  if (isHostMode(app)) return (app.portDefinitions ?? []).map((definition) => definition.port);
  return (app.container?.portMappings ?? []).map((mapping) => mapping.servicePort);
}

export function withServicePorts(app: App, ports: readonly number[]): App {
  if (isHostMode(app)) {
    const portDefinitions = app.portDefinitions?.map((definition, index) => ({
      ...definition,
      port: ports[index] ?? definition.port,
    }));
    return compact({ ...app, portDefinitions });
  }
  if (!app.container?.portMappings) return app;
  const portMappings = app.container.portMappings.map((mapping, index) => ({
    ...mapping,
    servicePort: ports[index] ?? mapping.servicePort,
  }));
  return { ...app, container: { ...app.container, portMappings } };
}
