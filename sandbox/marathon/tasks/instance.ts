import { randomBytes } from "node:crypto";
import type { App } from "../model/app";
import { flat } from "../model/path-id";

export type TaskState =
  | "TASK_STAGING"
  | "TASK_STARTING"
  | "TASK_RUNNING"
  | "TASK_KILLED"
  | "TASK_FAILED"
  | "TASK_FINISHED"
  | "TASK_ERROR"
  | "TASK_LOST";

export type Condition =
  | "Scheduled"
  | "Provisioned"
  | "Starting"
  | "Running"
  | "Killed"
  | "Failed"
  | "Finished"
  | "Error"
  | "Gone";

export interface Health {
  alive: boolean;
  consecutiveFailures: number;
  firstSuccess?: string;
  lastSuccess?: string;
  lastFailure?: string;
  lastFailureCause?: string;
}

interface ReadinessResult {
  readonly name: string;
  readonly taskId: string;
  readonly ready: boolean;
  readonly lastResponse?: { readonly status: number; readonly contentType: string; readonly body: string };
}

/** One run of an instance on an agent. Times are UTC timestamps. */
export interface Task {
  readonly id: string;
  readonly agentId: string;
  readonly hostname: string;
  /** Where the task's own ports answer, seen from this server. */
  readonly agentAddress: string;
  readonly hostPorts: readonly number[];
  readonly stagedAt: string;
  ipAddresses: readonly string[];
  startedAt?: string;
  state: TaskState;
}

/** One of the app's `instances`: keeps its id over relaunches, which count `incarnation` up. */
export interface Instance {
  readonly id: string;
  readonly app: App;
  goal: "Running" | "Decommissioned";
  condition: Condition;
  incarnation: number;
  /** Waits for an agent. */
  waiting: boolean;
  /** Since when it waits. */
  since: string;
  task?: Task;
  /** Results by position of the health check in the app. */
  health: (Health | undefined)[];
  readiness?: ReadinessResult;
}

export const TERMINAL: Readonly<Partial<Record<TaskState, Condition>>> = {
  TASK_KILLED: "Killed",
  TASK_FAILED: "Failed",
  TASK_FINISHED: "Finished",
  TASK_ERROR: "Error",
  TASK_LOST: "Gone",
};

export function newInstance(app: App, since: string): Instance {
  return {
    id: `${flat(app.id)}.instance-${timeUuid()}`,
    app,
    goal: "Running",
    condition: "Scheduled",
    incarnation: 0,
    waiting: true,
    since,
    health: [],
  };
}

/** True while the instance occupies an agent. */
export function isPlaced(instance: Instance): boolean {
  return instance.task !== undefined && TERMINAL[instance.task.state] === undefined;
}

export function isRunning(instance: Instance): boolean {
  return instance.task?.state === "TASK_RUNNING";
}

/** All health checks have a result and all results are good; false without health checks. */
export function isHealthy(instance: Instance): boolean {
  const checks = instance.app.healthChecks ?? [];
  return checks.length > 0 && isRunning(instance) && checks.every((_, index) => instance.health[index]?.alive === true);
}

export function isUnhealthy(instance: Instance): boolean {
  return instance.health.some((health) => health?.alive === false);
}

const node = randomBytes(6).toString("hex");
let lastTime = 0n;

/** A version 1 UUID, as Marathon's instance ids have. */
function timeUuid(): string {
  const ticks = BigInt(Date.now()) * 10_000n + 0x01b21dd213814000n;
  lastTime = ticks > lastTime ? ticks : lastTime + 1n;
  const hex = lastTime.toString(16).padStart(16, "0");
  return `${hex.slice(8)}-${hex.slice(4, 8)}-1${hex.slice(1, 4)}-8${node.slice(0, 3)}-${node}`;
}
