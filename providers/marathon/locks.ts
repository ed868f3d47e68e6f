import { Deadline } from "../runtime/deadline";
import type { Deployment, LiveApp } from "./api";
import type { MarathonClient } from "./client";
import { isCurrent, runningTasks } from "./endpoints";
import { MarathonError } from "./error";
import type { LockPolicy } from "./location";
import { once } from "./once";
import { affectedBy, type Target } from "./target";

const PATIENCE_SECONDS = 15;
const PAUSE = 1_000;

/** What may be done about running deployments that hold an app. */
interface Override {
  readonly policy?: LockPolicy;
  /** Whether one that concerns nothing else is cancelled after a while even so, as it may never end by itself; default true. */
  readonly own?: boolean;
  /** That while; default a quarter of the time limit, 15 seconds at most. */
  readonly patienceSeconds?: number;
}

/** Makes a change although a running deployment may hold what it is about: waits for it, or cancels it as far as that is allowed. */
export async function despiteLocks<T>(
  client: MarathonClient,
  target: Target,
  deadline: Deadline,
  change: (force: boolean) => Promise<T>,
  { policy = "wait", own = true, patienceSeconds = Math.min(PATIENCE_SECONDS, deadline.seconds / 4) }: Override = {},
): Promise<T> {
  const patience = new Deadline(patienceSeconds);
  let holders: readonly string[] = [];
  for (;;) {
    try {
      return await change(false);
    } catch (error) {
      if (!(error instanceof MarathonError)) throw error;
      if (error.locked) holders = error.deployments;
      if (holders.length > 0 && deadline.expired) throw await heldTooLong(client, target, holders, deadline);
      if (!error.locked) throw error;
    }
    if (policy === "force") return change(true);
    if (own && patience.expired && (await holdOnly(client, target, holders, deadline))) return change(true);
    await deadline.sleep(PAUSE);
  }
}

async function holdOnly(client: MarathonClient, target: Target, ids: readonly string[], deadline: Deadline) {
  if (deadline.expired) return false;
  const holders = (await client.deployments(deadline)).filter(({ id }) => ids.includes(id));
  return holders.length > 0 && holders.every((holder) => affectedBy(holder).every((id) => target.ids.includes(id)));
}

async function heldTooLong(
  client: MarathonClient,
  target: Target,
  ids: readonly string[],
  deadline: Deadline,
): Promise<MarathonError> {
  const running = await client.deployments(new Deadline(10)).catch((): readonly Deployment[] => []);
  const holders = ids.map((id) =>
    nameOf(
      id,
      running.find((deployment) => deployment.id === id),
    ),
  );
  return new MarathonError({
    status: 409,
    deployments: ids,
    problem: `${target.name} is held by ${holders.join(" and ")} of Marathon at ${client.base} for more than ${deadline.seconds} s`,
    remedy:
      "wait for that deployment or cancel it in Marathon, then run again; locks: force in the settings of the location cancels such deployments",
  });
}

function nameOf(id: string, deployment: Deployment | undefined): string {
  if (!deployment) return `deployment ${id}`;
  const { currentStep, totalSteps } = deployment;
  const step = currentStep === undefined ? "" : `, in step ${currentStep} of ${totalSteps}`;
  return `deployment ${id} (of ${affectedBy(deployment).join(", ")}${step})`;
}

/**
 * Ends an app none of whose tasks has ever run with its present definition, if some wait for an agent: Marathon keeps these
 * ahead of the new ones, so that nothing would start as long as they cannot. Scaling to nothing alone takes them away.
 * @param own Apps and pods that a deployment may concern which is cancelled for it.
 */
export async function clearStuck(
  client: MarathonClient,
  app: LiveApp,
  policy: LockPolicy,
  deadline: Deadline,
  own: readonly string[] = [app.id],
): Promise<void> {
  if (runningTasks(app).some((task) => isCurrent(task, app))) return;
  const waiting = (await client.queue(deadline)).some((item) => item.app?.id === app.id && item.count > 0);
  if (!waiting || app.instances === 0) return;
  const scaled = async () => ((await client.app(app.id, deadline))?.instances === 0 ? true : undefined);
  const scale = async (force: boolean) => Boolean(await client.scaleApp(app.id, 0, force, deadline));
  const change = (force: boolean) => once(deadline, () => scale(force), scaled);
  await despiteLocks(client, { name: `app ${app.id}`, ids: own }, deadline, change, { policy });
}
