import { stepsJson } from "../deploy/plan";
import { type ApiRequest, type ApiResponse, deploymentResult, ok } from "../http/api-request";
import type { Route } from "../http/router";
import { conflict, unknownGroup, unprocessable } from "../model/errors";
import { type Group, type GroupUpdate, parseGroup, resolveGroup } from "../model/group-update";
import type { JsonObject } from "../model/json";
import { absolute } from "../model/path-id";
import type { Services } from "../services";
import { changeGroup, rollBackGroup, scaleGroup } from "../state/group-changes";
import type { RootChange } from "../state/group-manager";
import { appsDirectlyIn, appsIn, groupsDirectlyIn, type Root, removeGroup } from "../state/root";
import { appInfo, type Embed, embeds } from "./app-info";
import { location, timestamp } from "./apps";
import { podJson } from "./pods";

/** `/v2/groups` and `/v2/groups/{id}`. */
export function groupRoutes(services: Services): Route[] {
  const api = new GroupsApi(services);
  const methods: Route["methods"] = {
    GET: (request) => api.show(request),
    POST: (request) => api.create(request),
    PUT: (request) => api.change(request),
    DELETE: (request) => api.remove(request),
  };
  return [
    { pattern: /^\/v2\/groups\/*()versions\/*$/, methods: { GET: (request) => api.versions(request) } },
    { pattern: /^\/v2\/groups\/+(.+?)\/versions\/*$/, methods: { GET: (request) => api.versions(request) } },
    { pattern: /^\/v2\/groups\/*()versions\/+([^/]+)\/*$/, methods: { GET: (request) => api.version(request) } },
    { pattern: /^\/v2\/groups\/+(.+?)\/versions\/+([^/]+)\/*$/, methods: { GET: (request) => api.version(request) } },
    { pattern: /^\/v2\/groups\/*()apps\/*$/, methods: { GET: (request) => api.apps(request) } },
    { pattern: /^\/v2\/groups\/+(.+?)\/apps\/*$/, methods: { GET: (request) => api.apps(request) } },
    { pattern: /^\/v2\/groups(\/.*)?$/, methods },
  ];
}

class GroupsApi {
  constructor(private readonly services: Services) {}

  show(request: ApiRequest): ApiResponse {
    const id = absolute(request.param(0));
    return ok(this.render(this.services.groups.root, id, request.query.getAll("embed")));
  }

  apps(request: ApiRequest): ApiResponse {
    const id = absolute(request.param(0));
    const { root } = this.services.groups;
    if (!root.groups.has(id)) throw unknownGroup(id);
    const parts = embeds(request.query.getAll("embed"), []);
    return ok(
      appsIn(root, id)
        .filter((app) => !app.pod)
        .map((app) => appInfo(this.services, app, parts)),
    );
  }

  versions(request: ApiRequest): ApiResponse {
    const id = absolute(request.param(0));
    const { root, history } = this.services.groups;
    if (!root.groups.has(id)) throw unknownGroup(id);
    const versions = history.flatMap((past) => past.groups.get(id)?.version ?? []);
    return ok([...new Set(versions)]);
  }

  version(request: ApiRequest): ApiResponse {
    const id = absolute(request.param(0));
    const version = timestamp(request.param(1));
    const past = this.services.groups.history.find((root) => root.version === version);
    if (!past?.groups.has(id)) throw unprocessable(`Group ${id} not available in version ${version}`);
    return ok(this.render(past, id, request.query.getAll("embed")));
  }

  create(request: ApiRequest): ApiResponse {
    const group = resolveGroup(parseGroup(request.json()), absolute(request.param(0)), this.services);
    const { id } = group;
    const { root } = this.services.groups;
    if (root.groups.has(id)) throw conflict(`Group ${id} is already created. Use PUT to change this group.`);
    if (root.apps.has(id)) throw conflict(`An app with the path ${id} already exists.`);
    const plan = this.services.groups.update(changeGroup(group), { force: request.flag("force") });
    return deploymentResult(plan, 201, { Location: location(request, id) });
  }

  change(request: ApiRequest): ApiResponse {
    const update = parseGroup(request.json());
    const change = this.changeFor(update, resolveGroup(update, absolute(request.param(0)), this.services));
    if (request.flag("dryRun")) return ok({ steps: stepsJson(this.services.groups.dryRun(change).steps) });
    return deploymentResult(this.services.groups.update(change, { force: request.flag("force") }));
  }

  remove(request: ApiRequest): ApiResponse {
    const id = absolute(request.param(0));
    if (!this.services.groups.root.groups.has(id)) throw unknownGroup(id);
    const plan = this.services.groups.update((root, version) => removeGroup(root, id, version), {
      force: request.flag("force"),
    });
    return deploymentResult(plan);
  }

  private changeFor({ version, scaleBy }: GroupUpdate, group: Group): RootChange {
    if (version !== undefined) {
      const past = this.services.groups.history.find((root) => root.version === version);
      if (!past?.groups.has(group.id)) throw unprocessable(`Group ${group.id} not available in version ${version}`);
      return rollBackGroup(group.id, past);
    }
    return scaleBy === undefined ? changeGroup(group) : scaleGroup(group.id, scaleBy);
  }

  private render(root: Root, id: string, asked: readonly string[]): JsonObject {
    const group = root.groups.get(id);
    if (!group) throw unknownGroup(id);
    const members = appsDirectlyIn(root, id);
    const shows = (part: string): boolean => asked.length === 0 || asked.includes(`group.${part}`);
    const parts: ReadonlySet<Embed> = embeds(
      asked.filter((value) => value.startsWith("group.apps.")),
      [],
    );
    return {
      id: group.id,
      dependencies: group.dependencies,
      version: group.version,
      ...(shows("apps")
        ? { apps: members.filter((app) => !app.pod).map((app) => appInfo(this.services, app, parts)) }
        : {}),
      ...(shows("groups")
        ? { groups: groupsDirectlyIn(root, id).map((child) => this.render(root, child.id, asked)) }
        : {}),
      ...(shows("pods") ? { pods: members.filter((app) => app.pod).map(podJson) } : {}),
    };
  }
}
