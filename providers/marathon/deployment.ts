import { Deadline } from "../runtime/deadline";
import type { LiveApp, QueueItem } from "./api";
import type { Change, MarathonClient } from "./client";
import type { DeploymentEvents } from "./deployment-events";
import { isHealthy } from "./endpoints";
import { MarathonError } from "./error";

const SHORTEST_PAUSE = 200;
const LONGEST_PAUSE = 2_000;
const UNSEEN_POLLS = 3;
/** How long tasks without health checks have to run: for Marathon they are deployed even if they exit at once. */
const STEADY_SECONDS = 3;

/** How a wait ended: the last sight of the app, and why it is not what it should be. */
export interface Settled {
  readonly live: LiveApp | undefined;
  readonly problem?: string;
}

/**
 * Waits until the deployment of a change is over and the app is what it should be. The deployment's absence alone proves
 * nothing: Marathon lists it only after it has answered, and a failed one vanishes like a successful one.
 * @param before Version of the app ahead of the change, which it keeps if there was nothing to change.
 */
export async function settled(
  client: MarathonClient,
  appId: string,
  change: Change,
  before: string | undefined,
  events: DeploymentEvents,
  deadline: Deadline,
): Promise<Settled> {
  let live: LiveApp | undefined;
  let unreachable: MarathonError | undefined;
  let steady: { readonly tasks: string; readonly since: number } | undefined;
  let seen = false;
  let unseen = 0;
  for (let pause = SHORTEST_PAUSE; !deadline.expired; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    try {
      live = await client.app(appId, deadline);
      unreachable = undefined;
    } catch (error) {
      if (!(error instanceof MarathonError) || !(error.transient || deadline.expired)) throw error;
      if (error.transient) unreachable = error;
      await events.pause(pause, deadline);
      continue;
    }
    const running = live?.deployments?.some(({ id }) => id === change.deploymentId) ?? false;
    seen ||= running;
    unseen = running ? 0 : unseen + 1;
    if (!live && unseen >= UNSEEN_POLLS) return { live, problem: "somebody deleted it while it was deployed" };
    const outcome = events.outcome(change.deploymentId);
    const problem = superseded(live, change, before, outcome?.succeeded === false ? outcome.reason : undefined);
    if (problem !== undefined && unseen > 0) return { live, problem };
    const over = !running && (outcome !== undefined || seen || unseen >= UNSEEN_POLLS);
    const current = live?.version === change.version || live?.version === before;
    if (live && over && current && isHealthy(live)) {
      const tasks = JSON.stringify(live.tasks?.map(({ id }) => id).sort());
      if (steady?.tasks !== tasks) steady = { tasks, since: performance.now() };
      if (live.healthChecks?.length || performance.now() - steady.since >= STEADY_SECONDS * 1000) return { live };
    } else {
      steady = undefined;
    }
    await events.pause(pause, deadline);
  }
  const why = unreachable ? [unreachable.message] : await obstacles(client, appId, live);
  return { live, problem: `not up within ${deadline.seconds} s: ${why.join("; ")}` };
}

function superseded(
  live: LiveApp | undefined,
  change: Change,
  before: string | undefined,
  failure: string | undefined,
): string | undefined {
  if (failure !== undefined) return `its deployment was cancelled: ${failure}; somebody else changed the app meanwhile`;
  if (live && live.version !== before && Date.parse(live.version) > Date.parse(change.version)) {
    return `somebody else changed the app while it was deployed (version ${live.version} instead of ${change.version})`;
  }
  return undefined;
}

/** Why an app does not come up, as far as Marathon tells. */
async function obstacles(client: MarathonClient, appId: string, live: LiveApp | undefined): Promise<string[]> {
  if (!live) return ["Marathon does not show the app"];
  const counts = `${live.tasksRunning} of ${live.instances} tasks running, ${live.tasksStaged} starting`;
  const health = live.healthChecks?.length ? `, ${live.tasksHealthy} healthy, ${live.tasksUnhealthy} unhealthy` : "";
  const reasons = [counts + health];
  try {
    const queue = await client.queue(new Deadline(10));
    const item = queue.find(({ app }) => app?.id === appId);
    if (item) reasons.push(waiting(item));
  } catch (error) {
    if (!(error instanceof MarathonError)) throw error;
  }
  const failure = live.lastTaskFailure;
  if (failure) {
    reasons.push(
      `last failure: ${failure.state} on ${failure.host} at ${failure.timestamp}: ${client.clean(failure.message)}`,
    );
  }
  return reasons;
}

function waiting({ count, delay, processedOffersSummary: offers }: QueueItem): string {
  const start = `${count} waiting to be launched`;
  if (!delay.overdue) return `${start}, next attempt in ${delay.timeLeftSeconds} s because of earlier failures`;
  if (!offers || offers.processedOffersCount === 0) return `${start}, no agent has offered resources yet`;
  const declined = (offers.rejectSummaryLastOffers ?? []).filter(({ declined }) => declined > 0);
  const why = declined.map(({ reason, declined }) => `${reason} ${declined}×`).join(", ");
  return `${start}, ${offers.unusedOffersCount} of ${offers.processedOffersCount} offers did not fit${why && ` (last: ${why})`}`;
}

/** Waits until the app is gone and nothing of it runs any more. Returns what is left at the deadline. */
export async function removed(client: MarathonClient, appId: string, deadline: Deadline): Promise<string | undefined> {
  for (let pause = SHORTEST_PAUSE; !deadline.expired; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const live = await client.app(appId, deadline);
    if (!live) {
      const stopping = (await client.deployments(deadline)).filter(({ affectedApps }) => affectedApps.includes(appId));
      if (stopping.length === 0) return undefined;
    }
    await deadline.sleep(pause);
  }
  return `app ${appId} was not gone within ${deadline.seconds} s: Marathon at ${client.base} still stops its tasks; run again`;
}
