import type Docker from "dockerode";
import type { HealthCheck } from "../../model/app";
import type { Agent, Launch, Status, TaskRunner } from "../runner";
import { AgentCheck } from "./agent-check";
import { containerName, containerOptions, LABELS } from "./container-options";
import type { DockerAgent } from "./docker-agent";

const KILL_GRACE_SECONDS = 3;
const RETRY_MS = 2000;
const FIRST_ANSWER_MS = 5000;

interface Running {
  readonly launch: Launch;
  readonly host: DockerAgent;
  killed: boolean;
  unhealthy: boolean;
  checks: AgentCheck[];
}

/** Runs each task as a container on one of the given Docker hosts, labelled so that a later server finds it again. */
export class DockerRunner implements TaskRunner {
  readonly agents: readonly Agent[];
  private readonly running = new Map<string, Running>();
  private listener: (status: Status) => void = () => {};
  private stopped = false;

  constructor(
    private readonly hosts: readonly DockerAgent[],
    private readonly frameworkId: string,
    private readonly log: (message: string) => void,
  ) {
    this.agents = hosts.map((host) => host.agent);
  }

  async start(listener: (status: Status) => void, known: readonly Launch[]): Promise<void> {
    this.listener = listener;
    for (const launch of known) {
      const running = this.track(launch);
      if (running) void this.follow(running);
    }
    const asked = Promise.all(this.hosts.map((host) => this.takeUp(host)));
    await Promise.race([asked, pause(FIRST_ANSWER_MS)]);
  }

  isAvailable(agentId: string): boolean {
    return this.hosts.some(({ agent, available }) => agent.id === agentId && available);
  }

  launch(launch: Launch): void {
    const running = this.track(launch);
    if (running) void this.run(running);
  }

  kill(taskId: string, graceSeconds: number | undefined): void {
    const running = this.running.get(taskId);
    if (!running || running.killed) return;
    running.killed = true;
    void this.stopContainer(running, graceSeconds ?? KILL_GRACE_SECONDS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const { checks } of this.running.values()) for (const check of checks) check.stop();
  }

  private track(launch: Launch): Running | undefined {
    const host = this.hosts.find((candidate) => candidate.agent.id === launch.agent.id);
    if (!host) return undefined;
    const running: Running = { launch, host, killed: false, unhealthy: false, checks: [] };
    this.running.set(launch.taskId, running);
    return running;
  }

  private async run(running: Running): Promise<void> {
    const { launch, host } = running;
    try {
      if (launch.app.pod) throw new Error(`pod ${launch.app.id} cannot run on a Docker agent, only apps can`);
      const image = launch.app.container?.docker?.image ?? host.defaultImage;
      if (!image)
        throw new Error(`app ${launch.app.id} names no image, and agent ${host.agent.hostname} has no default`);
      await this.provide(host, image, launch.app.container?.docker?.forcePullImage ?? false);
      if (running.killed) return this.end(running, { state: "TASK_KILLED", message: "Task killed before it started" });
      const container = await host.docker.createContainer(containerOptions(launch, image, this.frameworkId));
      this.report(running, { state: "TASK_STARTING" });
      await container.start();
      if (running.killed) await this.stopContainer(running, KILL_GRACE_SECONDS);
    } catch (error) {
      if (isUnreachable(error)) this.lost(host);
      else await this.remove(running);
      this.end(running, { state: running.killed ? "TASK_KILLED" : "TASK_FAILED", message: messageOf(error) });
      return;
    }
    await this.follow(running);
  }

  /** Waits for the container's end; a host that does not answer is asked again until it does. */
  private async follow(running: Running): Promise<void> {
    const container = this.containerOf(running);
    let reported = false;
    while (!this.stopped) {
      try {
        const { State, NetworkSettings } = await container.inspect();
        if (State.Running && !reported) {
          reported = true;
          this.started(running, addressesOf(NetworkSettings, running.launch.agent));
        }
        if (State.Running || State.Status === "created") await container.wait();
        return await this.exited(running, container);
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404)
          return this.end(running, {
            state: running.killed ? "TASK_KILLED" : "TASK_LOST",
            message: "The container is gone",
          });
        this.lost(running.host);
        await pause(RETRY_MS);
      }
    }
  }

  private started(running: Running, ipAddresses: string[]): void {
    this.report(running, { state: "TASK_RUNNING", ipAddresses });
    const container = this.containerOf(running);
    const checks = (running.launch.app.healthChecks ?? []).filter(isByAgent);
    const results: (boolean | undefined)[] = checks.map(() => undefined);
    running.checks = checks.map((check, index) => {
      const onResult = (healthy: boolean, exhausted: boolean): void => {
        results[index] = healthy;
        if (!healthy || results.every((result) => result === true))
          this.report(running, { state: "TASK_RUNNING", healthy });
        if (!exhausted || running.killed) return;
        running.unhealthy = true;
        void this.stopContainer(running, KILL_GRACE_SECONDS);
      };
      return new AgentCheck(container, running.launch, check, ipAddresses, onResult);
    });
  }

  private async exited(running: Running, container: Docker.Container): Promise<void> {
    const { State } = await container.inspect();
    await this.remove(running);
    if (running.killed)
      return this.end(running, { state: "TASK_KILLED", message: "Command terminated with signal Terminated" });
    if (running.unhealthy)
      return this.end(running, { state: "TASK_FAILED", message: "Task was killed since its health check failed" });
    const message = State.OOMKilled
      ? `Memory limit exceeded: ${running.launch.app.mem} MiB`
      : State.Error || `Command exited with status ${State.ExitCode}`;
    this.end(running, { state: State.ExitCode === 0 ? "TASK_FINISHED" : "TASK_FAILED", message });
  }

  private async provide({ docker, agent }: DockerAgent, image: string, always: boolean): Promise<void> {
    const present = await docker
      .getImage(image)
      .inspect()
      .then(() => true)
      .catch(() => false);
    if (present && !always) return;
    try {
      const stream = await docker.pull(/[:@][^/]+$/.test(image) ? image : `${image}:latest`);
      await new Promise<void>((resolve, reject) => {
        docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      if (isUnreachable(error)) throw error;
      throw new Error(`cannot pull image ${image} on agent ${agent.hostname}: ${messageOf(error)}`);
    }
  }

  private async stopContainer(running: Running, graceSeconds: number): Promise<void> {
    await this.containerOf(running)
      .stop({ t: graceSeconds })
      .catch(() => undefined);
  }

  private async remove(running: Running): Promise<void> {
    await this.containerOf(running)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  }

  /** Asks the host until it answers; resolves after the first try. */
  private async takeUp(host: DockerAgent): Promise<void> {
    const fault = await this.removeStrangers(host);
    if (fault === undefined) return;
    this.log(`agent ${host.agent.hostname} does not answer: ${fault}`);
    void this.retry(host);
  }

  private async retry(host: DockerAgent): Promise<void> {
    while (!this.stopped && !host.available) {
      await pause(RETRY_MS);
      if ((await this.removeStrangers(host)) === undefined) this.log(`agent ${host.agent.hostname} answers again`);
    }
  }

  /** Removes containers of this framework that nobody knows any more; returns why the host did not answer. */
  private async removeStrangers(host: DockerAgent): Promise<string | undefined> {
    const filters = { label: [`${LABELS.framework}=${this.frameworkId}`] };
    try {
      for (const { Id, Labels } of await host.docker.listContainers({ all: true, filters }))
        if (!this.running.has(Labels[LABELS.task] ?? ""))
          await host.docker.getContainer(Id).remove({ force: true, v: true });
      host.available = true;
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** No tasks go to a host that could not be reached, until it answers again. */
  private lost(host: DockerAgent): void {
    if (!host.available) return;
    host.available = false;
    void this.takeUp(host);
  }

  private containerOf({ launch, host }: Running): Docker.Container {
    return host.docker.getContainer(containerName(launch.taskId));
  }

  private report(running: Running, status: Omit<Status, "taskId">): void {
    if (!this.stopped) this.listener({ taskId: running.launch.taskId, ...status });
  }

  private end(running: Running, status: Omit<Status, "taskId">): void {
    for (const check of running.checks) check.stop();
    this.running.delete(running.launch.taskId);
    this.report(running, status);
  }
}

function isByAgent(check: HealthCheck): boolean {
  return check.protocol === "COMMAND" || check.protocol.startsWith("MESOS_");
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** True for failures of the connection; what the host itself answers has a status. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && "code" in error && !("statusCode" in error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}

function addressesOf(settings: { Networks?: Record<string, { IPAddress?: string }> }, agent: Agent): string[] {
  const addresses = Object.values(settings.Networks ?? {}).flatMap((network) => network.IPAddress || []);
  return addresses.length > 0 ? addresses : [agent.address];
}
