import { type App, appJson } from "../model/app";
import type { Json, JsonObject } from "../model/json";
import type { Services } from "../services";
import { type Instance, isHealthy, isRunning, isUnhealthy } from "../tasks/instance";
import { tasksJson } from "./task-json";

/** Parts of an app's answer that are shown only if asked for. */
export type Embed = "counts" | "deployments" | "tasks" | "lastTaskFailure" | "readiness" | "taskStats";

const KNOWN: Readonly<Record<string, readonly Embed[]>> = {
  counts: ["counts"],
  deployments: ["deployments"],
  tasks: ["tasks", "deployments"],
  lastTaskFailure: ["lastTaskFailure"],
  failures: ["tasks", "deployments", "lastTaskFailure"],
  readiness: ["readiness"],
  taskStats: ["taskStats"],
};

/** What the `embed` parameters ask for; prefixes `group.apps.`, `apps.` and `app.` mean the same, unknown ones nothing. */
export function embeds(values: readonly string[], always: readonly Embed[]): ReadonlySet<Embed> {
  const asked = values.flatMap((value) => KNOWN[value.replace(/^(group\.apps\.|apps\.|app\.)/, "")] ?? []);
  return new Set([...always, ...asked]);
}

/** The app with the parts asked for. */
export function appInfo(services: Services, app: App, parts: ReadonlySet<Embed>): JsonObject {
  const instances = services.scheduler.of(app.id);
  const failure = services.scheduler.failures.get(app.id);
  return {
    ...appJson(app),
    ...(parts.has("counts") ? counts(instances, app) : {}),
    ...(parts.has("deployments") ? { deployments: services.deployments.of(app.id) } : {}),
    ...(parts.has("readiness") ? { readinessCheckResults: services.deployments.readiness(app.id) } : {}),
    ...(parts.has("tasks") ? { tasks: tasksJson(instances) } : {}),
    ...(parts.has("lastTaskFailure") && failure ? { lastTaskFailure: failure } : {}),
    ...(parts.has("taskStats") ? { taskStats: taskStats(app, instances) } : {}),
  };
}

function counts(instances: readonly Instance[], app: App): JsonObject {
  const { staged, running, healthy, unhealthy } = summary(instances);
  return {
    tasksStaged: staged,
    tasksRunning: running,
    tasksHealthy: app.healthChecks ? healthy : 0,
    tasksUnhealthy: unhealthy,
  };
}

function summary(instances: readonly Instance[]) {
  return {
    staged: instances.filter((instance) => instance.task?.state === "TASK_STAGING").length,
    running: instances.filter(isRunning).length,
    healthy: instances.filter(isHealthy).length,
    unhealthy: instances.filter(isUnhealthy).length,
  };
}

function taskStats(app: App, instances: readonly Instance[]): Json {
  const placed = instances.filter((instance) => instance.task);
  const scalingAt = app.versionInfo?.lastScalingAt ?? app.version;
  const configAt = app.versionInfo?.lastConfigChangeAt ?? app.version;
  const groups: [string, Instance[]][] = [
    ["startedAfterLastScaling", placed.filter((instance) => (instance.task?.stagedAt ?? "") > scalingAt)],
    ["withLatestConfig", placed.filter((instance) => instance.app.version >= configAt)],
    ["withOutdatedConfig", placed.filter((instance) => instance.app.version < configAt)],
    ["totalSummary", placed],
  ];
  return Object.fromEntries(
    groups.flatMap(([name, members]) => (members.length > 0 ? [[name, { stats: statsOf(members) }]] : [])),
  );
}

function statsOf(instances: readonly Instance[]): Json {
  const seconds = instances
    .flatMap((instance) => (instance.task?.startedAt ? (Date.now() - Date.parse(instance.task.startedAt)) / 1000 : []))
    .sort((a, b) => a - b);
  const middle = seconds[Math.floor(seconds.length / 2)];
  return {
    counts: summary(instances),
    ...(middle === undefined
      ? {}
      : {
          lifeTime: {
            averageSeconds: seconds.reduce((total, value) => total + value, 0) / seconds.length,
            medianSeconds: middle,
          },
        }),
  };
}
