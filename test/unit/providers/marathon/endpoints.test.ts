import { describe, expect, test } from "vitest";
import type { LiveApp, Task } from "../../../../providers/marathon/api";
import { isHealthy, outputsOf } from "../../../../providers/marathon/endpoints";

const base = {
  id: "/web",
  version: "2026-11-23T04:40:57.726Z",
  instances: 1,
  tasksStaged: 0,
  tasksRunning: 1,
  tasksHealthy: 0,
  tasksUnhealthy: 0,
} satisfies LiveApp;

function task(id: string, changes: Partial<Task> = {}): Task {
  return {
    id,
    host: `agent-${id}`,
    state: "TASK_RUNNING",
    ports: [31001, 31002],
    ipAddresses: [{ ipAddress: "198.18.7.9", protocol: "IPv4" }],
    ...changes,
  };
}

describe("outputsOf", () => {
  test("leads a bridged port to the agent's port at every running task, in the order of their ids", () => {
    const { tasks, endpoints } = outputsOf({
      ...base,
      networks: [{ mode: "container/bridge" }],
      container: {
        docker: { image: "x" },
        portMappings: [
          { containerPort: 80, hostPort: 0, protocol: "tcp" },
          { containerPort: 443, hostPort: 0, protocol: "udp,tcp" },
        ],
      },
      tasks: [task("c", { ports: [31003, 31004] }), task("b"), task("a", { state: "TASK_FAILED", ports: [] })],
    });
    expect(endpoints).toEqual([
      { address: "agent-b", port: 31001, servicePort: 80, protocol: "tcp" },
      { address: "agent-b", port: 31002, servicePort: 443, protocol: "tcp" },
      { address: "agent-b", port: 31002, servicePort: 443, protocol: "udp" },
      { address: "agent-c", port: 31003, servicePort: 80, protocol: "tcp" },
      { address: "agent-c", port: 31004, servicePort: 443, protocol: "tcp" },
      { address: "agent-c", port: 31004, servicePort: 443, protocol: "udp" },
    ]);
    expect(tasks.map((shown) => (shown as { id: string }).id)).toEqual(["b", "c"]);
    expect(tasks[0]).toEqual({
      id: "b",
      host: "agent-b",
      ports: [31001, 31002],
      ipAddresses: ["198.18.7.9"],
      healthy: true,
    });
  });

  test("leaves out tasks that fail a check, not those that have no result yet", () => {
    const results = (...alive: boolean[]) => ({ healthCheckResults: alive.map((one) => ({ alive: one })) });
    const { tasks, endpoints } = outputsOf({
      ...base,
      healthChecks: [{}, {}],
      portDefinitions: [{ port: 10000 }],
      tasks: [task("a", results(true, true)), task("b", results(true, false)), task("c")],
    });
    expect(endpoints).toMatchObject([{ address: "agent-a" }, { address: "agent-c" }]);
    expect(tasks).toMatchObject([
      { id: "a", healthy: true },
      { id: "b", healthy: false },
      { id: "c", healthy: false },
    ]);
  });

  test("gives the task's own address for a port that takes none of the agent's", () => {
    const { endpoints } = outputsOf({
      ...base,
      networks: [{ mode: "container", name: "calico" }],
      container: {
        docker: { image: "x" },
        portMappings: [
          { containerPort: 53, hostPort: 0, protocol: "udp" },
          { containerPort: 80, protocol: "tcp" },
          { containerPort: 81, hostPort: 0, protocol: "tcp" },
        ],
      },
      tasks: [task("a")],
    });
    expect(endpoints).toEqual([
      { address: "agent-a", port: 31001, servicePort: 53, protocol: "udp" },
      { address: "198.18.7.9", port: 80, servicePort: 80, protocol: "tcp" },
      { address: "agent-a", port: 31002, servicePort: 81, protocol: "tcp" },
    ]);
  });

  test("takes host ports as they are on the host's network", () => {
    const { endpoints } = outputsOf({ ...base, portDefinitions: [{ port: 10000 }], tasks: [task("a")] });
    expect(endpoints).toEqual([{ address: "agent-a", port: 31001, servicePort: 31001, protocol: "tcp" }]);
  });

  test("has no endpoint without a running task", () => {
    expect(outputsOf({ ...base, tasks: [] })).toMatchObject({ tasks: [], endpoints: [] });
  });
});

describe("isHealthy", () => {
  const checks = { healthChecks: [{}] };
  const changed = {
    versionInfo: { lastScalingAt: "2026-11-23T06:30:00.000Z", lastConfigChangeAt: "2026-11-23T05:00:00.000Z" },
  };
  const [old, current] = ["2026-11-23T04:00:00.000Z", "2026-11-23T06:00:00.000Z"];
  test.each<[string, boolean, Partial<LiveApp>]>([
    ["runs what it should", true, {}],
    ["is scaled to nothing", true, { instances: 0, tasksRunning: 0 }],
    ["runs too little", false, { instances: 2 }],
    ["is still starting", false, { tasksStaged: 1 }],
    ["passes its checks", true, { ...checks, tasksHealthy: 1 }],
    ["has no result yet", false, { ...checks, tasksHealthy: 0 }],
    ["still runs the definition before", false, { ...changed, tasks: [task("a", { version: old })] }],
    ["was scaled after its last change", true, { ...changed, tasks: [task("a", { version: current })] }],
    ["has an instance too many that fails", false, { ...checks, tasksHealthy: 1, tasksUnhealthy: 1, tasksRunning: 2 }],
  ])("an app that %s: %s", (_, healthy, changes) => {
    expect(isHealthy({ ...base, tasks: [task("a")], ...changes } as LiveApp)).toBe(healthy);
  });
});
