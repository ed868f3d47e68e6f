import type { Group, LiveApp } from "../api";
import { outputsOf } from "../endpoints";
import { isMember } from "../owner";
import { definitionOf } from "../reconcile";
import { type GroupDefinition, type GroupSettings, sameSettings, settingsOf, type Tree, treeOf } from "./tree";

/** A group as Marathon shows it, with all that is in it, by absolute id. */
export interface LiveTree {
  readonly version: string;
  readonly groups: ReadonlyMap<string, GroupSettings>;
  readonly apps: ReadonlyMap<string, LiveApp>;
  readonly pods: number;
}

export function liveTreeOf(group: Group): LiveTree {
  const groups = new Map<string, GroupSettings>();
  const apps = new Map<string, LiveApp>();
  let pods = 0;
  const collect = (group: Group): void => {
    groups.set(group.id, settingsOf(group));
    for (const app of group.apps ?? []) apps.set(app.id, app);
    pods += group.pods?.length ?? 0;
    for (const child of group.groups ?? []) collect(child);
  };
  collect(group);
  return { version: group.version, groups, apps, pods };
}

/** The apps that are the resource's own, by its labels. A failure with a huge definition leaves a state without it. */
export function membersOf(
  live: LiveTree,
  groupId: string,
  ...known: readonly (GroupDefinition | undefined)[]
): LiveApp[] {
  const definitions = known.filter((group) => group !== undefined);
  const owners = definitions.flatMap((group) => [...treeOf(groupId, group).apps.values()].slice(0, 1));
  return [...live.apps.values()].filter((app) =>
    definitions.length === 0 ? isMember(app, groupId) : owners.some((owner) => isMember(app, groupId, owner)),
  );
}

/** What the resource tells beside its definition: the state of each of the apps. */
export function groupOutputs(
  version: string,
  apps: Iterable<LiveApp>,
): {
  version: string;
  apps: Record<string, unknown>;
  healthy: boolean;
} {
  const sorted = [...apps].sort((a, b) => (a.id < b.id ? -1 : 1)).map((app) => [app.id, outputsOf(app)] as const);
  return { version, apps: Object.fromEntries(sorted), healthy: sorted.every(([, { healthy }]) => healthy) };
}

/** Whether the group says of itself what is wanted. Marathon below 1.9 shows no `enforceRole`, and newer ones always. */
export function hasSettings(live: GroupSettings | undefined, wanted: GroupSettings): boolean {
  return (
    live !== undefined &&
    sameSettings(wanted.enforceRole === undefined ? { dependencies: live.dependencies } : live, wanted)
  );
}

/**
 * The definition of the live group, written like `wanted` wherever both mean the same: without what others put into the
 * group, with members that `wanted` does not know.
 */
export function groupOf(live: LiveTree, groupId: string, wanted: GroupDefinition): GroupDefinition {
  const members = new Map(membersOf(live, groupId, wanted).map((app) => [app.id, app]));
  const known = treeOf(groupId, wanted);
  const strays = [...members.values()]
    .filter(({ id }) => !known.apps.has(id))
    .map((app) => ({ ...definitionOf(app, {}), id: app.id }));
  const written = rewrite(groupId, wanted, live, members, known);
  return strays.length === 0 ? written : { ...written, apps: [...(written.apps ?? []), ...strays] };
}

function rewrite(
  id: string,
  wanted: GroupDefinition,
  live: LiveTree,
  members: ReadonlyMap<string, LiveApp>,
  known: Tree,
): GroupDefinition {
  const actual = live.groups.get(id) ?? { dependencies: [] };
  const settings = known.groups.get(id) ?? { dependencies: [] };
  const { apps, groups, dependencies, enforceRole, ...rest } = wanted;
  const sameOrder = hasSettings(actual, { dependencies: settings.dependencies });
  const kept = sameOrder ? dependencies : actual.dependencies;
  const role = enforceRole === undefined ? undefined : (actual.enforceRole ?? enforceRole);
  return {
    ...rest,
    ...(kept !== undefined && { dependencies: kept }),
    ...(role !== undefined && { enforceRole: role }),
    ...(apps && {
      apps: apps.flatMap(({ id: appId, ...app }) => {
        const member = members.get(String(appId));
        return member ? [{ ...definitionOf(member, app), id: appId }] : [];
      }),
    }),
    ...(groups && {
      groups: groups.flatMap((child) =>
        live.groups.has(String(child.id)) ? [rewrite(String(child.id), child, live, members, known)] : [],
      ),
    }),
  };
}
