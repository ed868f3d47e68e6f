import { Deadline } from "../runtime/deadline";
import type { LiveApp } from "./api";
import type { MarathonClient } from "./client";
import { isCurrent, runningTasks } from "./endpoints";
import { MarathonError } from "./error";
import { affectedBy, appTarget, type Target } from "./target";

const PATIENCE_SECONDS = 15;

/**
 * Makes a change although a running deployment may hold what it is about: waits for it, and overrides it once it has had its time if it
 * concerns nothing else, as that of an app which can never start.
 * @param patienceSeconds That time.
 */
export async function despiteLocks<T>(
  client: MarathonClient,
  target: Target,
  deadline: Deadline,
  change: (force: boolean) => Promise<T>,
  patienceSeconds = Math.min(PATIENCE_SECONDS, deadline.seconds / 4),
): Promise<T> {
  const patience = new Deadline(patienceSeconds);
  let holders: readonly string[] = [];
  for (;;) {
    try {
      return await change(false);
    } catch (error) {
      if (!(error instanceof MarathonError)) throw error;
      if (error.locked) holders = error.deployments;
      if (holders.length > 0 && deadline.expired) throw heldTooLong(client, target, holders, deadline);
      if (!error.locked) throw error;
    }
    if (patience.expired && (await holdOnly(client, target, holders, deadline))) return change(true);
    await deadline.sleep(1_000);
  }
}

async function holdOnly(client: MarathonClient, target: Target, ids: readonly string[], deadline: Deadline) {
  if (deadline.expired) return false;
  const holders = (await client.deployments(deadline)).filter(({ id }) => ids.includes(id));
  return holders.length > 0 && holders.every((holder) => affectedBy(holder).every((id) => target.ids.includes(id)));
}

function heldTooLong(
  client: MarathonClient,
  target: Target,
  ids: readonly string[],
  deadline: Deadline,
): MarathonError {
  return new MarathonError({
    status: 409,
    deployments: ids,
    problem: `${target.name} is held by deployment ${ids.join(", ")} of Marathon at ${client.base} for more than ${deadline.seconds} s`,
    remedy: "wait for that deployment or cancel it in Marathon, then run again",
  });
}

/**
 * Ends an app none of whose tasks has ever run with its present definition, if some wait for an agent: Marathon keeps these
 * ahead of the new ones, so that nothing would start as long as they cannot. Scaling to nothing alone takes them away.
 */
export async function clearStuck(client: MarathonClient, app: LiveApp, deadline: Deadline): Promise<void> {
  if (runningTasks(app).some((task) => isCurrent(task, app))) return;
  const waiting = (await client.queue(deadline)).some((item) => item.app?.id === app.id && item.count > 0);
  if (!waiting || app.instances === 0) return;
  await despiteLocks(client, appTarget(app.id), deadline, (force) => client.scaleApp(app.id, 0, force, deadline));
}
