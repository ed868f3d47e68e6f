import type { App } from "../model/app";
import { ancestors, isInside, parent } from "../model/path-id";

export type Group = { readonly id: string; readonly dependencies: readonly string[]; readonly version: string };

/** The tree of groups and apps at one moment; never changed, only replaced. Keys are absolute ids. */
export interface Root {
  readonly version: string;
  readonly apps: ReadonlyMap<string, App>;
  readonly groups: ReadonlyMap<string, Group>;
}

export function emptyRoot(version: string): Root {
  return { version, apps: new Map(), groups: new Map([["/", { id: "/", dependencies: [], version }]]) };
}

/** The root with the app put in; the groups above it are made or get the new version. */
export function putApp(root: Root, app: App, version: string): Root {
  const apps = new Map(root.apps);
  apps.set(app.id, app);
  return { version, apps, groups: touched(root, parent(app.id), version) };
}

/** The same root under a new version. */
export function touchRoot(root: Root, version: string): Root {
  return { ...root, version, groups: touched(root, "/", version) };
}

/** The root without the app; its group stays, even empty. */
export function removeApp(root: Root, id: string, version: string): Root {
  const apps = new Map(root.apps);
  apps.delete(id);
  return { version, apps, groups: touched(root, parent(id), version) };
}

export function putGroup(root: Root, group: Group, version: string): Root {
  const groups = touched(root, group.id, version);
  groups.set(group.id, group);
  return { version, apps: root.apps, groups };
}

/** The root without the group and all in it; the root group itself is emptied. */
export function removeGroup(root: Root, id: string, version: string): Root {
  const apps = new Map([...root.apps].filter(([app]) => !isInside(app, id)));
  const groups = touched(root, parent(id), version);
  for (const group of groups.keys()) if (isInside(group, id) || (group === id && id !== "/")) groups.delete(group);
  return { version, apps, groups };
}

export function appsIn(root: Root, group: string): App[] {
  return [...root.apps.values()].filter((app) => isInside(app.id, group));
}

export function appsDirectlyIn(root: Root, group: string): App[] {
  return [...root.apps.values()].filter((app) => parent(app.id) === group);
}

export function groupsDirectlyIn(root: Root, group: string): Group[] {
  return [...root.groups.values()].filter((child) => child.id !== "/" && parent(child.id) === group);
}

function touched(root: Root, group: string, version: string): Map<string, Group> {
  const groups = new Map(root.groups);
  for (const id of [...ancestors(group), group]) {
    const known = groups.get(id);
    groups.set(id, known ? { ...known, version } : { id, dependencies: [], version });
  }
  return groups;
}
