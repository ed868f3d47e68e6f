import type { EventBus } from "../events/bus";
import type { App } from "../model/app";
import { locked, tooManyDeployments } from "../model/errors";
import type { Json } from "../model/json";
import type { TaskScheduler } from "../tasks/scheduler";
import { actionJson, affectedApps, type Plan, stepJson, stepsJson } from "./plan";
import { RunningAction } from "./running-action";

/** Marathon's default of `--max_running_deployments`. */
const MAX_RUNNING = 100;

interface Running {
  readonly plan: Plan;
  /** Begun by a former server. */
  readonly resumed: boolean;
  step: number;
  actions: RunningAction[];
}

/** What deployments need to tell others about. */
export interface DeploymentHooks {
  /** The app's instances begin or go on under this definition. */
  readonly appStarted: (action: RunningAction) => void;
  readonly appStopped: (appId: string) => void;
}

/** Runs deployments, one at a time per app. */
export class Deployments {
  private readonly running = new Map<string, Running>();
  /** Deployments to look at again, by id. */
  private readonly pending = new Set<string>();
  private advancing = false;

  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly bus: EventBus,
    private readonly hooks: DeploymentHooks,
  ) {
    scheduler.on("change", (instance) => this.advance(instance.app.id));
  }

  /** Throws ApiError 409 if another deployment holds one of the apps and `force` is not set, 403 if too many run. */
  assertFree(plan: Plan, force: boolean): void {
    const holders = this.conflicting(plan);
    if (holders.length > 0 && !force) throw locked(holders.map((holder) => holder.plan.id));
    if (this.running.size - holders.length >= MAX_RUNNING) throw tooManyDeployments(MAX_RUNNING);
  }

  /** Starts the plan; deployments that hold one of its apps are cancelled. */
  start(plan: Plan, resumed = false): void {
    for (const holder of this.conflicting(plan)) this.cancel(holder.plan.id);
    if (plan.steps.length === 0) {
      this.bus.publish("deployment_success", { id: plan.id, plan: planJson(plan) });
      return;
    }
    this.scheduler.expectWork();
    const deployment: Running = { plan, resumed, step: -1, actions: [] };
    this.running.set(plan.id, deployment);
    this.nextStep(deployment);
    for (const appId of affectedApps(plan)) this.advance(appId);
  }

  cancel(id: string): void {
    const deployment = this.running.get(id);
    if (!deployment) return;
    this.running.delete(id);
    this.bus.publish("deployment_failed", {
      id,
      plan: planJson(deployment.plan),
      reason: "The upgrade has been cancelled",
    });
  }

  find(id: string): Plan | undefined {
    return this.running.get(id)?.plan;
  }

  plans(): Plan[] {
    return [...this.running.values()].map((deployment) => deployment.plan);
  }

  /** Deployments that hold the app, as `{id}`. */
  of(appId: string): { id: string }[] {
    return this.plans().flatMap((plan) => (plan.before.has(appId) ? [{ id: plan.id }] : []));
  }

  /** Whether a deployment waits for readiness of the app's instances. */
  awaitsReadiness(appId: string): boolean {
    return this.plans().some((plan) => plan.before.has(appId));
  }

  /** The list of `/v2/deployments`. */
  json(): Json {
    return [...this.running.values()].map(({ plan, step, actions }) => ({
      id: plan.id,
      version: plan.version,
      affectedApps: affectedApps(plan).filter((id) => !isPod(plan, id)),
      affectedPods: affectedApps(plan).filter((id) => isPod(plan, id)),
      steps: stepsJson(plan.steps),
      currentActions: actions.map(({ action, app }) => ({
        ...actionJson(action),
        readinessCheckResults: this.resultsOf(app),
      })),
      currentStep: step + 1,
      totalSteps: plan.steps.length,
    }));
  }

  /** Readiness of the instances that deployments of the app wait for. */
  readiness(appId: string): Json[] {
    return [...this.running.values()].flatMap(({ actions }) =>
      actions.flatMap(({ app }) => (app.id === appId ? this.resultsOf(app) : [])),
    );
  }

  private resultsOf({ id, version }: App): Json[] {
    return this.scheduler
      .of(id)
      .flatMap(({ app, readiness }) => (readiness && app.version === version ? [{ ...readiness }] : []));
  }

  /** Moves the deployments of the app as far as they go. */
  advance(appId: string): void {
    for (const { plan } of this.running.values()) if (plan.before.has(appId)) this.pending.add(plan.id);
    if (this.advancing) return;
    this.advancing = true;
    try {
      for (const id of this.pending) {
        this.pending.delete(id);
        const deployment = this.running.get(id);
        if (deployment) this.advanceOne(deployment);
      }
    } finally {
      this.advancing = false;
    }
  }

  private advanceOne(deployment: Running): void {
    for (;;) {
      if (!this.running.has(deployment.plan.id)) return;
      const results = deployment.actions.map((action) => action.advance());
      if (!results.every(Boolean)) return;
      this.endStep(deployment);
      if (deployment.step + 1 < deployment.plan.steps.length) {
        this.nextStep(deployment);
        continue;
      }
      this.succeed(deployment);
      return;
    }
  }

  private nextStep(deployment: Running): void {
    deployment.step += 1;
    const step = deployment.plan.steps[deployment.step];
    if (!step) return;
    deployment.actions = step.actions.map((action) => new RunningAction(action, this.scheduler, deployment.resumed));
    this.bus.publish("deployment_info", { plan: planJson(deployment.plan), currentStep: stepJson(step) });
    for (const action of deployment.actions)
      if (action.action.action !== "StopApplication") this.hooks.appStarted(action);
  }

  private endStep(deployment: Running): void {
    const step = deployment.plan.steps[deployment.step];
    if (!step) return;
    for (const { action, app } of step.actions) {
      if (action !== "StopApplication") continue;
      this.hooks.appStopped(app.id);
      this.bus.publish("app_terminated_event", { appId: app.id });
    }
    this.bus.publish("deployment_step_success", { plan: planJson(deployment.plan), currentStep: stepJson(step) });
  }

  private succeed(deployment: Running): void {
    this.running.delete(deployment.plan.id);
    this.bus.publish("deployment_success", { id: deployment.plan.id, plan: planJson(deployment.plan) });
  }

  private conflicting(plan: Plan): Running[] {
    return [...this.running.values()].filter((deployment) =>
      affectedApps(deployment.plan).some((appId) => plan.before.has(appId)),
    );
  }
}

function isPod(plan: Plan, id: string): boolean {
  return plan.steps.some((step) => step.actions.some(({ app }) => app.id === id && app.pod !== undefined));
}

function planJson(plan: Plan): Json {
  return { id: plan.id, steps: stepsJson(plan.steps), version: plan.version };
}
