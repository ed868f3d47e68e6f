import type { AppSpec } from "./app";
import { pathId } from "./app-schema";
import { invalidJson } from "./errors";
import { compact, type Json, type JsonObject } from "./json";
import { absolute } from "./path-id";
import {
  decimal,
  flag,
  integer,
  list,
  literal,
  object,
  optional,
  type Problem,
  record,
  required,
  text,
} from "./schema";

type Resources = { readonly cpus: number; readonly mem: number; readonly disk: number; readonly gpus: number };

/** A pod as the API shows it, version apart. */
export type Pod = JsonObject & {
  readonly id: string;
  readonly containers: readonly { readonly name: string; readonly resources: Resources; readonly exec?: JsonObject }[];
  readonly scaling: { readonly kind: string; readonly instances: number };
  readonly executorResources: Omit<Resources, "gpus">;
};

const EXECUTOR = { cpus: 0.1, mem: 32, disk: 10 } as const;
const count = integer({ min: 0 });
const labels = record(text());
const anything = (value: Json): Json => value;

const container = object({
  name: required(text({ minLength: 1, maxLength: 63, pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ })),
  exec: optional(object({ command: required(anything), overrideEntrypoint: optional(flag) })),
  resources: required(
    object({
      cpus: required(decimal({ min: 0 })),
      mem: required(decimal({ min: 0 })),
      disk: optional(decimal({ min: 0 }), 0),
      gpus: optional(count, 0),
    }),
  ),
  endpoints: optional(anything),
  image: optional(
    object({
      kind: required(literal("DOCKER", "APPC")),
      id: required(text({ minLength: 1 })),
      forcePull: optional(flag),
    }),
  ),
  environment: optional(anything),
  user: optional(text()),
  healthCheck: optional(anything),
  volumeMounts: optional(list(anything)),
  artifacts: optional(list(anything)),
  labels: optional(labels),
});

const readPod = object({
  id: required(pathId),
  labels: optional(labels),
  version: optional(text()),
  user: optional(text()),
  environment: optional(anything),
  containers: required(list(container)),
  secrets: optional(anything),
  volumes: optional(list(anything)),
  networks: optional(list(anything)),
  scaling: optional(
    object({ kind: required(literal("fixed")), instances: optional(count, 1), maxInstances: optional(count) }),
    { kind: "fixed", instances: 1 },
  ),
  scheduling: optional(
    object({
      backoff: optional(
        object({
          backoff: optional(decimal({ min: 0 }), 1),
          backoffFactor: optional(decimal({ min: 1 }), 1.15),
          maxLaunchDelay: optional(decimal({ min: 0 }), 300),
        }),
      ),
      upgrade: optional(
        object({
          minimumHealthCapacity: optional(decimal({ min: 0, max: 1 }), 1),
          maximumOverCapacity: optional(decimal({ min: 0, max: 1 }), 1),
        }),
      ),
      placement: optional(anything),
      killSelection: optional(literal("YOUNGEST_FIRST", "OLDEST_FIRST")),
      unreachableStrategy: optional(anything),
    }),
    {},
  ),
  executorResources: optional(
    object({
      cpus: optional(decimal({ min: 0.1 }), EXECUTOR.cpus),
      mem: optional(decimal({ min: 32 }), EXECUTOR.mem),
      disk: optional(decimal({ min: 10 }), EXECUTOR.disk),
    }),
    { ...EXECUTOR },
  ),
});

/** Reads a pod and fills in its defaults. Throws ApiError 422 "Invalid JSON". */
export function parsePod(body: Json): Pod {
  const problems: Problem[] = [];
  const read = readPod(body, "", problems);
  if (problems.length > 0) throw invalidJson(problems);
  const { version: _, ...pod } = read as unknown as Pod & { scheduling: JsonObject };
  return compact({
    ...pod,
    id: absolute(pod.id),
    scheduling: {
      backoff: { backoff: 1, backoffFactor: 1.15, maxLaunchDelay: 300 },
      upgrade: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
      killSelection: "YOUNGEST_FIRST",
      unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
      ...pod.scheduling,
    },
  });
}

/** The pod as something to schedule: its containers' resources together with the executor's. */
export function podAsApp(pod: Pod): AppSpec & { readonly pod: Pod } {
  const { cpus, mem, disk, gpus } = podResources(pod);
  return {
    id: pod.id,
    backoffFactor: 1.15,
    backoffSeconds: 1,
    cpus,
    disk,
    executor: "",
    instances: pod.scaling.instances,
    labels: {},
    maxLaunchDelaySeconds: 300,
    mem,
    gpus,
    networks: [{ mode: "host" }],
    portDefinitions: [],
    requirePorts: false,
    upgradeStrategy: { maximumOverCapacity: 1, minimumHealthCapacity: 1 },
    killSelection: "YOUNGEST_FIRST",
    unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    pod,
  };
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
