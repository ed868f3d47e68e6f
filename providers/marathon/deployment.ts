import type { Deadline } from "../runtime/deadline";
import type { Change, MarathonClient } from "./client";
import { MarathonError } from "./error";
import type { EventFeed } from "./event-feed";
import { affectedBy, type Target } from "./target";

const SHORTEST_PAUSE = 200;
const LONGEST_PAUSE = 2_000;
/** While the event stream is open, looks are for what it lost. */
const SHORTEST_PAUSE_WITH_EVENTS = 1_000;
const LONGEST_PAUSE_WITH_EVENTS = 10_000;
const LAST_LOOK = 500;
const UNSEEN_POLLS = 3;
/** How long tasks without health checks have to run: for Marathon they are deployed even if they exit at once. */
const STEADY = 3_000;

/** What is deployed, as its wait sees it. `T` is what Marathon shows of it. */
export interface Watched<T> {
  readonly noun: "app" | "pod";
  look(deadline: Deadline): Promise<T | undefined>;
  version(live: T): string;
  /** Ids of the running deployments that concern it. */
  deployments(live: T): readonly string[];
  /** Whether it has the definition that was sent. A change that was taken twice has another version than was told. */
  isWanted(live: T): boolean;
  /** Whether all instances run with the present definition and pass what health checks there are. */
  isUp(live: T): boolean;
  hasHealthChecks(live: T): boolean;
  /** Ids of what runs. */
  tasks(live: T): readonly string[];
  /** Why it does not come up, as far as Marathon tells. */
  obstacles(live: T | undefined, deploymentId: string | undefined): Promise<readonly string[]>;
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
  events: EventFeed,
  deadline: Deadline,
): Promise<Settled<T>> {
  let live: T | undefined;
  let unreachable: MarathonError | undefined;
  let steady: { readonly tasks: string; readonly since: number } | undefined;
  let seen = false;
  let unseen = 0;
  for (let pause = SHORTEST_PAUSE; !deadline.expired; pause *= 1.5) {
    const told = unseen === 0 && events.tells(change.deploymentId);
    pause = Math.min(
      Math.max(pause, told ? SHORTEST_PAUSE_WITH_EVENTS : 0),
      told ? LONGEST_PAUSE_WITH_EVENTS : LONGEST_PAUSE,
    );
    const rest = steady ? Math.max(0, steady.since + STEADY - performance.now()) : pause;
    const untilLastLook = Math.max(SHORTEST_PAUSE, deadline.remaining - LAST_LOOK);
    await events.pause(Math.min(rest, untilLastLook), deadline, change.deploymentId);
    try {
      live = await watched.look(deadline);
      unreachable = undefined;
    } catch (error) {
      if (!(error instanceof MarathonError) || !(error.transient || deadline.expired)) throw error;
      if (error.transient) unreachable = error;
      continue;
    }
    const running = live !== undefined && watched.deployments(live).some((id) => id === change.deploymentId);
    seen ||= running;
    unseen = running ? 0 : unseen + 1;
    const outcome = events.outcome(change.deploymentId);
    const version = live && watched.version(live);
    const kept = live !== undefined && (version === before || watched.isWanted(live));
    const failure = outcome?.succeeded === false ? outcome.reason : undefined;
    const problem = superseded(watched.noun, version, kept, change, failure, unseen);
    if (problem !== undefined) return { live, problem };
    const over = !running && (outcome !== undefined || seen || unseen >= UNSEEN_POLLS);
    if (live && over && (kept || version === change.version) && watched.isUp(live)) {
      const tasks = JSON.stringify([...watched.tasks(live)].sort());
      if (steady?.tasks !== tasks) steady = { tasks, since: performance.now() };
      if (watched.hasHealthChecks(live) || performance.now() - steady.since >= STEADY) return { live };
    } else {
      steady = undefined;
    }
  }
  const why = unreachable ? [unreachable.message] : await watched.obstacles(live, change.deploymentId);
  const remedy = "; mend what is named, or raise timeoutSeconds, and run again";
  return { live, problem: `not up within ${deadline.seconds} s: ${why.join("; ")}${unreachable ? "" : remedy}` };
}

/** Why it makes no sense to wait any longer. */
function superseded(
  noun: string,
  version: string | undefined,
  kept: boolean,
  change: Change,
  failure: string | undefined,
  unseen: number,
): string | undefined {
  const again = "; run again to bring back what the stack wants";
  if (version === undefined) {
    return unseen >= UNSEEN_POLLS ? `somebody deleted it while it was deployed${again}` : undefined;
  }
  if (!kept && unseen > 0 && Date.parse(version) > Date.parse(change.version)) {
    return `somebody else changed the ${noun} while it was deployed (version ${version} instead of ${change.version})${again}`;
  }
  // A leader that resigns ends its deployments as failed, and the next one goes on with them.
  if (failure !== undefined && unseen >= UNSEEN_POLLS) {
    return `its deployment was cancelled: ${failure}; somebody else changed the ${noun} meanwhile${again}`;
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
