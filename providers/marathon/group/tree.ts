import type { AppDefinition } from "../api";
import { sameApp } from "../reconcile";

/** A group as Marathon's API takes it, every id absolute. */
export interface GroupDefinition {
  /** Left out at the top, where `groupId` says it. */
  readonly id?: string;
  /** Each with its `id`. */
  readonly apps?: readonly AppDefinition[];
  readonly groups?: readonly GroupDefinition[];
  /** Ids of apps and groups that have to run first. */
  readonly dependencies?: readonly string[];
  /** Whether the apps have to run with the group's role (1.9 and newer). */
  readonly enforceRole?: boolean;
}

/** What a group says of itself, apart from its members. */
export interface GroupSettings {
  readonly dependencies: readonly string[];
  readonly enforceRole?: boolean;
}

/** A group and all that is in it, by absolute id. */
export interface Tree {
  /** The group itself first, outer ones ahead of inner ones. */
  readonly groups: ReadonlyMap<string, GroupSettings>;
  /** Definitions without `id`. */
  readonly apps: ReadonlyMap<string, AppDefinition>;
}

export function treeOf(id: string, group: GroupDefinition): Tree {
  const groups = new Map<string, GroupSettings>();
  const apps = new Map<string, AppDefinition>();
  collect(id, group, groups, apps);
  return { groups, apps };
}

function collect(
  id: string,
  group: GroupDefinition,
  groups: Map<string, GroupSettings>,
  apps: Map<string, AppDefinition>,
): void {
  groups.set(id, settingsOf(group));
  for (const { id: appId, ...app } of group.apps ?? []) apps.set(String(appId), app);
  for (const child of group.groups ?? []) collect(String(child.id), child, groups, apps);
}

/** With the dependencies in one order: Marathon keeps none. */
export function settingsOf({ dependencies = [], enforceRole }: GroupDefinition): GroupSettings {
  return { dependencies: [...dependencies].sort(), ...(enforceRole !== undefined && { enforceRole }) };
}

export function sameSettings(one: GroupSettings, other: GroupSettings): boolean {
  return one.dependencies.join() === other.dependencies.join() && one.enforceRole === other.enforceRole;
}

/** Whether both definitions of the group mean the same: groups and apps may be in any order. */
export function sameGroup(id: string, one: GroupDefinition, other: GroupDefinition): boolean {
  const [first, second] = [treeOf(id, one), treeOf(id, other)];
  return sameEntries(first.groups, second.groups, sameSettings) && sameEntries(first.apps, second.apps, sameApp);
}

function sameEntries<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>, same: (a: T, b: T) => boolean) {
  return (
    one.size === other.size &&
    [...one].every(([id, value]) => {
      const counterpart = other.get(id);
      return counterpart !== undefined && same(value, counterpart);
    })
  );
}
