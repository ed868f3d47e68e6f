import { containsUnknown, isUnknown } from "../../runtime/unknown";
import { sameApp } from "../reconcile";
import { effectOf, effectText } from "../restarts";
import { type GroupDefinition, treeOf } from "./tree";

/** What an update does to the tasks of each app that changes: one sentence each, in the order of ids. */
export function effectsOn(groupId: string, before: GroupDefinition, after: GroupDefinition): string[] {
  const [old, wanted] = [treeOf(groupId, before).apps, treeOf(groupId, after).apps];
  return [...new Set([...old.keys(), ...wanted.keys()])].sort().flatMap((id) => {
    const [from, to] = [old.get(id), wanted.get(id)];
    if (!to) return [`app ${id}: is removed, all its tasks stop`];
    if (!from) return [`app ${id}: is new`];
    return sameApp(from, to) ? [] : [`app ${id}: ${effectText(effectOf(from, to), from, to)}`];
  });
}

/** Whether it is known which apps the group has; their fields may be unknown. */
export function isWhole(group: GroupDefinition): boolean {
  if (isUnknown(group)) return false;
  const { apps = [], groups = [] } = group;
  if (isUnknown(apps) || isUnknown(groups)) return false;
  const named = [...apps, ...groups].every((member) => !isUnknown(member) && !containsUnknown(member["id"]));
  return named && groups.every(isWhole);
}
