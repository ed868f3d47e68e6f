import { attemptsOn } from "./attempts";
import type { Deployed } from "./deployed";
import { limit } from "./limit";
import { type Attempt, type Origin, OUTSIDE, type Outcome } from "./model";
import { canBeEntered, originOf } from "./origins";
import { OutsideOrigin, ownAddress } from "./outside-origin";

/** Connections at a time. */
const AT_ONCE = 12;

/** What was tried. */
interface Tried {
  readonly outcomes: readonly Outcome[];
  /** Ids of services that nothing can be tried from, since there is no way into them. */
  readonly closed: readonly string[];
}

/**
 * Tries every connection that the services of a stack could make among each other, and those from here to them.
 * @param ports Further ports to try at every service.
 * @throws Error if a service that should run does not let itself be entered.
 */
export async function tryMatrix(deployed: Deployed, ports: readonly number[]): Promise<Tried> {
  const attempts = await attemptsOn(deployed, { ports, ownAddress });
  const limited = limit(AT_ONCE);
  const open = deployed.plan.services.filter((placed) => canBeEntered(placed, deployed));
  const closed = deployed.plan.services.filter((placed) => !open.includes(placed)).map(({ service }) => service.id);
  const origins: Origin[] = [];
  try {
    const opened = await Promise.allSettled(
      open.map(async (placed) => {
        const origin = await limited(() => originOf(placed, deployed, limited));
        origins.push(origin);
        return [placed.service.id, origin] as const;
      }),
    );
    const byName = new Map<string, Origin>([[OUTSIDE, new OutsideOrigin(limited)], ...all(opened)]);
    const outcomes = await Promise.allSettled(
      [...byName].map(([name, origin]) =>
        connect(
          origin,
          attempts.filter(({ from }) => from === name),
        ),
      ),
    );
    return { outcomes: all(outcomes).flat(), closed };
  } finally {
    await Promise.all(origins.map((origin) => origin.close()));
  }
}

async function connect(origin: Origin, attempts: readonly Attempt[]): Promise<Outcome[]> {
  const connected = await origin.connect(attempts);
  return attempts.map((attempt, index) => ({ ...attempt, connected: connected[index] === true }));
}

/** The values of work that is all done; what failed is told together. */
function all<T>(results: readonly PromiseSettledResult<T>[]): T[] {
  const reasons = results.flatMap((result) =>
    result.status === "rejected"
      ? [result.reason instanceof Error ? result.reason.message : String(result.reason)]
      : [],
  );
  if (reasons.length > 0) {
    throw new Error(reasons.join("\n"));
  }
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
