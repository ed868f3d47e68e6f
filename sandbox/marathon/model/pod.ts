import type { Contexts } from "../validation/app";
import { podProblems } from "../validation/pod";
import type { AppSpec, HealthCheck, Network } from "./app";
import { invalidJson, throwIfAny } from "./errors";
import { compact, filled, filledMap, type Json, type JsonObject } from "./json";
import { absolute } from "./path-id";
import { readPod } from "./pod-schema";
import type { Problem } from "./schema";

type Resources = { readonly cpus: number; readonly mem: number; readonly disk: number; readonly gpus: number };

type Endpoint = {
  readonly name: string;
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly protocol?: readonly string[];
  readonly labels?: { readonly [key: string]: string };
  readonly networkNames?: readonly string[];
};

export type PodContainer = {
  readonly name: string;
  readonly resources: Resources;
  readonly exec?: JsonObject;
  readonly endpoints?: readonly Endpoint[];
  readonly environment?: AppSpec["env"];
  readonly image?: { readonly pullConfig?: { readonly secret: string } };
  readonly volumeMounts?: readonly { readonly name: string }[];
  readonly artifacts?: readonly Json[];
  readonly labels?: { readonly [key: string]: string };
  readonly healthCheck?: {
    readonly http?: { readonly endpoint: string };
    readonly tcp?: { readonly endpoint: string };
    readonly exec?: JsonObject;
    readonly timeoutSeconds: number;
    readonly intervalSeconds: number;
  };
};

/** A pod as it was sent, with the defaults that need no context. */
export type RawPod = {
  readonly id: string;
  readonly user?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly environment?: AppSpec["env"];
  readonly secrets?: AppSpec["secrets"];
  readonly containers: readonly PodContainer[];
  readonly volumes?: readonly { readonly name: string; readonly secret?: string; readonly persistent?: JsonObject }[];
  readonly networks?: readonly Network[];
  readonly scaling?: { readonly kind: string; readonly instances: number };
  readonly scheduling?: JsonObject & {
    readonly placement?: {
      readonly constraints?: readonly {
        readonly fieldName: string;
        readonly operator: string;
        readonly value?: string;
      }[];
      readonly acceptedResourceRoles?: readonly string[];
    };
  };
  readonly executorResources?: Omit<Resources, "gpus">;
};

/** A pod as the API shows it, version apart. */
export type Pod = JsonObject & {
  readonly id: string;
  readonly containers: readonly PodContainer[];
  readonly scaling: { readonly kind: string; readonly instances: number };
  readonly scheduling: Pick<AppSpec, "killSelection" | "unreachableStrategy"> & {
    readonly backoff: { readonly backoff: number; readonly backoffFactor: number; readonly maxLaunchDelay: number };
    readonly upgrade: AppSpec["upgradeStrategy"];
  };
  readonly executorResources: Omit<Resources, "gpus">;
};

/** Reads a pod, checks it and fills in its defaults. Throws ApiError 422. */
export function parsePod(body: Json, contexts: Contexts): Pod {
  const problems: Problem[] = [];
  const read = readPod(body, "", problems);
  if (problems.length > 0) throw invalidJson(problems);
  const pod = read as unknown as RawPod;
  throwIfAny(podProblems(pod, contexts));
  return complete(pod, contexts.defaultNetworkName);
}

function complete(pod: RawPod & { readonly version?: string }, defaultNetworkName: string | undefined): Pod {
  const { version: _, scheduling = {}, ...rest } = pod;
  const resident = pod.volumes?.some((volume) => volume.persistent) ?? false;
  const networks = (pod.networks ?? []).map((network) =>
    compact({
      ...network,
      name: network.name ?? (network.mode === "container" ? defaultNetworkName : undefined),
      labels: filledMap(network.labels),
    }),
  );
  const mapped = networks.some(({ mode }) => mode === "container");
  const { constraints, acceptedResourceRoles } = scheduling.placement ?? {};
  const placement = filledMap(
    compact({ constraints: filled(constraints), acceptedResourceRoles: filled(acceptedResourceRoles) }),
  );
  return compact({
    ...rest,
    id: absolute(pod.id),
    labels: filledMap(pod.labels),
    environment: filledMap(pod.environment),
    secrets: filledMap(pod.secrets),
    volumes: filled(pod.volumes),
    networks: filled(networks),
    containers: pod.containers.map((container) => completeContainer(container, mapped)),
    scaling: pod.scaling ?? { kind: "fixed", instances: 1 },
    scheduling: compact({
      backoff: { backoff: 1, backoffFactor: 1.15, maxLaunchDelay: 300 },
      upgrade: resident
        ? { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 }
        : { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
      killSelection: "YOUNGEST_FIRST",
      unreachableStrategy: resident ? "disabled" : { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
      ...scheduling,
      placement,
    }),
    executorResources: pod.executorResources ?? { cpus: 0.1, mem: 32, disk: 10 },
  }) as unknown as Pod;
}

/** Host ports that are not named are found by Marathon, but on networks of containers they are not wanted. */
function completeContainer(container: PodContainer, mapped: boolean): PodContainer {
  const endpoints = container.endpoints?.map((endpoint) =>
    compact({
      ...endpoint,
      hostPort: endpoint.hostPort ?? (mapped ? undefined : 0),
      protocol: filled(endpoint.protocol),
      labels: filledMap(endpoint.labels),
      networkNames: filled(endpoint.networkNames),
    }),
  );
  return compact({
    ...container,
    endpoints: filled(endpoints),
    environment: filledMap(container.environment),
    volumeMounts: filled(container.volumeMounts),
    artifacts: filled(container.artifacts),
    labels: filledMap(container.labels),
  }) as PodContainer;
}

/** The pod as something to schedule: its containers' resources together with the executor's. */
export function podAsApp(pod: Pod): AppSpec & { readonly pod: Pod } {
  const { cpus, mem, disk, gpus } = podResources(pod);
  const { backoff, upgrade, killSelection, unreachableStrategy } = pod.scheduling;
  const checks = healthChecks(pod);
  return {
    id: pod.id,
    backoffFactor: backoff.backoffFactor,
    backoffSeconds: backoff.backoff,
    cpus,
    disk,
    executor: "",
    instances: pod.scaling.instances,
    labels: {},
    maxLaunchDelaySeconds: backoff.maxLaunchDelay,
    mem,
    gpus,
    networks: [{ mode: "host" }],
    portDefinitions: [],
    requirePorts: false,
    upgradeStrategy: upgrade,
    killSelection,
    unreachableStrategy,
    ...(checks.length > 0 && { healthChecks: checks }),
    pod,
  };
}

/** The endpoints of all containers, in their order. */
export function podEndpoints(pod: Pod): Endpoint[] {
  return pod.containers.flatMap(({ endpoints = [] }) => endpoints);
}

/** What its containers run, one after the other. */
export function podCommand(pod: Pod): string {
  return pod.containers
    .map(({ exec }) => exec?.["command"] as { readonly shell?: string; readonly argv?: readonly string[] } | undefined)
    .map((command) => command?.shell ?? command?.argv?.join(" ") ?? "")
    .join("; ");
}

/** Agents do all health checks of pods. */
function healthChecks(pod: Pod): HealthCheck[] {
  return pod.containers.flatMap(({ healthCheck }) => {
    if (!healthCheck) return [];
    const { http, tcp, exec: _, ...times } = healthCheck;
    const protocol = http ? "MESOS_HTTP" : tcp ? "MESOS_TCP" : "COMMAND";
    return [{ ...times, protocol, ipProtocol: "IPv4" } as HealthCheck];
  });
}

export function podResources(pod: Pod): Resources {
  const sum = (of: (resources: Resources) => number): number =>
    pod.containers.reduce((total, { resources }) => total + of(resources), 0);
  const { cpus, mem, disk } = pod.executorResources;
  return {
    cpus: round(cpus + sum((resources) => resources.cpus)),
    mem: mem + sum((resources) => resources.mem),
    disk: disk + sum((resources) => resources.disk),
    gpus: sum((resources) => resources.gpus),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
