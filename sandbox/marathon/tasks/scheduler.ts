import { EventEmitter } from "node:events";
import type { EventBus } from "../events/bus";
import type { App } from "../model/app";
import type { JsonObject } from "../model/json";
import { now } from "../state/clock";
import { Backoff } from "./backoff";
import { type Condition, type Instance, isPlaced, newInstance, type Task, TERMINAL } from "./instance";
import { match, offerOf } from "./matcher";
import { OfferLog } from "./offer-log";
import type { Agent, Status, TaskRunner } from "./runner";

const LIMIT_WORTHY: readonly Condition[] = ["Failed", "Finished", "Error", "Gone"];

/**
 * Keeps the instances of all apps: places those that wait, follows their tasks, relaunches what ended. Emits `change`
 * with the instance after each change and `health` when the agent's own check has a result.
 */
export class TaskScheduler extends EventEmitter<{ change: [Instance]; health: [Instance, boolean] }> {
  readonly backoff = new Backoff();
  readonly offers = new OfferLog();
  readonly failures = new Map<string, JsonObject>();
  private readonly instances = new Map<string, Instance>();
  private readonly byApp = new Map<string, Set<Instance>>();
  private readonly byTask = new Map<string, Instance>();
  private timer: NodeJS.Timeout | undefined;

  /** `offerInterval` is how often waiting instances are offered to the agents, in milliseconds. */
  constructor(
    private readonly runner: TaskRunner,
    private readonly bus: EventBus,
    private readonly offerInterval: number,
  ) {
    super();
  }

  get agents(): readonly Agent[] {
    return this.runner.agents;
  }

  /** Whether tasks can be placed on the agent now. */
  isAvailable(agentId: string): boolean {
    return this.runner.isAvailable(agentId);
  }

  /** Starts with the instances of a former run; tasks that are gone meanwhile are reported as lost. */
  async start(known: readonly Instance[]): Promise<void> {
    const launches = known.flatMap((instance) => {
      this.add(instance);
      const agent = this.runner.agents.find((candidate) => candidate.id === instance.task?.agentId);
      if (!instance.task || !isPlaced(instance)) return [];
      this.byTask.set(instance.task.id, instance);
      if (!agent) return [];
      return [{ taskId: instance.task.id, app: instance.app, agent, hostPorts: instance.task.hostPorts }];
    });
    await this.runner.start((status) => this.onStatus(status), launches);
    for (const instance of known) if (instance.goal === "Decommissioned") this.stopTask(instance);
    this.beginOffers(this.offerInterval);
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.runner.stop();
  }

  all(): Instance[] {
    return [...this.instances.values()];
  }

  of(appId: string): Instance[] {
    return [...(this.byApp.get(appId) ?? [])];
  }

  find(instanceId: string): Instance | undefined {
    return this.instances.get(instanceId);
  }

  schedule(app: App, count: number): void {
    if (count > 0 && !this.of(app.id).some((instance) => instance.waiting)) this.offers.begin(app.id);
    for (let index = 0; index < count; index += 1) {
      const instance = newInstance(app, now());
      this.add(instance);
      this.announce(instance);
    }
  }

  /** Ends instances for good. */
  decommission(instances: readonly Instance[]): void {
    for (const instance of instances) {
      if (instance.goal === "Decommissioned") continue;
      instance.goal = "Decommissioned";
      this.announce(instance);
      if (isPlaced(instance)) this.stopTask(instance);
      else this.remove(instance);
    }
  }

  /** Kills the tasks of instances; the instances get new tasks. */
  kill(instances: readonly Instance[]): void {
    for (const instance of instances) this.stopTask(instance);
  }

  /** Remembers why a task was ended, for `lastTaskFailure`. */
  recordFailure(instance: Instance, state: string, message: string, timestamp = now()): void {
    const task = instance.task;
    if (!task) return;
    this.failures.set(instance.app.id, {
      appId: instance.app.id,
      host: task.hostname,
      message,
      state,
      taskId: task.id,
      timestamp,
      version: instance.app.version,
      slaveId: task.agentId,
    });
  }

  /** Forgets what only matters while the app exists. */
  forget(appId: string): void {
    this.failures.delete(appId);
    this.backoff.reset(appId);
  }

  /** One round of offers: every waiting instance whose app has no delay is tried on every agent. */
  offer(): void {
    const waiting = this.all().filter((instance) => instance.waiting);
    for (const appId of new Set(waiting.map((instance) => instance.app.id))) this.offerTo(appId);
  }

  /** Begins the rounds anew, so that how long new work waits does not depend on chance. */
  expectWork(): void {
    if (!this.all().some((instance) => instance.waiting)) this.beginOffers((this.offerInterval * 5) / 6);
  }

  private beginOffers(first: number): void {
    clearTimeout(this.timer);
    const round = (): void => {
      this.timer = setTimeout(round, this.offerInterval);
      this.offer();
    };
    this.timer = setTimeout(round, first);
  }

  private offerTo(appId: string): void {
    const waiting = this.of(appId).filter((instance) => instance.waiting && this.backoff.isOpen(instance.app));
    const hopeless = new Set<string>();
    for (const instance of waiting)
      if (!hopeless.has(instance.app.version) && !this.place(instance)) hopeless.add(instance.app.version);
  }

  private place(instance: Instance): boolean {
    const all = this.all();
    const present = this.runner.agents.filter((agent) => this.runner.isAvailable(agent.id));
    const offers = present.map((agent) => offerOf(agent, all));
    offers.sort((a, b) => b.cpus / b.agent.cpus - a.cpus / a.agent.cpus);
    const others = this.of(instance.app.id)
      .filter((other) => other !== instance && isPlaced(other))
      .flatMap((other) => this.runner.agents.find((agent) => agent.id === other.task?.agentId) ?? []);
    const answers = offers.map((offer) => ({ offer, answer: match(instance.app, offer, others) }));
    for (const { offer, answer } of answers) {
      if ("reason" in answer) continue;
      this.offers.used(instance.app.id, offer.agent.id);
      this.launch(instance, offer.agent, answer.ports);
      return true;
    }
    for (const { offer, answer } of answers)
      if ("reason" in answer) this.offers.unused(instance.app.id, offer, answer.reason);
    return false;
  }

  private launch(instance: Instance, agent: Agent, hostPorts: readonly number[]): void {
    instance.incarnation += 1;
    instance.waiting = false;
    instance.condition = "Provisioned";
    instance.readiness = undefined;
    const task: Task = {
      id: `${instance.id}.${instance.app.pod?.containers[0]?.name ?? "_app"}.${instance.incarnation}`,
      agentId: agent.id,
      hostname: agent.hostname,
      agentAddress: agent.address,
      hostPorts,
      stagedAt: now(),
      ipAddresses: [agent.address],
      state: "TASK_STAGING",
    };
    instance.task = task;
    this.byTask.set(task.id, instance);
    this.announce(instance);
    this.runner.launch({ taskId: task.id, app: instance.app, agent, hostPorts });
  }

  private onStatus(status: Status): void {
    const instance = this.byTask.get(status.taskId);
    const task = instance?.task;
    if (!instance || !task || task.id !== status.taskId) return;
    const before = task.state;
    task.state = status.state;
    if (status.ipAddresses && status.ipAddresses.length > 0) task.ipAddresses = status.ipAddresses;
    if (status.state === "TASK_RUNNING") task.startedAt ??= now();
    this.publishStatus(instance, task, status.message ?? "");
    const ended = TERMINAL[status.state];
    if (ended) {
      this.onEnd(instance, task, ended, status.message ?? "");
      return;
    }
    if (status.state !== before) {
      instance.condition = status.state === "TASK_RUNNING" ? "Running" : "Starting";
      this.announce(instance);
    }
    if (status.healthy !== undefined) this.emit("health", instance, status.healthy);
  }

  private onEnd(instance: Instance, task: Task, condition: Condition, message: string): void {
    this.byTask.delete(task.id);
    instance.condition = condition;
    if (condition === "Failed" || condition === "Error" || condition === "Gone")
      this.recordFailure(instance, task.state, message);
    if (LIMIT_WORTHY.includes(condition)) this.backoff.failed(instance.app);
    if (instance.goal === "Decommissioned") {
      this.forgetInstance(instance);
    } else {
      if (!this.of(instance.app.id).some((other) => other.waiting)) this.offers.begin(instance.app.id);
      instance.waiting = true;
      instance.since = now();
    }
    this.announce(instance);
  }

  private stopTask(instance: Instance): void {
    if (instance.task && isPlaced(instance))
      this.runner.kill(instance.task.id, instance.app.taskKillGracePeriodSeconds);
  }

  private remove(instance: Instance): void {
    instance.waiting = false;
    this.forgetInstance(instance);
    this.emit("change", instance);
  }

  private add(instance: Instance): void {
    this.instances.set(instance.id, instance);
    const siblings = this.byApp.get(instance.app.id) ?? new Set();
    this.byApp.set(instance.app.id, siblings.add(instance));
  }

  private forgetInstance(instance: Instance): void {
    this.instances.delete(instance.id);
    const siblings = this.byApp.get(instance.app.id);
    siblings?.delete(instance);
    if (siblings?.size === 0) this.byApp.delete(instance.app.id);
  }

  private publishStatus(instance: Instance, task: Task, message: string): void {
    this.bus.publish("status_update_event", {
      slaveId: task.agentId,
      taskId: task.id,
      taskStatus: task.state,
      message,
      appId: instance.app.id,
      host: task.hostname,
      ipAddresses: task.ipAddresses.map((ipAddress) => ({ ipAddress, protocol: "IPv4" })),
      ports: task.hostPorts,
      version: instance.app.version,
    });
  }

  private announce(instance: Instance): void {
    const placed = instance.condition === "Scheduled" ? undefined : instance.task;
    this.bus.publish("instance_changed_event", {
      instanceId: instance.id,
      condition: instance.condition,
      runSpecId: instance.app.id,
      agentId: placed?.agentId ?? null,
      host: placed?.hostname ?? null,
      runSpecVersion: instance.app.version,
    });
    this.emit("change", instance);
  }
}
