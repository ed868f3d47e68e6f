import { createHash } from "node:crypto";
import { overlap, parseRange, type Range, rangeText, sizeOf } from "./ipam/ipv4";

/** A range that is not to be had, and whose it is. */
export interface Taken {
  readonly range: Range;
  readonly by: string;
}

const SHOWN = 8;

/**
 * The range of an owner out of a pool: where its owner's name points to if that is free, else the next free one.
 * @throws Error that says whose the ranges are and what to do if none is free.
 */
export function chooseRange(pool: string, prefixLength: number, owner: string, taken: readonly Taken[]): string {
  const whole = parseRange(pool);
  if (!whole || prefixLength < whole.prefix) throw new Error(`${pool} holds no range of /${prefixLength}`);
  const count = 2 ** (prefixLength - whole.prefix);
  const start = createHash("sha256").update(owner).digest().readUIntBE(0, 6) % count;
  const size = sizeOf({ first: 0, prefix: prefixLength });
  const within = taken.filter(({ range }) => overlap(range, whole));
  for (let step = 0; step < count; step++) {
    const candidate: Range = { first: whole.first + ((start + step) % count) * size, prefix: prefixLength };
    if (!within.some(({ range }) => overlap(range, candidate))) return rangeText(candidate);
  }
  throw new Error(
    `${pool} has no free range of /${prefixLength} for ${owner}: its ${count} are taken by ${summary(within)}. Destroy stacks that are not needed, choose a greater prefix length for ranges (clocker:network.calico.rangePrefix), or give a larger pool (clocker:network.calico.pool)`,
  );
}

function summary(taken: readonly Taken[]): string {
  const names = [...new Set(taken.map(({ by }) => by))].sort();
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${names.slice(0, SHOWN).join(", ")}${more}`;
}
