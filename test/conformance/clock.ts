import { setTimeout as delay } from "node:timers/promises";

/** What the player waits by; milliseconds. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const wallClock: Clock = { now: () => performance.now(), sleep: (milliseconds) => delay(milliseconds) };
