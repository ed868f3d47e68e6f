import { Deadline } from "../runtime/deadline";
import type { LiveApp, Task } from "./api";
import type { MarathonClient } from "./client";
import { MarathonError } from "./error";
import { waiting } from "./refusals";

const LONGEST_TEXT = 200;
const MOST_TASKS = 3;

/** Why an app does not come up, as far as Marathon tells, for a person. */
export async function obstacles(
  client: MarathonClient,
  appId: string,
  live: LiveApp | undefined,
  deploymentId: string | undefined,
): Promise<string[]> {
  if (!live) return ["Marathon does not show the app"];
  const counts = `${live.tasksRunning} of ${live.instances} tasks running, ${live.tasksStaged} starting`;
  const health = live.healthChecks?.length ? `, ${live.tasksHealthy} healthy, ${live.tasksUnhealthy} unhealthy` : "";
  const text = (said: string) => shorten(client.clean(said));
  const reasons = [counts + health];
  const queue = await told(() => client.queue(new Deadline(10)));
  const item = queue?.find(({ app }) => app?.id === appId);
  if (item) reasons.push(waiting(item, live));
  const failure = live.lastTaskFailure;
  if (failure) {
    reasons.push(
      `last failure: ${failure.state} on ${failure.host} at ${failure.timestamp}${failure.message ? `: ${text(failure.message)}` : ""}`,
    );
  }
  reasons.push(...some((live.tasks ?? []).flatMap((task) => troubleOf(task, text))));
  if (deploymentId !== undefined) reasons.push(...(await unready(client, appId, deploymentId, text)));
  return reasons;
}

function troubleOf(task: Task, text: (said: string) => string): string[] {
  const where = `task ${task.id} on ${task.host}`;
  if (task.state !== "TASK_RUNNING") return [`${where} is ${task.state}`];
  return (task.healthCheckResults ?? [])
    .filter(({ alive }) => !alive)
    .map(({ consecutiveFailures, lastFailureCause }) => {
      const times = consecutiveFailures ? ` ${consecutiveFailures}× in a row` : "";
      return `${where} fails its health check${times}${lastFailureCause ? `: ${text(lastFailureCause)}` : ""}`;
    });
}

/** The instances that the readiness check keeps the deployment waiting for. */
async function unready(
  client: MarathonClient,
  appId: string,
  deploymentId: string,
  text: (said: string) => string,
): Promise<string[]> {
  const deployments = await told(() => client.deployments(new Deadline(10)));
  const actions = deployments?.find(({ id }) => id === deploymentId)?.currentActions ?? [];
  const results = actions.filter(({ app }) => app === appId).flatMap((action) => action.readinessCheckResults ?? []);
  return some(
    results
      .filter(({ ready }) => !ready)
      .map(({ name, taskId, lastResponse: last }) => {
        const answer = last ? `, it answered ${last.status}${last.body ? `: ${text(last.body)}` : ""}` : "";
        return `task ${taskId} is not ready by readiness check ${name}${answer}`;
      }),
  );
}

/** What Marathon says, unless it does not answer. */
export async function told<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof MarathonError) return undefined;
    throw error;
  }
}

/** The first of many reasons. */
export function some(reasons: readonly string[]): string[] {
  const left = reasons.length - MOST_TASKS;
  return left > 0 ? [...reasons.slice(0, MOST_TASKS), `${left} more like these`] : [...reasons];
}

/** One line of a text, no longer than can be read. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= LONGEST_TEXT ? line : `${line.slice(0, LONGEST_TEXT)}…`;
}
