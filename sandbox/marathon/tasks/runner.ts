import type { App } from "../model/app";
import type { TaskState } from "./instance";

/** A machine that tasks run on. `id` is stable over restarts of the server. Resources in cpus, MiB and MiB. */
export interface Agent {
  readonly id: string;
  readonly hostname: string;
  /** Where published ports answer, seen from this server. */
  readonly address: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
  /** Ranges of host ports that tasks may take, both ends included. */
  readonly ports: readonly (readonly [number, number])[];
}

/** A task to be started. `hostPorts` are in the order of the app's ports. */
export interface Launch {
  readonly taskId: string;
  readonly app: App;
  readonly agent: Agent;
  readonly hostPorts: readonly number[];
}

/** A report about a task. `healthy` is the result of a check that the agent does. */
export interface Status {
  readonly taskId: string;
  readonly state: TaskState;
  readonly message?: string;
  readonly healthy?: boolean;
  readonly ipAddresses?: readonly string[];
}

/** Runs tasks; everything that happens to them comes back through the listener, never before a call returned. */
export interface TaskRunner {
  readonly agents: readonly Agent[];
  /** Whether tasks can be placed on the agent now. */
  isAvailable(agentId: string): boolean;
  /** Begins to report. `known` are the tasks the server believes to run; those that do not are reported TASK_LOST. */
  start(listener: (status: Status) => void, known: readonly Launch[]): Promise<void>;
  launch(launch: Launch): void;
  kill(taskId: string, graceSeconds: number | undefined): void;
  /** Stops reporting; leaves tasks alone. */
  stop(): Promise<void>;
}
