import type { AppDefinition, LiveApp } from "../api";
import type { Change } from "../client";
import { MarathonError } from "../error";
import { clearStuck, despiteLocks } from "../locks";
import { once } from "../once";
import { ownerOf } from "../owner";
import { isLike, sameApp } from "../reconcile";
import { type GroupInputs, groupTarget, type Operation } from "./group-inputs";
import { hasSettings, type LiveTree, liveTreeOf, membersOf } from "./live";
import { revertIfForeign } from "./race";
import { changeSettings } from "./settings";
import { type GroupDefinition, type Tree, treeOf } from "./tree";

export interface Sent {
  /** Undefined if every app had its definition already. */
  readonly change: Change | undefined;
  /** Ids of the apps that the change is about. */
  readonly changed: ReadonlySet<string>;
  /** The group ahead of the change, undefined if there was none. */
  readonly before: LiveTree | undefined;
  /** Members that the definition does not have any more. */
  readonly surplus: readonly LiveApp[];
  /** Ids of all apps that are or will be the resource's own. */
  readonly own: readonly string[];
}

/** Sends what makes the group what `inputs` say, whatever is there, and touches nothing that others put into it. */
export async function send(operation: Operation, inputs: GroupInputs, olds: GroupInputs | undefined): Promise<Sent> {
  const { client, deadline } = operation;
  const { groupId, group } = inputs;
  const live = await client.groupTree(groupId, deadline);
  if (live) return merge(operation, inputs, olds, liveTreeOf(live));
  const tree = treeOf(groupId, group);
  const own = [...tree.apps.keys()];
  try {
    const create = (force: boolean) => client.createGroup(groupId, group, force, deadline);
    const change = await sendOnce(operation, inputs, own, tree.apps, create);
    return { change, changed: new Set(own), before: undefined, surplus: [], own };
  } catch (error) {
    // Somebody else was faster.
    const existing = alreadyThere(error) ? await client.groupTree(groupId, deadline) : undefined;
    if (existing) return merge(operation, inputs, olds, liveTreeOf(existing));
    throw error;
  }
}

async function merge(
  operation: Operation,
  inputs: GroupInputs,
  olds: GroupInputs | undefined,
  live: LiveTree,
): Promise<Sent> {
  const { client, deadline, locks } = operation;
  const { groupId, group } = inputs;
  const wanted = treeOf(groupId, group);
  const members = membersOf(live, groupId, group, olds?.group);
  if (!inputs.adopt) refuseForeign(inputs, olds, live, wanted, members);
  const changed = changedApps(wanted, live, members, groupId, olds?.group);
  const own = [...wanted.apps.keys(), ...members.map(({ id }) => id)];
  // Ahead of the apps, whose order of starting depends on them.
  for (const [id, settings] of wanted.groups) {
    if (!hasSettings(live.groups.get(id), settings)) await changeSettings(operation, id, settings);
  }
  const surplus = members.filter(({ id }) => !wanted.apps.has(id));
  if (changed.size === 0) return { change: undefined, changed: new Set(), before: live, surplus, own };
  for (const id of changed.keys()) {
    const app = live.apps.get(id);
    if (app) await clearStuck(client, app, locks, deadline, own);
  }
  const replace = (force: boolean) => client.replaceApps(changed, force, deadline);
  const change = await sendOnce(operation, inputs, own, changed, replace);
  const added = [...changed.keys()].filter((id) => !live.apps.has(id));
  const isForeign = (id: string, actions: readonly string[]) =>
    added.includes(id) && !actions.includes("StartApplication");
  if (added.length > 0) await revertIfForeign(operation, groupId, change, isForeign);
  return { change, changed: new Set(changed.keys()), before: live, surplus, own };
}

/** Sends a change of these apps despite locks, and not a second time where the first answer was lost. */
function sendOnce(
  { client, deadline, locks }: Operation,
  { groupId }: GroupInputs,
  own: readonly string[],
  apps: ReadonlyMap<string, AppDefinition>,
  change: (force: boolean) => Promise<Change>,
): Promise<Change> {
  const made = async (): Promise<Change | undefined> => {
    const found = await client.groupTree(groupId, deadline);
    const live = found && liveTreeOf(found);
    const seen = [...apps].map(([id, app]) => {
      const current = live?.apps.get(id);
      return current && isLike(current, app) ? current : undefined;
    });
    if (!live || seen.includes(undefined)) return undefined;
    const [version = live.version] = seen
      .map((app) => app?.version ?? "")
      .sort()
      .reverse();
    return { version, deploymentId: seen.flatMap((app) => app?.deployments ?? [])[0]?.id };
  };
  const send = (force: boolean) => once(deadline, () => change(force), made);
  return despiteLocks(client, groupTarget(groupId, own), deadline, send, { policy: locks });
}

function changedApps(
  wanted: Tree,
  live: LiveTree,
  members: readonly LiveApp[],
  groupId: string,
  before: GroupDefinition | undefined,
): ReadonlyMap<string, AppDefinition> {
  const known = before && treeOf(groupId, before).apps;
  return new Map(
    [...wanted.apps].filter(([id, app]) => {
      const current = live.apps.get(id);
      const last = known?.get(id);
      // What an interrupted run has sent needs no second deployment, which would cancel the first.
      const sent = last === undefined || sameApp(last, app);
      return !(current && members.includes(current) && sent && isLike(current, app));
    }),
  );
}

/** @throws Error that names what is in the way and belongs to somebody else */
function refuseForeign(
  { groupId, location }: GroupInputs,
  olds: GroupInputs | undefined,
  live: LiveTree,
  wanted: Tree,
  members: readonly LiveApp[],
): void {
  const apps = [...wanted.apps.keys()].flatMap((id) => {
    const current = live.apps.get(id);
    return current && !members.includes(current) ? [current] : [];
  });
  if (apps.length > 0) {
    const list = apps.map((app) => `app ${app.id} belongs to ${ownerOf(app)}`).join(", ");
    throw new Error(
      `group ${groupId} on ${location} has apps of others: ${list}; choose other ids, remove these apps, or set adopt to take them over`,
    );
  }
  // Groups carry no labels: without a member or a state the dependencies of an existing one are somebody else's.
  if (olds !== undefined || members.length > 0) return;
  for (const [id, settings] of wanted.groups) {
    const current = live.groups.get(id);
    if (!current || current.dependencies.length === 0 || hasSettings(current, settings)) continue;
    throw new Error(
      `group ${id} exists on ${location} with dependencies on ${current.dependencies.join(", ")}, which nothing marks as this stack's; give it the same dependencies, choose another id, or set adopt to replace them`,
    );
  }
}

function alreadyThere(error: unknown): boolean {
  return error instanceof MarathonError && error.status === 409 && !error.locked;
}
