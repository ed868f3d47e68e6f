import { type ApiRequest, type ApiResponse, deploymentResult, ok } from "../http/api-request";
import type { Route } from "../http/router";
import type { App } from "../model/app";
import { type ApiError, badRequest, conflict, notFound, notValid } from "../model/errors";
import type { JsonObject } from "../model/json";
import { absolute } from "../model/path-id";
import { type Pod, parsePod, podAsApp } from "../model/pod";
import type { Services } from "../services";
import { now } from "../state/clock";
import { putApp, removeApp } from "../state/root";
import { location, timestamp } from "./apps";
import { instanceStatus, isStable, sinceOf } from "./pod-instance";

/** `/v2/pods`: pods are kept beside the apps and run as one task each. */
export function podRoutes(services: Services): Route[] {
  const api = new PodsApi(services);
  return [
    {
      pattern: /^\/v2\/pods\/*$/,
      methods: { GET: () => ok(api.all().map(podJson)), POST: (request) => api.create(request) },
    },
    { pattern: /^\/v2\/pods\/+::status\/*$/, methods: { GET: () => ok(api.all().map((app) => api.status(app))) } },
    {
      pattern: /^\/v2\/pods\/+(.+?)::status\/*$/,
      methods: { GET: (request) => ok(api.status(api.known(request))) },
    },
    { pattern: /^\/v2\/pods\/+(.+?)::versions\/*$/, methods: { GET: (request) => api.versions(request) } },
    { pattern: /^\/v2\/pods\/+(.+?)::versions\/+([^/]+)\/*$/, methods: { GET: (request) => api.version(request) } },
    {
      pattern: /^\/v2\/pods\/+(.+?)\/*$/,
      methods: {
        GET: (request) => ok(podJson(api.shown(request))),
        PUT: (request) => api.change(request),
        DELETE: (request) => api.remove(request),
      },
    },
  ];
}

/** A pod as it is shown in lists and groups. */
export function podJson({ pod, version }: App): JsonObject {
  return { ...pod, version };
}

class PodsApi {
  constructor(private readonly services: Services) {}

  all(): App[] {
    return [...this.services.groups.root.apps.values()].filter((app) => app.pod);
  }

  create(request: ApiRequest): ApiResponse {
    const pod = this.parsed(request);
    const existing = this.services.groups.root.apps.get(pod.id);
    if (existing?.pod) throw conflict(`A pod with id [${pod.id}] already exists.`);
    return this.put(request, pod, existing, 201, { Location: location(request, pod.id) });
  }

  change(request: ApiRequest): ApiResponse {
    const id = absolute(request.param(0));
    const pod = this.parsed(request);
    if (pod.id !== id) throw badRequest(`'${id}' does not match definition's id ('${pod.id}')`);
    if (!this.services.groups.root.apps.get(id)?.pod) throw unknownPod(id);
    return this.put(request, pod, undefined, 200, {});
  }

  remove(request: ApiRequest): ApiResponse {
    const { id } = this.known(request);
    const plan = this.services.groups.update((root, version) => removeApp(root, id, version), {
      force: request.flag("force"),
    });
    const headers = { "Marathon-Deployment-Id": plan.id, Location: location(request, `/${plan.id}`) };
    return { status: 202, headers };
  }

  versions(request: ApiRequest): ApiResponse {
    const { id } = this.known(request);
    return ok((this.services.groups.appVersions.get(id) ?? []).map((app) => app.version));
  }

  version(request: ApiRequest): ApiResponse {
    const { id } = this.known(request);
    const app = this.services.groups.appAt(id, timestamp(request.param(1)));
    if (!app?.pod) throw unknownPod(id);
    return ok(podJson(app));
  }

  shown(request: ApiRequest): App {
    const id = absolute(request.param(0));
    const app = this.services.groups.root.apps.get(id);
    // Here, and only here, Marathon wraps its message twice.
    if (!app?.pod) throw notFound(`{"message": "pod with ${id} does not exist"}`);
    return app;
  }

  known(request: ApiRequest): App {
    const id = absolute(request.param(0));
    const app = this.services.groups.root.apps.get(id);
    if (!app?.pod) throw unknownPod(id);
    return app;
  }

  private parsed(request: ApiRequest): Pod {
    const { normalisation, validation } = this.services;
    return parsePod(request.json(), { ...normalisation, ...validation });
  }

  status(app: App): JsonObject {
    const instances = this.services.scheduler.of(app.id).filter((instance) => instance.task);
    const stable = instances.filter(isStable).length >= app.instances;
    const since = instances.map(sinceOf).sort().at(-1) ?? app.version;
    return {
      id: app.id,
      spec: podJson(app),
      status: stable ? "STABLE" : "DEGRADED",
      statusSince: since,
      instances: instances.map((instance) => instanceStatus(instance, app.pod)),
      terminationHistory: [],
      lastUpdated: now(),
      lastChanged: since,
    };
  }

  private put(
    request: ApiRequest,
    pod: Pod,
    app: App | undefined,
    status: number,
    headers: Record<string, string>,
  ): ApiResponse {
    if (app) throw notValid([{ path: "/", error: "Applications and Pods may not share the same id" }]);
    const plan = this.services.groups.update((root, version) => putApp(root, { ...podAsApp(pod), version }, version), {
      force: request.flag("force"),
    });
    const shown = this.services.groups.root.apps.get(pod.id);
    return { ...deploymentResult(plan, status, headers), body: shown ? podJson(shown) : null };
  }
}

function unknownPod(id: string): ApiError {
  return notFound(`Pod '${id}' does not exist`);
}
