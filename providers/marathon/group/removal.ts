import type { StackConfig } from "../../runtime/handler";
import type { LiveApp } from "../api";
import { removed } from "../deployment";
import { isEmpty, removeEmptyGroups } from "../groups";
import { despiteLocks } from "../locks";
import { type GroupInputs, groupTarget, type Operation, operationOn } from "./group-inputs";
import { liveTreeOf, membersOf } from "./live";
import { changeSettings } from "./settings";
import { treeOf } from "./tree";

/** How many deletions run at once: each is a deployment, of which Marathon lets 100 run. */
const AT_ONCE = 20;

/**
 * Removes the members of the resource, and the groups that this leaves empty; what others put into the group stays. App by
 * app, for deleting a group would take along what somebody puts into it at the same moment.
 */
export async function undeployGroup(groupId: string, known: GroupInputs, config: StackConfig): Promise<void> {
  const operation = operationOn(known, config);
  const { client, deadline, group: top } = operation;
  const live = await client.groupTree(groupId, deadline);
  if (live) {
    const tree = liveTreeOf(live);
    const members = membersOf(tree, groupId, known.group);
    const groups = known.group ? [...treeOf(groupId, known.group).groups.keys()] : [groupId];
    const own = members.map(({ id }) => id);
    const left = await removeApps(operation, groupId, members, own, { patienceSeconds: 0 });
    if (left !== undefined) throw new Error(left);
    await removeEmpty(operation, groups);
  }
  await removeEmptyGroups(client, groupId, top, deadline);
}

/**
 * Deletes these apps and waits until nothing of them runs. Returns what is left at the deadline.
 * @param own Apps whose deployment may be overridden for it.
 * @param patience How long such a deployment is waited for.
 */
export async function removeApps(
  operation: Operation,
  groupId: string,
  apps: readonly LiveApp[],
  own: readonly string[],
  patience: { readonly patienceSeconds?: number } = {},
): Promise<string | undefined> {
  const { client, deadline, locks } = operation;
  const override = { policy: locks, ...patience };
  for (let at = 0; at < apps.length; at += AT_ONCE) {
    const ids = apps.slice(at, at + AT_ONCE).map(({ id }) => id);
    const remove = (id: string) => {
      const target = { name: `app ${id}`, ids: own };
      const change = (force: boolean) => client.deleteApp(id, force, deadline);
      return despiteLocks(client, target, deadline, change, override);
    };
    await Promise.all(ids.map(remove));
    const exists = async () => {
      const live = await client.groupTree(groupId, deadline);
      return live !== undefined && ids.some((id) => liveTreeOf(live).apps.has(id));
    };
    const left = await removed(client, groupTarget(groupId, ids), exists, deadline);
    if (left !== undefined) return left;
  }
  return undefined;
}

/** Deletes those of the groups that are empty, inner ones first; one that is not loses its dependencies with its members. */
export async function removeEmpty(operation: Operation, ids: readonly string[]): Promise<void> {
  const { client, deadline } = operation;
  const innerFirst = [...ids].sort((a, b) => b.split("/").length - a.split("/").length);
  for (const id of innerFirst) {
    const group = await client.group(id, deadline);
    if (!group) continue;
    if (!isEmpty(group)) {
      if (group.dependencies?.length) await changeSettings(operation, id, { dependencies: [] });
      continue;
    }
    await client.deleteGroup(id, deadline);
  }
}
