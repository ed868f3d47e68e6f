import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import type { ClusterView } from "../mesos/cluster-view";
import { appRoutes } from "./api/apps";
import { deploymentRoutes } from "./api/deployments";
import { groupRoutes } from "./api/groups";
import { podRoutes } from "./api/pods";
import { queueRoutes } from "./api/queue";
import { systemRoutes } from "./api/system";
import { taskRoutes } from "./api/tasks";
import { Deployments } from "./deploy/deployments";
import { EventBus } from "./events/bus";
import { EventStream } from "./events/event-stream";
import { HealthMonitor } from "./health/health-monitor";
import { ReadinessMonitor } from "./health/readiness-monitor";
import { ApiRequest, type ApiResponse } from "./http/api-request";
import { isAuthorised } from "./http/auth";
import { Router } from "./http/router";
import { ApiError } from "./model/errors";
import type { ServerOptions } from "./options";
import type { Services } from "./services";
import { GroupManager } from "./state/group-manager";
import { readSnapshot, type Snapshot, Store } from "./state/store";
import { isPlaced } from "./tasks/instance";
import { newFrameworkId, offerInterval, runnerFor } from "./tasks/runner-factory";
import { TaskScheduler } from "./tasks/scheduler";

/** A server that answers as Marathon 1.8 does and runs tasks, simulated or on Docker hosts. */
export class MarathonServer {
  private readonly bus = new EventBus();
  private readonly server: http.Server;
  private readonly scheduler: TaskScheduler;
  private readonly health: HealthMonitor;
  private readonly readiness: ReadinessMonitor;
  private readonly services: Services;
  private readonly router: Router;
  private readonly streams = new Set<EventStream>();
  private readonly store: Store | undefined;
  private readonly former: Snapshot | undefined;
  private address = "127.0.0.1:0";

  constructor(private readonly options: ServerOptions = {}) {
    this.former = options.stateDir === undefined ? undefined : readSnapshot(options.stateDir);
    const frameworkId = this.former?.frameworkId ?? newFrameworkId(options);
    this.scheduler = new TaskScheduler(runnerFor(options, frameworkId), this.bus, offerInterval(options));
    const deployments = new Deployments(this.scheduler, this.bus, {
      appStarted: ({ app }) => this.health.watch(app),
      appStopped: (appId) => {
        this.health.unwatch(appId);
        this.scheduler.forget(appId);
      },
    });
    this.health = new HealthMonitor(this.scheduler, this.bus, (appId) => deployments.advance(appId));
    this.readiness = new ReadinessMonitor(
      this.scheduler,
      (appId) => deployments.awaitsReadiness(appId),
      (appId) => deployments.advance(appId),
    );
    this.services = {
      options,
      frameworkId,
      bus: this.bus,
      scheduler: this.scheduler,
      deployments,
      groups: new GroupManager(deployments, this.bus, () => this.store?.changed()),
      normalisation: options.defaultNetworkName ? { defaultNetworkName: options.defaultNetworkName } : {},
      validation: { features: new Set(options.features ?? []) },
      address: () => this.address,
    };
    if (options.stateDir !== undefined) this.store = new Store(options.stateDir, () => this.snapshot());
    this.scheduler.on("change", () => this.store?.changed());
    this.router = new Router([
      ...taskRoutes(this.services),
      ...appRoutes(this.services),
      ...groupRoutes(this.services),
      ...deploymentRoutes(this.services),
      ...queueRoutes(this.services),
      ...podRoutes(this.services),
      ...systemRoutes(this.services),
    ]);
    this.server = http.createServer((message, response) => void this.handle(message, response));
    this.server.keepAliveTimeout = 30_000;
  }

  /** Listens and begins to run tasks. Throws if the port is taken. */
  async start(): Promise<{ url: string }> {
    const host = this.options.host ?? "127.0.0.1";
    await this.resume();
    try {
      await this.listen(host);
    } catch (error) {
      await this.stopWork();
      throw error;
    }
    const { port } = this.server.address() as AddressInfo;
    this.address = `${host === "0.0.0.0" || host === "::" ? ownAddress() : host}:${port}`;
    return { url: `http://${this.address}` };
  }

  /** What a Mesos master would know of this Marathon and of the agents that it runs tasks on. */
  clusterView(): ClusterView {
    const { frameworkId, options } = this.services;
    return {
      frameworkId,
      agents: this.scheduler.agents,
      isAvailable: (agentId) => this.scheduler.isAvailable(agentId),
      placed: this.scheduler.all().filter(isPlaced),
      marathonUrl: `http://${this.address}`,
      role: options.mesosRole,
    };
  }

  /** Stops answering; tasks on Docker hosts go on. */
  async stop(): Promise<void> {
    for (const stream of this.streams) stream.close();
    await this.stopWork();
    this.store?.write();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private listen(host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.options.port ?? 0, host, resolve);
    });
  }

  private async stopWork(): Promise<void> {
    this.health.stop();
    this.readiness.stop();
    await this.scheduler.stop();
  }

  /** Goes on where the former server stopped: its apps, tasks and deployments. */
  private async resume(): Promise<void> {
    const { groups, deployments } = this.services;
    const former = this.former;
    if (former) groups.restore(former.root, former.history, former.appVersions);
    for (const [appId, failure] of former?.failures ?? []) this.scheduler.failures.set(appId, failure);
    for (const instance of former?.instances ?? []) this.health.watch(instance.app, false);
    await this.scheduler.start(former?.instances ?? []);
    for (const plan of former?.plans ?? []) deployments.start(plan, true);
  }

  private snapshot(): Snapshot {
    const { frameworkId, groups, deployments } = this.services;
    return {
      frameworkId,
      root: groups.root,
      history: groups.history,
      appVersions: groups.appVersions,
      instances: this.scheduler.all(),
      failures: this.scheduler.failures,
      plans: deployments.plans(),
    };
  }

  private async handle(message: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const request = new ApiRequest(message, Buffer.concat(chunks).toString("utf8"));
    if (!isAuthorised(request.headers.authorization, this.options)) return refuse(request, response);
    response.setHeader("X-Marathon-Leader", `http://${this.address}`);
    if (request.path === "/v2/events" && request.method === "GET") return this.stream(request, response);
    send(response, await this.answer(request), request.method === "HEAD");
  }

  private async answer(request: ApiRequest): Promise<ApiResponse> {
    try {
      return await this.router.dispatch(request);
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, body: error.body };
      const message = error instanceof Error ? error.message : String(error);
      return { status: 500, body: { message } };
    }
  }

  private stream(request: ApiRequest, response: http.ServerResponse): void {
    if (!request.accepts("text/event-stream")) {
      send(response, { status: 406, body: { message: "Not Acceptable" } }, false);
      return;
    }
    const types = new Set(request.query.getAll("event_type"));
    const stream = new EventStream(this.bus, response, request.remoteAddress, types);
    this.streams.add(stream);
    response.on("close", () => this.streams.delete(stream));
  }
}

/** An address others reach this machine at, for a server that listens on all. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

function send(response: http.ServerResponse, answer: ApiResponse, headOnly: boolean): void {
  const { status, body, text, headers } = answer;
  const payload = body !== undefined ? JSON.stringify(body) : text;
  response.writeHead(status, {
    "Cache-Control": "no-cache, no-store, must-revalidate",
    ...(payload === undefined ? {} : { "Content-Type": body === undefined ? "text/plain" : "application/json" }),
    ...headers,
  });
  response.end(headOnly ? undefined : payload);
}

function refuse(request: ApiRequest, response: http.ServerResponse): void {
  const html = request.accepts("text/html");
  response.writeHead(401, {
    "WWW-Authenticate": 'basic realm="null"',
    ...(html ? { "Content-Type": "text/html;charset=iso-8859-1" } : {}),
  });
  response.end(html ? refusal(request.path) : undefined);
}

function refusal(path: string): string {
  return (
    '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>\n' +
    "<title>Error 401 Unauthorized</title>\n</head>\n<body><h2>HTTP ERROR 401</h2>\n" +
    `<p>Problem accessing ${path.replace(/[<>&"]/g, "")}. Reason:\n<pre>    Unauthorized</pre></p>\n</body>\n</html>\n`
  );
}
