import type { ReadinessCheck } from "../model/app";
import { type Instance, isRunning } from "../tasks/instance";
import type { TaskScheduler } from "../tasks/scheduler";
import { endpointOf, portIndexOf } from "./effective-port";
import { probeHttp } from "./probe";

/** Asks tasks whether they are ready, while a deployment waits for that. */
export class ReadinessMonitor {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly isAwaited: (appId: string) => boolean,
    private readonly changed: (appId: string) => void,
  ) {
    scheduler.on("change", (instance) => this.onChange(instance));
  }

  stop(): void {
    for (const timer of this.timers.values()) clearInterval(timer);
    this.timers.clear();
  }

  private onChange(instance: Instance): void {
    const check = instance.app.readinessChecks?.[0];
    const taskId = instance.task?.id;
    if (!check || !taskId || !isRunning(instance) || this.timers.has(taskId)) return;
    if (instance.readiness?.ready || !this.isAwaited(instance.app.id)) return;
    const ask = (): void => void this.ask(instance, check, taskId);
    this.timers.set(taskId, setInterval(ask, Math.max(check.intervalSeconds, 1) * 1000));
    ask();
  }

  private async ask(instance: Instance, check: ReadinessCheck, taskId: string): Promise<void> {
    const task = instance.task;
    const current = task?.id === taskId && isRunning(instance) && this.scheduler.find(instance.id) === instance;
    if (!current || !this.isAwaited(instance.app.id)) return this.end(taskId);
    const endpoint = endpointOf(instance.app, task, { portIndex: portIndexOf(instance.app, check.portName) });
    if (!endpoint) return;
    const answer = await probeHttp({
      ...endpoint,
      path: check.path,
      secure: check.protocol === "HTTPS",
      timeoutSeconds: check.timeoutSeconds,
    });
    if (instance.task?.id !== taskId) return;
    const ready = answer.status !== undefined && check.httpStatusCodesForReady.includes(answer.status);
    const lastResponse =
      check.preserveLastResponse && answer.status !== undefined
        ? { status: answer.status, contentType: answer.contentType ?? "", body: answer.body ?? "" }
        : undefined;
    instance.readiness = { name: check.name, taskId, ready, ...(lastResponse ? { lastResponse } : {}) };
    if (ready) this.end(taskId);
    this.changed(instance.app.id);
  }

  private end(taskId: string): void {
    clearInterval(this.timers.get(taskId));
    this.timers.delete(taskId);
  }
}
