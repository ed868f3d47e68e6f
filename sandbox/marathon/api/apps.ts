import { type ApiRequest, type ApiResponse, deploymentResult, ok } from "../http/api-request";
import type { Route } from "../http/router";
import { type App, appJson } from "../model/app";
import { badRequest, conflict, notValid, unknownApp, unknownGroup, unprocessable } from "../model/errors";
import { isObject, type Json } from "../model/json";
import { absolute, isInside } from "../model/path-id";
import { createdApp, mergedApp, replacedApp, rollbackVersion } from "../model/update-app";
import type { Services } from "../services";
import { putApp, removeApp, touchRoot } from "../state/root";
import { appInfo, embeds } from "./app-info";
import { matchesSelector } from "./selector";

/** `/v2/apps`, `/v2/apps/{id}`, its versions and restart. */
export function appRoutes(services: Services): Route[] {
  const api = new AppsApi(services);
  return [
    {
      pattern: /^\/v2\/apps\/*$/,
      methods: {
        GET: (request) => api.list(request),
        POST: (request) => api.create(request),
        PUT: (request) => api.changeMany(request, true),
        PATCH: (request) => api.changeMany(request, false),
      },
    },
    { pattern: /^\/v2\/apps\/+(.+?)\/restart\/*$/, methods: { POST: (request) => api.restart(request) } },
    { pattern: /^\/v2\/apps\/+(.+?)\/versions\/*$/, methods: { GET: (request) => api.versions(request) } },
    { pattern: /^\/v2\/apps\/+(.+?)\/versions\/+([^/]+)\/*$/, methods: { GET: (request) => api.version(request) } },
    {
      pattern: /^\/v2\/apps\/+(.+?)\/*$/,
      methods: {
        GET: (request) => api.show(request),
        PUT: (request) => api.change(request, true),
        PATCH: (request) => api.change(request, false),
        DELETE: (request) => api.remove(request),
      },
    },
  ];
}

class AppsApi {
  constructor(private readonly services: Services) {}

  list({ query }: ApiRequest): ApiResponse {
    const parts = embeds(query.getAll("embed"), ["counts", "deployments"]);
    const [cmd, id, label] = [query.get("cmd"), query.get("id"), query.get("label")];
    const apps = this.apps.filter(
      (app) =>
        (cmd === null || app.cmd?.toLowerCase().includes(cmd.toLowerCase())) &&
        (id === null || app.id.toLowerCase().includes(id.toLowerCase())) &&
        (label === null || matchesSelector(app.labels, label)),
    );
    return ok({ apps: apps.map((app) => appInfo(this.services, app, parts)) });
  }

  show(request: ApiRequest): ApiResponse {
    const path = absolute(request.param(0));
    const asked = request.query.getAll("embed");
    if (path.endsWith("/*")) {
      const group = absolute(path.slice(0, -2));
      if (!this.services.groups.root.groups.has(group)) throw unknownGroup(group);
      const parts = embeds(asked, ["counts", "deployments", "tasks"]);
      const apps = this.apps.filter((app) => isInside(app.id, group));
      return ok({ "*": apps.map((app) => appInfo(this.services, app, parts)) });
    }
    const parts = embeds(asked, ["counts", "deployments", "tasks", "lastTaskFailure"]);
    return ok({ app: appInfo(this.services, this.known(path), parts) });
  }

  create(request: ApiRequest): ApiResponse {
    const { groups, normalisation, validation } = this.services;
    const spec = createdApp(request.json(), normalisation, validation);
    assertNoPod(groups.root.apps.get(spec.id));
    if (groups.root.apps.has(spec.id)) throw conflict(`An app with id [${spec.id}] already exists.`);
    const force = request.flag("force");
    const plan = groups.update((root, version) => putApp(root, { ...spec, version }, version), { force });
    const app: App = { ...spec, version: plan.version };
    this.published(request, app);
    return {
      status: 201,
      body: {
        ...appJson(app),
        tasksStaged: 0,
        tasksRunning: 0,
        tasksHealthy: 0,
        tasksUnhealthy: 0,
        deployments: [{ id: plan.id }],
        tasks: [],
      },
      headers: { "Marathon-Deployment-Id": plan.id, Location: location(request, spec.id) },
    };
  }

  change(request: ApiRequest, mayCreate: boolean): ApiResponse {
    const id = absolute(request.param(0));
    const partial = !mayCreate || request.flag("partialUpdate", true);
    const existing = this.services.groups.root.apps.get(id);
    const body = request.json();
    assertNoPod(existing);
    if (!existing && !mayCreate) throw unknownApp(id);
    const plan = this.services.groups.update(
      (root, version) => putApp(root, { ...this.changed(id, body, partial, root.apps.get(id)), version }, version),
      { force: request.flag("force") },
    );
    this.published(request, this.known(id));
    return existing ? deploymentResult(plan) : deploymentResult(plan, 201, { Location: location(request, id) });
  }

  changeMany(request: ApiRequest, mayCreate: boolean): ApiResponse {
    const body = request.json();
    if (!Array.isArray(body)) throw badRequest("Expected a list of apps");
    const partial = !mayCreate || request.flag("partialUpdate", true);
    const updates = body.flatMap((item: Json) =>
      isObject(item) && typeof item.id === "string" ? [{ id: absolute(item.id), item }] : [],
    );
    const missing = updates.find(({ id }) => !this.services.groups.root.apps.has(id));
    if (missing && !mayCreate) throw unknownApp(missing.id);
    const plan = this.services.groups.update(
      (root, version) =>
        updates.reduce(
          (result, { id, item }) =>
            putApp(result, { ...this.changed(id, item, partial, root.apps.get(id)), version }, version),
          touchRoot(root, version),
        ),
      { force: request.flag("force") },
    );
    for (const { id } of updates) this.published(request, this.known(id));
    return deploymentResult(plan);
  }

  remove(request: ApiRequest): ApiResponse {
    const { id } = this.known(absolute(request.param(0)));
    const plan = this.services.groups.update((root, version) => removeApp(root, id, version), {
      force: request.flag("force", true),
    });
    return deploymentResult(plan);
  }

  restart(request: ApiRequest): ApiResponse {
    const app = this.known(absolute(request.param(0)));
    const plan = this.services.groups.update((root, version) => putApp(root, { ...app }, version), {
      force: request.flag("force"),
      restarted: new Set([app.id]),
    });
    return deploymentResult(plan);
  }

  versions(request: ApiRequest): ApiResponse {
    const id = absolute(request.param(0));
    this.known(id);
    const versions = this.services.groups.appVersions.get(id) ?? [];
    return ok({ versions: versions.map((app) => app.version).reverse() });
  }

  version(request: ApiRequest): ApiResponse {
    const id = absolute(request.param(0));
    const version = timestamp(request.param(1));
    const app = this.services.groups.appAt(id, version);
    if (!app) throw unknownApp(id, version);
    return ok(appJson(app));
  }

  private changed(id: string, body: Json, partial: boolean, existing: App | undefined) {
    const { normalisation, validation, groups } = this.services;
    if (!partial) return replacedApp(id, body, existing, normalisation, validation);
    const version = rollbackVersion(body);
    if (version === undefined) return mergedApp(id, body, existing, normalisation, validation);
    const former = groups.appAt(id, version);
    if (!former) throw unknownApp(id);
    const { version: _, versionInfo: __, ...spec } = former;
    return spec;
  }

  private published(request: ApiRequest, app: App): void {
    const uri = request.path.replace(/\/+$/, "");
    this.services.bus.publish("api_post_event", { clientIp: request.remoteAddress, uri, appDefinition: appJson(app) });
  }

  private known(id: string): App {
    const app = this.services.groups.root.apps.get(id);
    if (!app || app.pod) throw unknownApp(id);
    return app;
  }

  private get apps(): App[] {
    return [...this.services.groups.root.apps.values()].filter((app) => !app.pod);
  }
}

function assertNoPod(app: App | undefined): void {
  if (app?.pod) throw notValid([{ path: "/", error: "Applications and Pods may not share the same id" }]);
}

/** The absolute URL of something new. */
export function location(request: ApiRequest, id: string): string {
  return `http://${request.headers.host ?? "localhost"}${id}`;
}

/** Throws ApiError 422 unless the text is a timestamp. */
export function timestamp(text: string): string {
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw unprocessable(`Invalid timestamp provided '${text}'. Expecting ISO-8601 datetime string.`);
  return new Date(time).toISOString();
}
