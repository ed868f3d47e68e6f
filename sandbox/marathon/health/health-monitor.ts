import type { EventBus } from "../events/bus";
import type { App, HealthCheck } from "../model/app";
import { now } from "../state/clock";
import { type Health, type Instance, isPlaced, isRunning } from "../tasks/instance";
import type { TaskScheduler } from "../tasks/scheduler";
import { endpointOf } from "./effective-port";
import { type ProbeResult, probeHttp, probeTcp } from "./probe";

const NO_PORT = "UnsupportedOperationException: Health check failed: unable to get the task's effectivePort";

/** Does the checks that Marathon itself does (HTTP, HTTPS, TCP) and takes in the results of those that agents do. */
export class HealthMonitor {
  private readonly timers = new Map<string, NodeJS.Timeout[]>();

  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly bus: EventBus,
    private readonly changed: (appId: string) => void,
  ) {
    scheduler.on("health", (instance, healthy) => this.onAgentResult(instance, healthy));
  }

  /** Checks the instances of this definition from now on; adding one twice has no effect. */
  watch(app: App, announce = true): void {
    const key = keyOf(app);
    if (this.timers.has(key)) return;
    this.timers.set(key, []);
    const timers = this.timers.get(key) ?? [];
    app.healthChecks?.forEach((check, index) => {
      if (announce)
        this.bus.publish("add_health_check_event", { appId: app.id, healthCheck: { ...check }, version: app.version });
      if (byMarathon(check)) {
        const interval = Math.max(check.intervalSeconds, 1) * 1000;
        timers.push(setInterval(() => this.round(app, check, index), interval));
      }
    });
  }

  /** Ends the checks of the app's definitions, all or all but one version. */
  unwatch(appId: string, exceptVersion?: string): void {
    for (const [key, timers] of [...this.timers]) {
      const [id, version] = key.split("@");
      if (id !== appId || version === exceptVersion) continue;
      for (const timer of timers) clearInterval(timer);
      this.timers.delete(key);
    }
  }

  stop(): void {
    for (const timers of this.timers.values()) for (const timer of timers) clearInterval(timer);
    this.timers.clear();
  }

  private round(app: App, check: HealthCheck, index: number): void {
    for (const instance of this.scheduler.of(app.id)) {
      if (keyOf(instance.app) !== keyOf(app)) continue;
      if (!isPlaced(instance)) instance.health[index] = undefined;
      else if (isRunning(instance)) void this.check(instance, check, index);
    }
  }

  private async check(instance: Instance, check: HealthCheck, index: number): Promise<void> {
    const taskId = instance.task?.id;
    const result = await this.probe(instance, check);
    if (instance.task?.id !== taskId || !isRunning(instance)) return;
    if (result.ok) this.succeeded(instance, index);
    else this.failed(instance, check, index, result.cause ?? "unknown");
  }

  private probe(instance: Instance, check: HealthCheck): Promise<ProbeResult> {
    const task = instance.task;
    const endpoint = task && endpointOf(instance.app, task, check);
    if (!endpoint) return Promise.resolve({ ok: false, cause: NO_PORT });
    const target = { ...endpoint, timeoutSeconds: check.timeoutSeconds };
    if (check.protocol === "TCP") return probeTcp(target);
    return probeHttp({ ...target, path: check.path ?? "/", secure: check.protocol === "HTTPS" });
  }

  private succeeded(instance: Instance, index: number): void {
    const before = instance.health[index];
    const at = now();
    const { lastFailure, lastFailureCause, firstSuccess } = before ?? {};
    instance.health[index] = withoutUndefined({
      alive: true,
      consecutiveFailures: 0,
      firstSuccess: firstSuccess ?? at,
      lastSuccess: at,
      lastFailure,
      lastFailureCause,
    });
    if (before?.alive !== true) this.announce(instance, true, true);
  }

  private failed(instance: Instance, check: HealthCheck, index: number, cause: string): void {
    const before = instance.health[index];
    const startedAt = Date.parse(instance.task?.startedAt ?? now());
    if (!before?.firstSuccess && Date.now() < startedAt + check.gracePeriodSeconds * 1000) return;
    this.bus.publish("failed_health_check_event", {
      appId: instance.app.id,
      healthCheck: { ...check },
      taskId: instance.id,
    });
    // The count that decides is the one before this failure, so that a limit of 2 kills at the third.
    const limit = check.maxConsecutiveFailures;
    if (limit > 0 && before && before.consecutiveFailures >= limit) this.kill(instance, before);
    instance.health[index] = {
      ...before,
      alive: false,
      consecutiveFailures: (before?.consecutiveFailures ?? 0) + 1,
      lastFailure: now(),
      lastFailureCause: cause,
    };
    if (before?.alive !== false) this.announce(instance, false, before?.alive === true);
  }

  private kill(instance: Instance, health: Health): void {
    const reason = health.lastFailureCause ?? "unknown";
    const timestamp = health.lastFailure ?? now();
    this.bus.publish("unhealthy_instance_kill_event", {
      appId: instance.app.id,
      taskId: instance.task?.id,
      instanceId: instance.id,
      version: instance.app.version,
      reason,
      host: instance.task?.hostname,
      slaveId: instance.task?.agentId,
      timestamp,
    });
    const message = `Task was killed since health check failed. Reason: ${reason}`;
    this.scheduler.recordFailure(instance, "TASK_KILLED", message, timestamp);
    this.scheduler.kill([instance]);
  }

  private onAgentResult(instance: Instance, healthy: boolean): void {
    instance.app.healthChecks?.forEach((check, index) => {
      if (byMarathon(check)) return;
      const at = now();
      const before = instance.health[index];
      instance.health[index] = healthy
        ? { alive: true, consecutiveFailures: 0, firstSuccess: before?.firstSuccess ?? at, lastSuccess: at }
        : { ...before, alive: false, consecutiveFailures: 0 };
      if (before?.alive === healthy) return;
      this.announce(instance, healthy, healthy !== (before?.alive ?? false));
      this.announceInstance(instance, healthy);
    });
  }

  private announce(instance: Instance, alive: boolean, withStatus: boolean): void {
    if (withStatus)
      this.bus.publish("health_status_changed_event", {
        appId: instance.app.id,
        instanceId: instance.id,
        version: instance.app.version,
        alive,
      });
    this.announceInstance(instance, alive);
    this.changed(instance.app.id);
  }

  private announceInstance(instance: Instance, healthy: boolean): void {
    this.bus.publish("instance_health_changed_event", {
      instanceId: instance.id,
      runSpecId: instance.app.id,
      healthy,
      runSpecVersion: instance.app.version,
    });
  }
}

function byMarathon(check: HealthCheck): boolean {
  return check.protocol === "HTTP" || check.protocol === "HTTPS" || check.protocol === "TCP";
}

function keyOf(app: App): string {
  return `${app.id}@${app.versionInfo?.lastConfigChangeAt ?? app.version}`;
}

function withoutUndefined(health: Health): Health {
  return Object.fromEntries(Object.entries(health).filter(([, value]) => value !== undefined)) as unknown as Health;
}
