import { podCommand } from "../model/pod";
import type { Agent, Launch, Status, TaskRunner } from "./runner";

/** How long things take in the simulation, in milliseconds. */
export interface SimulatedTimes {
  readonly starting: number;
  readonly running: number;
  /** From running until a command that ends is over. */
  readonly exit: number;
  /** From running until the agent's health check has a result. */
  readonly health: number;
  readonly killed: number;
}

const SIMULATED_TIMES: SimulatedTimes = { starting: 350, running: 1550, exit: 500, health: 700, killed: 700 };

/**
 * Runs nothing, but reports as agents would: a command that ends in `exit 1` fails, `exit 0` finishes, and a health
 * check by the agent is good unless the command contains `sim-unhealthy`.
 */
export class SimulatedRunner implements TaskRunner {
  readonly agents: readonly Agent[];
  private readonly timers = new Map<string, Set<NodeJS.Timeout>>();
  private readonly running = new Set<string>();
  private listener: (status: Status) => void = () => {};

  constructor(
    frameworkId: string,
    private readonly times: SimulatedTimes = SIMULATED_TIMES,
  ) {
    this.agents = [1, 2, 3].map((n) => ({
      id: `${frameworkId.slice(0, -5)}-S${n - 1}`,
      hostname: `127.0.1.${n}`,
      address: `127.0.1.${n}`,
      attributes: { rack: `r${n}` },
      cpus: 16,
      mem: 32_768,
      disk: 100_000,
      gpus: 0,
      ports: [[31_000, 32_000]],
    }));
  }

  async start(listener: (status: Status) => void, known: readonly Launch[]): Promise<void> {
    this.listener = listener;
    for (const { taskId } of known) {
      this.running.add(taskId);
      this.after(0, taskId, () => this.report(taskId, { state: "TASK_RUNNING" }));
    }
  }

  isAvailable(): boolean {
    return true;
  }

  launch(launch: Launch): void {
    const { starting, running } = this.times;
    const { taskId, agent } = launch;
    const ipAddresses = [agent.address];
    this.running.add(taskId);
    // One after the other: timers of different lengths may swap places when the process was held up.
    this.after(starting, taskId, () => {
      this.report(taskId, { state: "TASK_STARTING", ipAddresses });
      this.after(running - starting, taskId, () => this.run(launch, ipAddresses));
    });
  }

  private run({ taskId, app }: Launch, ipAddresses: readonly string[]): void {
    this.report(taskId, { state: "TASK_RUNNING", ipAddresses });
    const command = app.pod ? podCommand(app.pod) : (app.cmd ?? app.args?.join(" ") ?? "");
    const end = /\bexit\s+(\d+)\s*$/.exec(command)?.[1];
    if (end !== undefined) {
      const failed = Number(end) !== 0;
      this.after(this.times.exit, taskId, () =>
        this.finish(taskId, {
          state: failed ? "TASK_FAILED" : "TASK_FINISHED",
          message: `Command exited with status ${end}`,
        }),
      );
    }
    if (app.healthChecks?.some((check) => check.protocol === "COMMAND" || check.protocol.startsWith("MESOS_"))) {
      const healthy = !command.includes("sim-unhealthy");
      this.after(this.times.health, taskId, () => this.report(taskId, { state: "TASK_RUNNING", ipAddresses, healthy }));
    }
  }

  kill(taskId: string): void {
    if (!this.running.has(taskId)) return;
    this.after(this.times.killed, taskId, () =>
      this.finish(taskId, { state: "TASK_KILLED", message: "Command terminated with signal Terminated" }),
    );
  }

  async stop(): Promise<void> {
    for (const timers of this.timers.values()) for (const timer of timers) clearTimeout(timer);
    this.timers.clear();
  }

  private report(taskId: string, status: Omit<Status, "taskId">): void {
    if (this.running.has(taskId)) this.listener({ taskId, ...status });
  }

  private finish(taskId: string, status: Omit<Status, "taskId">): void {
    if (!this.running.delete(taskId)) return;
    for (const timer of this.timers.get(taskId) ?? []) clearTimeout(timer);
    this.timers.delete(taskId);
    this.listener({ taskId, ...status });
  }

  private after(milliseconds: number, taskId: string, action: () => void): void {
    const timers = this.timers.get(taskId) ?? new Set();
    this.timers.set(taskId, timers);
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, milliseconds);
    timers.add(timer);
  }
}
