import { servicePorts } from "../model/app";
import { compact, type JsonObject } from "../model/json";
import { type Instance, TERMINAL } from "../tasks/instance";

/** A task as lists show it. Service ports are shown only where Marathon shows them, in `/v2/tasks`. */
export function taskJson(instance: Instance, withServicePorts = false): JsonObject | undefined {
  const task = instance.task;
  if (!task) return undefined;
  const ended = TERMINAL[task.state] !== undefined;
  return compact({
    appId: instance.app.id,
    healthCheckResults: instance.health.flatMap((health) =>
      health ? [{ ...health, instanceId: `instance [${instance.id}]` }] : [],
    ),
    host: task.hostname,
    id: task.id,
    ipAddresses: task.ipAddresses.map((ipAddress) => ({ ipAddress, protocol: "IPv4" })),
    ports: ended ? [] : task.hostPorts,
    servicePorts: withServicePorts ? servicePorts(instance.app) : [],
    slaveId: task.agentId,
    state: task.state,
    stagedAt: ended ? undefined : task.stagedAt,
    startedAt: ended ? undefined : task.startedAt,
    version: ended ? undefined : instance.app.version,
    localVolumes: [],
  });
}

export function tasksJson(instances: readonly Instance[], withServicePorts = false): JsonObject[] {
  return instances.map((instance) => taskJson(instance, withServicePorts)).filter((task) => task !== undefined);
}
