import { type ApiRequest, type ApiResponse, deploymentResult, ok } from "../http/api-request";
import type { Route } from "../http/router";
import { isHostMode, servicePorts } from "../model/app";
import { badRequest, invalidJson, notFound, unknownApp, unknownGroup } from "../model/errors";
import { isObject, type Json } from "../model/json";
import { absolute, flat, isInside } from "../model/path-id";
import type { Services } from "../services";
import { putApp } from "../state/root";
import { type Instance, isRunning } from "../tasks/instance";
import { taskJson, tasksJson } from "./task-json";

const TASK_ID = /^(.+)\.((?:instance-|marathon-)[^.]+)(\..+)?$/;
const LIST_TYPES = ["application/json", "text/plain"];

/** `/v2/tasks` and `/v2/apps/{id}/tasks`: lists of tasks, and ways to kill them. */
export function taskRoutes(services: Services): Route[] {
  const api = new TasksApi(services);
  return [
    { pattern: /^\/v2\/tasks\/*$/, methods: { GET: (request) => api.all(request) }, types: LIST_TYPES },
    { pattern: /^\/v2\/tasks\/delete\/*$/, methods: { POST: (request) => api.killListed(request) } },
    {
      pattern: /^\/v2\/apps\/+(.+?)\/tasks\/*$/,
      methods: { GET: (request) => api.ofApp(request), DELETE: (request) => api.killOfApp(request) },
      types: LIST_TYPES,
    },
    {
      pattern: /^\/v2\/apps\/+(.+?)\/tasks\/+([^/]+)\/*$/,
      methods: { DELETE: (request) => api.killOne(request) },
    },
  ];
}

class TasksApi {
  constructor(private readonly services: Services) {}

  all(request: ApiRequest): ApiResponse {
    const instances = this.known();
    if (request.prefers("text/plain")) return { status: 200, text: this.text(instances) };
    const asked = [...request.query.getAll("status"), ...request.query.getAll("status[]")];
    const states = new Set(asked.filter((status) => status === "running" || status === "staging"));
    const shown = instances.filter(
      (instance) =>
        states.size === 0 ||
        (states.has("running") && isRunning(instance)) ||
        (states.has("staging") && instance.task?.state === "TASK_STAGING"),
    );
    return ok({ tasks: tasksJson(shown, true) });
  }

  ofApp(request: ApiRequest): ApiResponse {
    const path = request.param(0);
    if (path === "*" || path.endsWith("/*")) return this.ofGroup(absolute(path.slice(0, -1)));
    const id = this.appId(request);
    const instances = this.services.scheduler.of(id);
    if (request.prefers("text/plain")) return { status: 200, text: this.text(instances) };
    return ok({ tasks: tasksJson(instances) });
  }

  private ofGroup(id: string): ApiResponse {
    if (!this.services.groups.root.groups.has(id)) throw unknownGroup(id);
    return ok({ tasks: tasksJson(this.known().filter(({ app }) => isInside(app.id, id))) });
  }

  killOfApp(request: ApiRequest): ApiResponse {
    assertOneWay(request);
    const id = this.appId(request);
    const host = request.query.get("host");
    const chosen = this.services.scheduler
      .of(id)
      .filter((instance) => instance.task && (host === null || host === "*" || instance.task.hostname === host));
    return this.kill(request, chosen, (instances) => ({ tasks: tasksJson(instances) }));
  }

  killOne(request: ApiRequest): ApiResponse {
    assertOneWay(request);
    const id = this.appId(request);
    const taskId = request.param(1);
    const instance = this.find(taskId);
    if (!instance || instance.app.id !== id) throw notFound(`Task '${taskId}' does not exist`);
    return this.kill(request, [instance], () => ({ task: taskJson(instance) ?? null }));
  }

  killListed(request: ApiRequest): ApiResponse {
    assertOneWay(request);
    const body = request.json();
    const ids = isObject(body) ? body.ids : undefined;
    if (!Array.isArray(ids))
      throw invalidJson([{ path: "", error: `'ids' is undefined on object: ${JSON.stringify(body)}` }]);
    const instances = ids.flatMap((id: Json) => {
      if (typeof id !== "string" || !TASK_ID.test(id))
        throw badRequest(
          `Invalid task id '${String(id)}'. [taskId ${String(id)} no valid identifier (of class java.lang.String)]`,
        );
      return this.find(id) ?? [];
    });
    return this.kill(request, instances, (killed) => ({ tasks: tasksJson(killed) }));
  }

  private kill(request: ApiRequest, instances: Instance[], body: (instances: Instance[]) => Json): ApiResponse {
    if (request.flag("scale")) return this.killAndScale(request, instances);
    const answer = ok(body(instances));
    if (request.flag("wipe")) {
      this.services.scheduler.decommission(instances);
      for (const instance of instances) this.services.scheduler.schedule(this.current(instance), 1);
    } else {
      this.services.scheduler.kill(instances);
    }
    return answer;
  }

  private killAndScale(request: ApiRequest, instances: readonly Instance[]): ApiResponse {
    const toKill = new Map<string, string[]>();
    for (const { app, id } of instances) toKill.set(app.id, [...(toKill.get(app.id) ?? []), id]);
    const plan = this.services.groups.update(
      (root, version) =>
        [...toKill].reduce((result, [id, killed]) => {
          const app = result.apps.get(id);
          if (!app) return result;
          return putApp(result, { ...app, instances: Math.max(0, app.instances - killed.length) }, version);
        }, root),
      { force: request.flag("force"), toKill },
    );
    return deploymentResult(plan);
  }

  private find(taskId: string): Instance | undefined {
    const [, app = "", instance = ""] = TASK_ID.exec(taskId) ?? [];
    return this.services.scheduler.find(`${app}.${instance}`);
  }

  private current(instance: Instance) {
    return this.services.groups.root.apps.get(instance.app.id) ?? instance.app;
  }

  private appId(request: ApiRequest): string {
    const id = absolute(request.param(0));
    const app = this.services.groups.root.apps.get(id);
    if (!app || app.pod) throw unknownApp(id);
    return id;
  }

  private known(): Instance[] {
    return this.services.scheduler.all().filter(({ app }) => !app.pod && this.services.groups.root.apps.has(app.id));
  }

  /** One line a service port: app, port, then the addresses of the running tasks. */
  private text(instances: readonly Instance[]): string {
    const ids = [...new Set(instances.map((instance) => instance.app.id))];
    return ids
      .flatMap((id) => {
        const running = instances.filter((instance) => instance.app.id === id && isRunning(instance));
        const app = this.services.groups.root.apps.get(id);
        if (!app) return [];
        const ports = servicePorts(app);
        if (ports.length === 0)
          return [`${flat(id)}\t \t${running.map((one) => `${one.task?.hostname}\t`).join("")}\n`];
        return ports.map((port, index) => {
          const published = isHostMode(app) || app.container?.portMappings?.[index]?.hostPort !== undefined;
          const addresses = running.flatMap(({ task }) =>
            task && published ? [`${task.hostname}:${task.hostPorts[index] ?? 0}\t`] : [],
          );
          return `${flat(id)}\t${port}\t${addresses.join("")}\n`;
        });
      })
      .join("");
  }
}

function assertOneWay(request: ApiRequest): void {
  if (request.flag("scale") && request.flag("wipe"))
    throw badRequest("You cannot use scale and wipe at the same time.");
}
