import { compact, type Json, type JsonObject } from "../model/json";
import { type Pod, type PodContainer, podResources } from "../model/pod";
import { type Instance, isRunning } from "../tasks/instance";

/** Whether all containers run and none fails its health check. */
export function isStable(instance: Instance): boolean {
  return isRunning(instance) && instance.health.every((health) => health?.alive !== false);
}

/** An instance of a pod as its status shows it. */
export function instanceStatus(instance: Instance, pod: Pod | undefined): Json {
  const since = sinceOf(instance);
  const state = isStable(instance) ? "STABLE" : isRunning(instance) ? "DEGRADED" : "PENDING";
  const results = [...instance.health];
  const ports = [...(instance.task?.hostPorts ?? [])];
  return {
    id: instance.id,
    status: state,
    statusSince: since,
    conditions: [],
    agentHostname: instance.task?.hostname ?? null,
    agentId: instance.task?.agentId ?? null,
    resources: pod ? podResources(pod) : null,
    networks: [{ addresses: instance.task?.ipAddresses ?? [] }],
    containers: (pod?.containers ?? []).map((container) => {
      const healthy = container.healthCheck ? results.shift()?.alive : undefined;
      return {
        name: container.name,
        status: instance.task?.state ?? "TASK_STAGING",
        statusSince: since,
        conditions: healthy === undefined ? [] : [condition(healthy, since)],
        containerId: `${instance.id}.${container.name}.${instance.incarnation}`,
        endpoints: endpoints(container, ports, healthy),
        resources: container.resources,
        lastUpdated: since,
        lastChanged: since,
      };
    }),
    specReference: `/v2/pods${instance.app.id}::versions/${inNanoseconds(instance.app.version)}`,
    localVolumes: [],
    lastUpdated: since,
    lastChanged: since,
  };
}

export function sinceOf(instance: Instance): string {
  return instance.task?.startedAt ?? instance.task?.stagedAt ?? instance.since;
}

function condition(healthy: boolean, since: string): JsonObject {
  return { name: "healthy", value: String(healthy), lastChanged: since, lastUpdated: since };
}

/** @param ports Allocated ports of the host, from which those of this container are taken. */
function endpoints({ endpoints = [], healthCheck }: PodContainer, ports: number[], healthy: boolean | undefined): Json {
  const checked = healthCheck?.http?.endpoint ?? healthCheck?.tcp?.endpoint;
  return endpoints.map(({ name, hostPort }) =>
    compact({
      name,
      allocatedHostPort: hostPort === undefined ? undefined : ports.shift(),
      healthy: name === checked ? healthy : undefined,
    }),
  );
}

/** Marathon writes this reference, alone of all versions, with nine digits. */
function inNanoseconds(version: string): string {
  return version.replace("Z", "000000Z");
}
