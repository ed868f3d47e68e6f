import type { App } from "../model/app";
import { type Instance, isHealthy, isRunning } from "../tasks/instance";
import type { TaskScheduler } from "../tasks/scheduler";
import type { Action } from "./plan";

/**
 * One action under way. `advance` looks at the instances and does what can be done now; it is called again after each
 * change, so that nothing depends on having seen every event.
 */
export class RunningAction {
  private readonly ready = new Set<string>();
  private readonly killed = new Set<string>();
  private maxCapacity = 0;
  private begun = false;
  /** Scaling down waits for what goes, not for what stays. */
  private onlyKills = false;

  constructor(
    readonly action: Action,
    private readonly scheduler: TaskScheduler,
    private readonly resumed: boolean,
  ) {}

  get app(): App {
    return this.action.app;
  }

  /** Returns whether the action is finished. */
  advance(): boolean {
    switch (this.action.action) {
      case "StartApplication":
        return true;
      case "StopApplication":
        return this.stop();
      case "ScaleApplication":
        return this.scale();
      case "RestartApplication":
        return this.restart();
    }
  }

  private stop(): boolean {
    const instances = this.scheduler.of(this.app.id);
    this.decommission(instances);
    return this.scheduler.of(this.app.id).length === 0;
  }

  private scale(): boolean {
    const wanted = this.app.instances;
    const named = new Set(this.action.toKill ?? []);
    if (!this.begun) {
      this.begun = true;
      this.decommission(this.active().filter((instance) => named.has(instance.id)));
      this.onlyKills = !this.resumed && this.active().length >= wanted;
    }
    const active = this.active();
    if (active.length > wanted) this.decommission(this.firstToGo(active).slice(0, active.length - wanted));
    if (active.length < wanted) this.scheduler.schedule(this.app, wanted - active.length);
    for (const instance of this.active()) if (isReady(instance)) this.ready.add(instance.id);
    const leaving = this.scheduler.of(this.app.id).some((instance) => instance.goal === "Decommissioned");
    const known = this.active().filter((instance) => this.ready.has(instance.id));
    return (this.onlyKills || known.length >= wanted) && !leaving;
  }

  private restart(): boolean {
    const wanted = this.app.instances;
    if (!this.begun) {
      this.begun = true;
      this.killOld(this.beginRestart());
    }
    const room = this.maxCapacity - this.old().length - this.fresh().length;
    const missing = wanted - this.fresh().length;
    if (Math.min(room, missing) > 0) this.scheduler.schedule(this.app, Math.min(room, missing));
    for (const instance of this.fresh()) {
      if (!isReady(instance) || this.ready.has(instance.id)) continue;
      this.ready.add(instance.id);
      this.killOld(1);
    }
    const extra = this.fresh().length - wanted;
    if (extra > 0) this.decommission(this.firstToGo(this.fresh()).slice(0, extra));
    return this.old().length === 0 && this.fresh().filter((instance) => this.ready.has(instance.id)).length >= wanted;
  }

  /** Marathon's rule: how many of the old may go at once; sets how many instances there may be in all. */
  private beginRestart(): number {
    const { instances, upgradeStrategy } = this.app;
    const old = this.old().filter((instance) => instance.goal === "Running").length;
    const minHealthy = Math.ceil(instances * upgradeStrategy.minimumHealthCapacity);
    this.maxCapacity = Math.floor(instances * (1 + upgradeStrategy.maximumOverCapacity));
    const atOnce = Math.max(0, old - minHealthy);
    if (minHealthy !== this.maxCapacity || this.maxCapacity > old) return atOnce;
    if (this.app.residency) return atOnce + 1;
    this.maxCapacity += 1;
    return atOnce;
  }

  private killOld(count: number): void {
    const left = this.old().filter((instance) => instance.goal === "Running" && !this.killed.has(instance.id));
    const chosen = left.slice(0, count);
    for (const instance of chosen) this.killed.add(instance.id);
    this.decommission(chosen);
  }

  /** Marathon's order: starting ones first, then running ones, by `killSelection`; those that wait come last. */
  private firstToGo(instances: readonly Instance[]): Instance[] {
    const direction = this.app.killSelection === "YOUNGEST_FIRST" ? -1 : 1;
    const since = (instance: Instance): string => instance.task?.startedAt ?? instance.since;
    return [...instances].sort((a, b) => {
      const byState = rank(a) - rank(b);
      return byState !== 0 ? byState : since(a).localeCompare(since(b)) * direction;
    });
  }

  private decommission(instances: readonly Instance[]): void {
    this.scheduler.decommission(instances);
  }

  private active(): Instance[] {
    return this.scheduler.of(this.app.id).filter((instance) => instance.goal === "Running");
  }

  private old(): Instance[] {
    return this.scheduler.of(this.app.id).filter((instance) => instance.app.version !== this.app.version);
  }

  private fresh(): Instance[] {
    return this.active().filter((instance) => instance.app.version === this.app.version);
  }
}

/** Running, and good by every check the app has; readiness counts while a deployment waits. */
function isReady(instance: Instance): boolean {
  if (!isRunning(instance)) return false;
  if (instance.app.healthChecks && !isHealthy(instance)) return false;
  return !instance.app.readinessChecks || instance.readiness?.ready === true;
}

function rank(instance: Instance): number {
  if (instance.condition === "Starting") return 0;
  return instance.condition === "Running" ? 1 : 2;
}
