import { Deadline } from "../../runtime/deadline";
import type { Properties, StackConfig } from "../../runtime/handler";
import { PartialFailure } from "../../runtime/partial-failure";
import type { AppDefinition, LiveApp } from "../api";
import { watchedApp } from "../app-watch";
import { type Settled, settled } from "../deployment";
import { isHealthy } from "../endpoints";
import { MarathonError } from "../error";
import { type GroupInputs, type Operation, operationOn } from "./group-inputs";
import { groupOutputs, liveTreeOf, membersOf } from "./live";
import { RaceError } from "./race";
import { removeApps, removeEmpty } from "./removal";
import { type Sent, send } from "./send";
import { treeOf } from "./tree";

const LAST_LOOK_SECONDS = 10;
const ENFORCE_ROLE_SINCE = [1, 9] as const;

/** Makes the group what `inputs` say, whatever is there, and gives all outputs. */
export async function deployGroup(
  inputs: GroupInputs,
  olds: GroupInputs | undefined,
  config: StackConfig,
): Promise<Properties> {
  const operation = operationOn(inputs, config);
  await refuseUnknownRole(operation, inputs);
  return operation.events.during(async () => {
    const sent = await sendOrKeep(operation, inputs, olds);
    return finish(operation, inputs, olds, sent);
  });
}

async function sendOrKeep(operation: Operation, inputs: GroupInputs, olds: GroupInputs | undefined): Promise<Sent> {
  try {
    return await send(operation, inputs, olds);
  } catch (error) {
    if (!(error instanceof MarathonError)) throw error;
    // Nothing else would ever delete what Marathon may have made, or what an interrupted run made.
    const made = error.ambiguous || (olds === undefined && (await hasMembers(operation, inputs)));
    throw made ? partial(inputs, [], [error.message]) : error;
  }
}

async function hasMembers({ client }: Operation, { groupId, group }: GroupInputs): Promise<boolean> {
  try {
    const live = await client.groupTree(groupId, new Deadline(LAST_LOOK_SECONDS));
    return live !== undefined && membersOf(liveTreeOf(live), groupId, group).length > 0;
  } catch (error) {
    if (error instanceof MarathonError) return false;
    throw error;
  }
}

/** Marathon below 1.9 would drop `enforceRole` without a word. */
async function refuseUnknownRole({ client, deadline }: Operation, { groupId, group }: GroupInputs): Promise<void> {
  const asking = [...treeOf(groupId, group).groups].find(([, { enforceRole }]) => enforceRole !== undefined);
  if (!asking) return;
  const { version } = await client.info(deadline);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [since, sinceMinor] = ENFORCE_ROLE_SINCE;
  if (major > since || (major === since && minor >= sinceMinor)) return;
  throw new Error(
    `group ${asking[0]}: enforceRole is known to Marathon ${ENFORCE_ROLE_SINCE.join(".")} and newer, and ${client.base} is ${version}; leave it out`,
  );
}

async function finish(
  operation: Operation,
  inputs: GroupInputs,
  olds: GroupInputs | undefined,
  sent: Sent,
): Promise<Properties> {
  const { client, deadline } = operation;
  const { groupId, group } = inputs;
  const { apps, groups } = treeOf(groupId, group);
  const last = new Map<string, LiveApp>();
  const problems: string[] = [];
  try {
    // With the deployment under way, for the new apps may need what the old ones hold.
    const left = await removeApps(operation, groupId, sent.surplus, sent.own);
    if (left !== undefined) problems.push(left);
    const results = await settledApps(operation, groupId, apps, sent);
    for (const [id, { live }] of results) if (live) last.set(id, live);
    problems.push(...problemsOf(results));
    const former = olds?.group ? treeOf(groupId, olds.group).groups.keys() : [];
    if (problems.length === 0)
      await removeEmpty(
        operation,
        [...former].filter((id) => !groups.has(id)),
      );
    const live = problems.length === 0 ? await client.groupTree(groupId, deadline) : undefined;
    if (live) {
      const tree = liveTreeOf(live);
      return {
        ...inputs,
        ...groupOutputs(
          tree.version,
          [...apps.keys()].flatMap((id) => tree.apps.get(id) ?? []),
        ),
      };
    }
  } catch (error) {
    if (!(error instanceof MarathonError || error instanceof RaceError)) throw error;
    problems.push(error.message);
  }
  throw partial(inputs, last.values(), problems.length > 0 ? problems : ["somebody deleted it while it was deployed"]);
}

/** Waits for every app of the group, those that were not changed too. */
async function settledApps(
  { client, deadline, events }: Operation,
  groupId: string,
  apps: ReadonlyMap<string, AppDefinition>,
  { change, changed, before }: Sent,
): Promise<ReadonlyMap<string, Settled<LiveApp>>> {
  const look = sharedLook(async (deadline) => {
    const group = await client.groupTree(groupId, deadline);
    return group && liveTreeOf(group).apps;
  });
  const waits = [...apps].map(async ([id, app]): Promise<readonly [string, Settled<LiveApp>]> => {
    const former = before?.apps.get(id);
    const awaited = changed.has(id) ? change : undefined;
    if (!awaited && former && isHealthy(former) && former.deployments?.length === 0) return [id, { live: former }];
    const watched = watchedApp(client, id, app, async (deadline) => (await look(deadline))?.get(id));
    const own = { version: former?.version ?? "", deploymentId: former?.deployments?.[0]?.id };
    return [id, await settled(watched, awaited ?? own, former?.version, events, deadline)];
  });
  return new Map(await Promise.all(waits));
}

/** Apps that are up only waited for the others, whose deployment is theirs too. */
function problemsOf(results: ReadonlyMap<string, Settled<LiveApp>>): string[] {
  const failed = [...results].filter(([, { live, problem }]) => problem !== undefined || !live);
  const down = failed.filter(([, { live }]) => !live || !isHealthy(live));
  return (down.length > 0 ? down : failed).map(([id, { problem }]) => `app ${id}: ${problem ?? "it is gone"}`);
}

/** One request at a time for all who look. */
function sharedLook<T>(request: (deadline: Deadline) => Promise<T>): (deadline: Deadline) => Promise<T> {
  let running: Promise<T> | undefined;
  return (deadline) => {
    running ??= request(deadline).finally(() => {
      running = undefined;
    });
    return running;
  };
}

function partial(inputs: GroupInputs, apps: Iterable<LiveApp>, problems: readonly string[]): PartialFailure {
  const [message = "", ...more] = problems.map(
    (problem) => `group ${inputs.groupId} on ${inputs.location}: ${problem}`,
  );
  const properties = { ...inputs, ...groupOutputs("", apps), healthy: false };
  return new PartialFailure([message, ...more].join("\n"), {
    id: inputs.groupId,
    properties,
    reasons: [message, ...more],
  });
}
