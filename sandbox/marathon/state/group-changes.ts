import type { GroupUpdate } from "../model/group-update";
import type { NormalisationContext } from "../model/normalise";
import { absolute, isInside } from "../model/path-id";
import { checked } from "../model/update-app";
import type { ValidationContext } from "../validation/app";
import type { RootChange } from "./group-manager";
import { appsDirectlyIn, appsIn, groupsDirectlyIn, putApp, putGroup, type Root, removeApp, removeGroup } from "./root";

interface Contexts {
  readonly normalisation: NormalisationContext;
  readonly validation: ValidationContext;
}

/** Puts the group as the body says; the lists it leaves out stay. Throws ApiError when applied. */
export function changeGroup(id: string, update: GroupUpdate, contexts: Contexts): RootChange {
  return (root, version) => withVersions(applyGroup(root, id, update, contexts, version), id, version);
}

/** Multiplies the instances of all apps in the group, rounding up. */
export function scaleGroup(id: string, factor: number): RootChange {
  return (root, version) => {
    const scaled = appsIn(root, id).reduce(
      (result, app) => putApp(result, { ...app, instances: Math.ceil(app.instances * factor) }, version),
      root,
    );
    return withVersions(scaled, id, version);
  };
}

/** Puts the group back as it was in `past`. */
export function rollBackGroup(id: string, past: Root): RootChange {
  return (root, version) => {
    const gone = appsIn(root, id).filter((app) => !past.apps.has(app.id));
    let result = gone.reduce((rest, app) => removeApp(rest, app.id, version), root);
    for (const group of past.groups.values())
      if (group.id === id || isInside(group.id, id)) result = putGroup(result, group, version);
    for (const app of appsIn(past, id)) result = putApp(result, { ...app }, version);
    for (const group of result.groups.keys())
      if (isInside(group, id) && !past.groups.has(group)) result = removeGroup(result, group, version);
    return withVersions(result, id, version);
  };
}

function applyGroup(root: Root, id: string, update: GroupUpdate, contexts: Contexts, version: string): Root {
  const dependencies =
    update.dependencies?.map((target) => absolute(target, id)) ?? root.groups.get(id)?.dependencies ?? [];
  let result = putGroup(root, { id, dependencies, version }, version);
  if (update.apps) {
    const apps = update.apps.map((raw) =>
      checked({ ...raw, version: undefined }, { ...contexts.normalisation, base: id }, contexts.validation),
    );
    const kept = new Set(apps.map((app) => app.id));
    for (const app of appsDirectlyIn(root, id)) if (!kept.has(app.id)) result = removeApp(result, app.id, version);
    for (const app of apps) result = putApp(result, { ...app, version }, version);
  }
  if (update.groups) {
    const kept = new Set(update.groups.map((child) => absolute(child.id ?? ".", id)));
    for (const child of groupsDirectlyIn(root, id))
      if (!kept.has(child.id)) result = removeGroup(result, child.id, version);
    for (const child of update.groups)
      result = applyGroup(result, absolute(child.id ?? ".", id), child, contexts, version);
  }
  return result;
}

function withVersions(root: Root, id: string, version: string): Root {
  const groups = new Map(root.groups);
  for (const group of groups.values())
    if (group.id === id || isInside(group.id, id)) groups.set(group.id, { ...group, version });
  return { ...putGroup({ ...root, groups }, groups.get(id) ?? { id, dependencies: [], version }, version), version };
}
