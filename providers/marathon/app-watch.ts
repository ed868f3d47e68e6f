import { Deadline } from "../runtime/deadline";
import type { LiveApp, QueueItem } from "./api";
import type { MarathonClient } from "./client";
import type { Watched } from "./deployment";
import { isHealthy } from "./endpoints";
import { MarathonError } from "./error";

/** An app as its deployment is watched. */
export function watchedApp(
  client: MarathonClient,
  appId: string,
  look = (deadline: Deadline) => client.app(appId, deadline),
): Watched<LiveApp> {
  return {
    noun: "app",
    look,
    version: ({ version }) => version,
    deployments: ({ deployments = [] }) => deployments.map(({ id }) => id),
    isUp: isHealthy,
    hasHealthChecks: ({ healthChecks = [] }) => healthChecks.length > 0,
    tasks: ({ tasks = [] }) => tasks.map(({ id }) => id),
    obstacles: (live) => obstacles(client, appId, live),
  };
}

async function obstacles(client: MarathonClient, appId: string, live: LiveApp | undefined): Promise<string[]> {
  if (!live) return ["Marathon does not show the app"];
  const counts = `${live.tasksRunning} of ${live.instances} tasks running, ${live.tasksStaged} starting`;
  const health = live.healthChecks?.length ? `, ${live.tasksHealthy} healthy, ${live.tasksUnhealthy} unhealthy` : "";
  const reasons = [counts + health];
  reasons.push(...(await waitingFor(client, ({ app }) => app?.id === appId)));
  const failure = live.lastTaskFailure;
  if (failure) {
    reasons.push(
      `last failure: ${failure.state} on ${failure.host} at ${failure.timestamp}: ${client.clean(failure.message)}`,
    );
  }
  return reasons;
}

/** What Marathon's queue tells about what has no agent yet; nothing if it cannot be asked. */
async function waitingFor(client: MarathonClient, wanted: (item: QueueItem) => boolean): Promise<string[]> {
  try {
    const item = (await client.queue(new Deadline(10))).find(wanted);
    return item ? [waiting(item)] : [];
  } catch (error) {
    if (!(error instanceof MarathonError)) throw error;
    return [];
  }
}

function waiting({ count, delay, processedOffersSummary: offers }: QueueItem): string {
  const start = `${count} waiting to be launched`;
  if (!delay.overdue) return `${start}, next attempt in ${delay.timeLeftSeconds} s because of earlier failures`;
  if (!offers || offers.processedOffersCount === 0) return `${start}, no agent has offered resources yet`;
  const declined = (offers.rejectSummaryLastOffers ?? []).filter(({ declined }) => declined > 0);
  const why = declined.map(({ reason, declined }) => `${reason} ${declined}×`).join(", ");
  return `${start}, ${offers.unusedOffersCount} of ${offers.processedOffersCount} offers did not fit${why && ` (last: ${why})`}`;
}
