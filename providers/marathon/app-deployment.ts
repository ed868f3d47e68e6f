import type { Deadline } from "../runtime/deadline";
import type { Properties, StackConfig } from "../runtime/handler";
import { PartialFailure } from "../runtime/partial-failure";
import type { LiveApp } from "./api";
import { type AppInputs, connect, deadlineOf, isMarked } from "./app-inputs";
import { watchedApp } from "./app-watch";
import type { Change, MarathonClient } from "./client";
import { removed, type Settled, settled } from "./deployment";
import { isHealthy, outputsOf } from "./endpoints";
import { MarathonError } from "./error";
import type { EventFeed } from "./event-feed";
import { removeEmptyGroups } from "./groups";
import type { LockPolicy } from "./location";
import { clearStuck, despiteLocks } from "./locks";
import { once } from "./once";
import { ownerOf, sameOwner } from "./owner";
import { isLike, sameApp } from "./reconcile";
import { appTarget } from "./target";

const NOTHING_LIVE = { version: "", tasks: [], endpoints: [], healthy: false };

/** Makes the app what `inputs` say, whatever is there, and gives all outputs. */
export async function deploy(inputs: AppInputs, olds: AppInputs | undefined, config: StackConfig): Promise<Properties> {
  const { client, events, locks } = connect(inputs, config);
  const deadline = deadlineOf(inputs);
  const existing = await client.app(inputs.appId, deadline);
  return events.during(async () => {
    const { change, before } = await send({ client, locks, inputs, olds, deadline }, existing);
    return finish(client, inputs, change, before, events, deadline);
  });
}

interface Task {
  readonly client: MarathonClient;
  readonly locks: LockPolicy;
  readonly inputs: AppInputs;
  readonly olds: AppInputs | undefined;
  readonly deadline: Deadline;
}

interface Sent {
  /** Undefined if the app had the definition already. */
  readonly change: Change | undefined;
  /** The app as it was ahead of the change. */
  readonly before: LiveApp | undefined;
}

async function send(task: Task, before: LiveApp | undefined): Promise<Sent> {
  const { client, locks, inputs, olds, deadline } = task;
  const { appId, app, adopt } = inputs;
  if (!before) {
    try {
      return { change: await create(task), before };
    } catch (error) {
      const existing = alreadyThere(error) ? await client.app(appId, deadline) : undefined;
      if (existing) return send(task, existing);
      throw error instanceof MarathonError && error.ambiguous ? partial(inputs, undefined, error.message) : error;
    }
  }
  const ours = sameOwner(before, app) || (olds !== undefined && isMarked(before, olds));
  if (!ours && !adopt) throw new Error(foreign(inputs, before));
  // What an interrupted run has sent needs no second deployment, which would cancel the first.
  const sent = olds === undefined || (olds.app !== undefined && sameApp(olds.app, app));
  if (ours && sent && isLike(before, app)) return { change: undefined, before };
  try {
    await clearStuck(client, before, locks, deadline);
    return { change: await replace(task), before };
  } catch (error) {
    // An app that an interrupted run made is not in the state yet; nothing else would ever delete it.
    throw ours && olds === undefined && error instanceof MarathonError ? partial(inputs, before, error.message) : error;
  }
}

/** Creates the app; waits for a deployment that still stops an earlier app of that id. */
function create({ client, locks, inputs: { appId, app }, deadline }: Task): Promise<Change> {
  const made = async () => {
    const live = await client.app(appId, deadline);
    return live && sameOwner(live, app) && isLike(live, app) ? asSeen(live) : undefined;
  };
  const change = (force: boolean) => once(deadline, () => client.createApp(appId, app, force, deadline), made);
  return despiteLocks(client, appTarget(appId), deadline, change, { policy: locks, own: false });
}

function replace({ client, locks, inputs: { appId, app }, deadline }: Task): Promise<Change> {
  const made = async () => {
    const live = await client.app(appId, deadline);
    return live && isLike(live, app) ? asSeen(live) : undefined;
  };
  const change = (force: boolean) => once(deadline, () => client.replaceApp(appId, app, force, deadline), made);
  return despiteLocks(client, appTarget(appId), deadline, change, { policy: locks });
}

/** A change whose answer was lost, as the app shows it. */
function asSeen(live: LiveApp): Change {
  return { version: live.version, deploymentId: live.deployments?.[0]?.id };
}

async function finish(
  client: MarathonClient,
  inputs: AppInputs,
  change: Change | undefined,
  before: LiveApp | undefined,
  events: EventFeed,
  deadline: Deadline,
): Promise<Properties> {
  if (!change && before && isHealthy(before) && before.deployments?.length === 0) {
    return { ...inputs, ...outputsOf(before) };
  }
  const awaited = change ?? { version: before?.version ?? "", deploymentId: before?.deployments?.[0]?.id };
  let result: Settled<LiveApp>;
  try {
    const watched = watchedApp(client, inputs.appId, inputs.app);
    result = await settled(watched, awaited, before?.version, events, deadline);
  } catch (error) {
    throw error instanceof MarathonError ? partial(inputs, before, error.message) : error;
  }
  if (result.problem !== undefined || !result.live) throw partial(inputs, result.live, result.problem ?? "it is gone");
  return { ...inputs, ...outputsOf(result.live) };
}

/** Removes the app of the state and the groups that it leaves empty; one that is somebody else's by now stays. */
export async function undeploy(id: string, known: AppInputs, config: StackConfig): Promise<void> {
  const { client, group, locks } = connect(known, config);
  const deadline = deadlineOf(known);
  const live = await client.app(id, deadline);
  if (live && !isMarked(live, known)) {
    console.log(`app ${id} of ${known.location} belongs to ${ownerOf(live)} by now and stays`);
    return;
  }
  if (live) {
    const target = appTarget(id);
    const change = (force: boolean) => client.deleteApp(id, force, deadline);
    await despiteLocks(client, target, deadline, change, { policy: locks, patienceSeconds: 0 });
    const left = await removed(client, target, async () => (await client.app(id, deadline)) !== undefined, deadline);
    if (left !== undefined) throw new Error(left);
  }
  await removeEmptyGroups(client, id, group, deadline);
}

function alreadyThere(error: unknown): boolean {
  return error instanceof MarathonError && error.status === 409 && !error.locked;
}

function foreign({ appId, location }: AppInputs, live: LiveApp): string {
  return `app ${appId} exists on ${location} and belongs to ${ownerOf(live)}; choose another id, remove that app, or set adopt to take it over`;
}

function partial(inputs: AppInputs, live: LiveApp | undefined, problem: string): PartialFailure {
  const message = `app ${inputs.appId} on ${inputs.location}: ${problem}`;
  const outputs = live ? outputsOf(live) : NOTHING_LIVE;
  return new PartialFailure(message, { id: inputs.appId, properties: { ...inputs, ...outputs, healthy: false } });
}
