import { type ApiRequest, type ApiResponse, deploymentResult, ok } from "../http/api-request";
import type { Route } from "../http/router";
import { type App, type AppSpec, appJson } from "../model/app";
import { conflict, notValid, unknownApp, unknownGroup, unprocessable } from "../model/errors";
import type { Json } from "../model/json";
import { absolute, isInside } from "../model/path-id";
import { parseApps, parseUpdate, parseUpdates, type RawUpdate } from "../model/raw-app";
import { checkedTwice, checkedUpdate, createdApp, mergedApp, replacedApp } from "../model/update-app";
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

/** What an app becomes, from what it is. */
type AppChange = (existing: App | undefined) => AppSpec;

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
    const existing = this.services.groups.root.apps.get(id);
    const partial = existing && !existing.pod && (!mayCreate || request.flag("partialUpdate", true));
    const change = partial ? this.merging(id, parseUpdate(request.json())) : this.replacing(id, request.json());
    if (!existing && !mayCreate) throw unknownApp(id);
    const plan = this.services.groups.update(
      (root, version) => putApp(root, { ...change(root.apps.get(id)), version }, version),
      { force: request.flag("force") },
    );
    this.published(request, this.known(id));
    return existing ? deploymentResult(plan) : deploymentResult(plan, 201, { Location: location(request, id) });
  }

  changeMany(request: ApiRequest, mayCreate: boolean): ApiResponse {
    const { normalisation, validation } = this.services;
    const partial = !mayCreate || request.flag("partialUpdate", true);
    const changes = partial
      ? parseUpdates(request.json()).map((update) => ({ id: update.id, change: this.merging(update.id, update) }))
      : parseApps(request.json()).map((app) => {
          const spec = checkedTwice(app, normalisation, validation);
          return { id: spec.id, change: () => spec };
        });
    const plan = this.services.groups.update(
      (root, version) =>
        changes.reduce(
          (result, { id, change }) => {
            if (id === undefined) return result;
            const existing = result.apps.get(absolute(id));
            if (!existing && !mayCreate) throw unknownApp(absolute(id));
            return putApp(result, { ...change(existing), version }, version);
          },
          touchRoot(root, version),
        ),
      { force: request.flag("force") },
    );
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

  private replacing(id: string, body: Json): AppChange {
    const spec = replacedApp(id, body, this.services.normalisation, this.services.validation);
    return (existing) => {
      assertNoPod(existing);
      return spec;
    };
  }

  private merging(id: string | undefined, sent: RawUpdate): AppChange {
    const { normalisation, validation, groups } = this.services;
    const update = checkedUpdate(sent, normalisation, validation);
    const path = absolute(id ?? "/");
    return (existing) => {
      assertNoPod(existing);
      if (!existing || update.version === undefined)
        return mergedApp(path, update, existing, normalisation, validation);
      const former = groups.appAt(path, update.version);
      if (!former) throw unknownApp(path);
      const { version: _, versionInfo: __, ...spec } = former;
      return spec;
    };
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
