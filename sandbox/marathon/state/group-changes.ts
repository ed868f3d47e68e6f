import type { Group } from "../model/group-update";
import { isInside } from "../model/path-id";
import type { RootChange } from "./group-manager";
import { appsDirectlyIn, appsIn, groupsDirectlyIn, putApp, putGroup, type Root, removeApp, removeGroup } from "./root";

/** Puts the group as it is said to be; the lists that are left out stay. */
export function changeGroup(group: Group): RootChange {
  return (root, version) => withVersions(applyGroup(root, group, version), group.id, version);
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

function applyGroup(root: Root, group: Group, version: string): Root {
  const { id } = group;
  const dependencies = group.dependencies ?? root.groups.get(id)?.dependencies ?? [];
  let result = putGroup(root, { id, dependencies, version }, version);
  if (group.apps) {
    const kept = new Set(group.apps.map((app) => app.id));
    for (const app of appsDirectlyIn(root, id))
      if (!app.pod && !kept.has(app.id)) result = removeApp(result, app.id, version);
    for (const app of group.apps) result = putApp(result, { ...app, version }, version);
  }
  if (group.groups) {
    const kept = new Set(group.groups.map((child) => child.id));
    for (const child of groupsDirectlyIn(root, id))
      if (!kept.has(child.id)) result = removeGroup(result, child.id, version);
    for (const child of group.groups) result = applyGroup(result, child, version);
  }
  return result;
}

function withVersions(root: Root, id: string, version: string): Root {
  const groups = new Map(root.groups);
  for (const group of groups.values())
    if (group.id === id || isInside(group.id, id)) groups.set(group.id, { ...group, version });
  return { ...putGroup({ ...root, groups }, groups.get(id) ?? { id, dependencies: [], version }, version), version };
}
