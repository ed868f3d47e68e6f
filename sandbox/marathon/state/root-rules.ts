import { type App, isHostMode } from "../model/app";
import { notValid, throwIfAny } from "../model/errors";
import { ancestors, parent } from "../model/path-id";
import type { Problem } from "../model/schema";
import { driverVolumes, stayingProblems } from "../validation/volumes";
import { dependencyGraph, hasCycle } from "./dependencies";
import { appsDirectlyIn, groupsDirectlyIn, type Root } from "./root";

/** The rules for all groups and apps together. Throws ApiError 422. */
export function validateRoot(root: Root): void {
  if (hasCycle(dependencyGraph(root)))
    throw notValid([{ path: "/", error: "Dependency graph has cyclic dependencies." }]);
  throwIfAny([...sharedIds(root), ...sharedVolumes(root), ...negative(root)]);
}

/** What may not change about apps that stay with their volumes. Throws ApiError 422. */
export function validateChanges(original: Root, target: Root): void {
  const changed = [...target.apps.values()].filter((app) => original.apps.get(app.id) !== app);
  throwIfAny(
    changed.flatMap((app, index) => {
      const before = original.apps.get(app.id);
      return before && (before.residency || app.residency) ? residentProblems(before, app, `/app(${index})`) : [];
    }),
  );
}

function residentProblems(before: App, after: App, path: string): Problem[] {
  const problems: Problem[] = [];
  if (volumes(before) !== volumes(after)) problems.push({ path, error: "Persistent volumes can not be changed!" });
  if (needs(before) !== needs(after))
    problems.push({ path, error: "Resident Tasks may not change resource requirements!" });
  const doubled = stayingProblems(after.upgradeStrategy);
  return [...problems, ...doubled.map((problem) => ({ ...problem, path: path + problem.path }))];
}

function volumes(app: App): string {
  const persistent = app.container?.volumes.filter((volume) => volume.persistent) ?? [];
  return JSON.stringify(persistent.map((volume) => JSON.stringify(volume)).sort());
}

function needs(app: App): string {
  const ports = isHostMode(app)
    ? (app.portDefinitions ?? []).map(({ port }) => (app.requirePorts ? port : 0))
    : (app.container?.portMappings ?? []).flatMap(({ hostPort }) => hostPort ?? []);
  return JSON.stringify([app.cpus, app.mem, app.disk, app.gpus, app.requirePorts, [...new Set(ports)].sort()]);
}

function sharedIds(root: Root): Problem[] {
  const clashes = [...root.groups.keys()].flatMap((id) => (id === "/" ? [] : (root.apps.get(id) ?? [])));
  const found = clashes.map((app) => ({
    path: groupPath(root, parent(app.id)) || "/",
    error: `Groups and ${app.pod ? "Pods" : "Applications"} may not have the same identifier.`,
  }));
  return found.filter(
    ({ path, error }, index) => found.findIndex((one) => one.path === path && one.error === error) === index,
  );
}

function sharedVolumes(root: Root): Problem[] {
  const users = new Map<string, string[]>();
  for (const app of root.apps.values())
    for (const { name } of driverVolumes(app)) users.set(name, [...(users.get(name) ?? []), app.id]);
  if ([...users.values()].every((ids) => ids.length < 2)) return [];
  return [...root.apps.values()].flatMap((app) =>
    driverVolumes(app).flatMap(({ name, index }) => {
      const others = (users.get(name) ?? []).filter((id) => id !== app.id);
      if (others.length === 0) return [];
      const error = `Volume name '${name}' in ${app.id} conflicts with volume(s) of same name in app(s): ${others.join(", ")}`;
      return [{ path: `${appPath(root, app)}/externalVolumes(${index})`, error }];
    }),
  );
}

/** Scaling by a factor can ask for less than nothing. */
function negative(root: Root): Problem[] {
  return [...root.apps.values()].flatMap((app) =>
    app.instances < 0
      ? [{ path: `${appPath(root, app)}/instances`, error: `got ${app.instances}, expected 0 or more` }]
      : [],
  );
}

function appPath(root: Root, app: App): string {
  const group = parent(app.id);
  return `${groupPath(root, group)}/apps(${appsDirectlyIn(root, group).findIndex(({ id }) => id === app.id)})`;
}

/** Where a group lies among all: nothing for the root, `/groups(1)/groups(0)` for a group in its second one. */
function groupPath(root: Root, id: string): string {
  const chain = [...ancestors(id), id].filter((one) => one !== "/");
  return chain
    .map((one) => `/groups(${groupsDirectlyIn(root, parent(one)).findIndex((group) => group.id === one)})`)
    .join("");
}
