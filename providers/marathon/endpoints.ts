import type { AppDefinition, LiveApp, Task } from "./api";
import { normalForm } from "./definition/normal-form";

interface Port {
  readonly servicePort: number;
  /** Whether a port of the agent leads to it. */
  readonly onHost: boolean;
  readonly protocol: string;
}

/** What the resource tells about a live app beside its definition. */
export function outputsOf(live: LiveApp): {
  version: string;
  tasks: unknown[];
  endpoints: unknown[];
  healthy: boolean;
} {
  const running = runningTasks(live).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    version: live.version,
    tasks: running.map((task) => ({
      id: task.id,
      host: task.host,
      ports: [...(task.ports ?? [])],
      ipAddresses: (task.ipAddresses ?? []).map(({ ipAddress }) => ipAddress),
      healthy: passesChecks(task, live),
    })),
    endpoints: running.filter((task) => !failsChecks(task)).flatMap((task) => endpoints(portsOf(live), task)),
    healthy: isHealthy(live),
  };
}

/** Whether all instances run with the present definition, none is being started, and all pass the health checks if there are any. */
export function isHealthy(live: LiveApp): boolean {
  if (live.tasksStaged > 0 || live.tasksRunning < live.instances) return false;
  if (runningTasks(live).filter((task) => isCurrent(task, live)).length < live.instances) return false;
  if ((live.healthChecks ?? []).length === 0) return true;
  return live.tasksHealthy >= live.instances && live.tasksUnhealthy === 0;
}

export function runningTasks(live: LiveApp): Task[] {
  return (live.tasks ?? []).filter(({ state }) => state === "TASK_RUNNING");
}

/** Whether a task was launched with the app's present definition, be it for another number of instances. */
export function isCurrent({ version }: Task, { versionInfo }: LiveApp): boolean {
  if (version === undefined || versionInfo === undefined) return true;
  return Date.parse(version) >= Date.parse(versionInfo.lastConfigChangeAt);
}

function passesChecks({ healthCheckResults: results = [] }: Task, { healthChecks = [] }: LiveApp): boolean {
  return healthChecks.length === 0 || (results.length > 0 && results.every(({ alive }) => alive));
}

/** Marathon forgets results when its leader changes: a task without one may well answer. */
function failsChecks({ healthCheckResults: results = [] }: Task): boolean {
  return results.some(({ alive }) => !alive);
}

function endpoints(ports: readonly Port[], task: Task): unknown[] {
  const hostPorts = [...(task.ports ?? [])];
  return ports.flatMap(({ servicePort, onHost, protocol }) => {
    const port = onHost ? hostPorts.shift() : servicePort;
    const address = onHost ? task.host : task.ipAddresses?.[0]?.ipAddress;
    if (port === undefined || address === undefined) return [];
    // Port 0 inside means the same number as outside.
    const answer = { address, port, servicePort: servicePort === 0 ? port : servicePort };
    return ["tcp", "udp"].flatMap((one) => (protocol.split(",").includes(one) ? [{ ...answer, protocol: one }] : []));
  });
}

function portsOf(live: AppDefinition): Port[] {
  const app = normalForm(live);
  const definitions = app["portDefinitions"] as { protocol: string }[] | undefined;
  if (definitions) return definitions.map(({ protocol }) => ({ servicePort: 0, onHost: true, protocol }));
  const container = app["container"] as {
    portMappings: { containerPort: number; hostPort?: number; protocol: string }[];
  };
  return container.portMappings.map(({ containerPort, hostPort, protocol }) => ({
    servicePort: containerPort,
    onHost: hostPort !== undefined,
    protocol,
  }));
}
