import { isObject, objects } from "../definition/json";
import type { LivePod } from "./normal-form";

interface Endpoint {
  readonly name: string;
  readonly allocatedHostPort?: number;
  /** Present if a health check looks at it and has said something. */
  readonly healthy?: boolean;
}

interface Container {
  readonly name: string;
  /** `TASK_RUNNING` and the other states of Mesos. */
  readonly status: string;
  /** Of the task: another one after each start. */
  readonly containerId?: string;
  readonly message?: string;
  readonly conditions?: readonly { readonly name: string; readonly value: string }[];
  readonly endpoints?: readonly Endpoint[];
  readonly termination?: { readonly exitCode?: number; readonly message?: string };
}

export interface PodInstance {
  readonly id: string;
  /** `PENDING`, `STAGING`, `STABLE`, `DEGRADED` or `TERMINAL`. */
  readonly status: string;
  readonly message?: string;
  readonly agentHostname?: string | null;
  readonly networks?: readonly { readonly name?: string; readonly addresses?: readonly string[] }[];
  readonly containers?: readonly Container[];
  /** Path of the version that it runs, with nanoseconds. */
  readonly specReference?: string;
}

/** What `/v2/pods{id}::status` shows: the definition and what runs of it. */
export interface PodStatus {
  readonly id: string;
  readonly spec: LivePod;
  readonly instances?: readonly PodInstance[];
  readonly terminationHistory?: readonly { readonly message?: string; readonly terminatedAt?: string }[];
}

/** What the resource tells beside its definition. */
export function podOutputs(live: PodStatus): { version: string; instances: unknown[]; healthy: boolean } {
  const sorted = [...(live.instances ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    version: live.spec.version,
    instances: sorted.map(({ id, status, agentHostname, networks = [], containers = [] }) => ({
      id,
      host: agentHostname ?? "",
      status,
      addresses: networks.flatMap(({ addresses = [] }) => addresses),
      endpoints: Object.fromEntries(
        containers.map(({ name, endpoints = [] }) => [name, endpoints.map(endpointOutput)]),
      ),
    })),
    healthy: isPodUp(live),
  };
}

function endpointOutput({ name, allocatedHostPort, healthy }: Endpoint) {
  return {
    name,
    ...(allocatedHostPort !== undefined && { hostPort: allocatedHostPort }),
    ...(healthy !== undefined && { healthy }),
  };
}

/** Whether as many instances as wanted run, none is being started or stopped, and all health checks pass. */
export function isPodUp(live: PodStatus): boolean {
  const instances = live.instances ?? [];
  const { scaling } = live.spec;
  const wanted = isObject(scaling) ? Number(scaling["instances"] ?? 1) : 1;
  return instances.length === wanted && instances.every((instance) => isInstanceUp(instance, live.spec));
}

export function isInstanceUp({ status, containers = [] }: PodInstance, spec: LivePod): boolean {
  // A pod is stable for Marathon before its checks have said anything.
  return (
    status === "STABLE" &&
    objects(spec["containers"]).every((container) => {
      const check = container["healthCheck"];
      if (!isObject(check)) return true;
      return passes(
        containers.find(({ name }) => name === container["name"]),
        check,
      );
    })
  );
}

function passes(container: Container | undefined, check: Readonly<Record<string, unknown>>): boolean {
  const target = check["http"] ?? check["tcp"];
  if (isObject(target))
    return (container?.endpoints ?? []).some(({ name, healthy }) => name === target["endpoint"] && healthy === true);
  return (container?.conditions ?? []).some(({ name, value }) => name === "healthy" && value === "true");
}

/** Whether an instance runs the pod's present version. */
export function isPresent({ specReference }: PodInstance, { version }: LivePod): boolean {
  return specReference === undefined || milliseconds(specReference) >= milliseconds(version);
}

/** The reference has nanoseconds, of which the version has what the API shows. */
function milliseconds(text: string): number {
  return Date.parse(text.slice(text.lastIndexOf("/") + 1).replace(/(\.\d{3})\d*/, "$1"));
}
