import type { Deadline } from "../runtime/deadline";
import type { Change, MarathonClient } from "./client";
import type { DeploymentEvents } from "./deployment-events";
import { MarathonError } from "./error";
import { affectedBy, type Target } from "./target";

const SHORTEST_PAUSE = 200;
const LONGEST_PAUSE = 2_000;
const UNSEEN_POLLS = 3;
/** How long tasks without health checks have to run: for Marathon they are deployed even if they exit at once. */
const STEADY_SECONDS = 3;

/** What is deployed, as its wait sees it. `T` is what Marathon shows of it. */
export interface Watched<T> {
  readonly noun: "app" | "pod";
  look(deadline: Deadline): Promise<T | undefined>;
  version(live: T): string;
  /** Ids of the running deployments that concern it. */
  deployments(live: T): readonly string[];
  /** Whether all instances run with the present definition and pass what health checks there are. */
  isUp(live: T): boolean;
  hasHealthChecks(live: T): boolean;
  /** Ids of what runs. */
  tasks(live: T): readonly string[];
  /** Why it does not come up, as far as Marathon tells. */
  obstacles(live: T | undefined): Promise<readonly string[]>;
}

/** How a wait ended: the last sight of what is deployed, and why it is not what it should be. */
export interface Settled<T> {
  readonly live: T | undefined;
  readonly problem?: string;
}

/**
 * Waits until the deployment of a change is over and what it deploys is what it should be. The deployment's absence alone
 * proves nothing: Marathon lists it only after it has answered, and a failed one vanishes like a successful one.
 * @param before Version ahead of the change, which is kept if there was nothing to change.
 */
export async function settled<T>(
  watched: Watched<T>,
  change: Change,
  before: string | undefined,
  events: DeploymentEvents,
  deadline: Deadline,
): Promise<Settled<T>> {
  let live: T | undefined;
  let unreachable: MarathonError | undefined;
  let steady: { readonly tasks: string; readonly since: number } | undefined;
  let seen = false;
  let unseen = 0;
  for (let pause = SHORTEST_PAUSE; !deadline.expired; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    try {
      live = await watched.look(deadline);
      unreachable = undefined;
    } catch (error) {
      if (!(error instanceof MarathonError) || !(error.transient || deadline.expired)) throw error;
      if (error.transient) unreachable = error;
      await events.pause(pause, deadline);
      continue;
    }
    const running = live !== undefined && watched.deployments(live).some((id) => id === change.deploymentId);
    seen ||= running;
    unseen = running ? 0 : unseen + 1;
    if (!live && unseen >= UNSEEN_POLLS) return { live, problem: "somebody deleted it while it was deployed" };
    const outcome = events.outcome(change.deploymentId);
    const version = live && watched.version(live);
    const failure = outcome?.succeeded === false ? outcome.reason : undefined;
    const problem = superseded(watched.noun, version, change, before, failure);
    if (problem !== undefined && unseen > 0) return { live, problem };
    const over = !running && (outcome !== undefined || seen || unseen >= UNSEEN_POLLS);
    const current = version === change.version || version === before;
    if (live && over && current && watched.isUp(live)) {
      const tasks = JSON.stringify([...watched.tasks(live)].sort());
      if (steady?.tasks !== tasks) steady = { tasks, since: performance.now() };
      const lasting = performance.now() - steady.since >= STEADY_SECONDS * 1000;
      if (watched.hasHealthChecks(live) || lasting) return { live };
    } else {
      steady = undefined;
    }
    await events.pause(pause, deadline);
  }
  const why = unreachable ? [unreachable.message] : await watched.obstacles(live);
  return { live, problem: `not up within ${deadline.seconds} s: ${why.join("; ")}` };
}

function superseded(
  noun: string,
  version: string | undefined,
  change: Change,
  before: string | undefined,
  failure: string | undefined,
): string | undefined {
  if (failure !== undefined) {
    return `its deployment was cancelled: ${failure}; somebody else changed the ${noun} meanwhile`;
  }
  if (version !== undefined && version !== before && Date.parse(version) > Date.parse(change.version)) {
    return `somebody else changed the ${noun} while it was deployed (version ${version} instead of ${change.version})`;
  }
  return undefined;
}

/** Waits until it does not exist and nothing of it runs any more. Returns what is left at the deadline. */
export async function removed(
  client: MarathonClient,
  target: Target,
  exists: () => Promise<boolean>,
  deadline: Deadline,
): Promise<string | undefined> {
  for (let pause = SHORTEST_PAUSE; !deadline.expired; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    if (!(await exists())) {
      const running = (await client.deployments(deadline)).flatMap(affectedBy);
      if (!running.some((id) => target.ids.includes(id))) return undefined;
    }
    await deadline.sleep(pause);
  }
  return `${target.name} was not gone within ${deadline.seconds} s: Marathon at ${client.base} still stops its tasks; run again`;
}
