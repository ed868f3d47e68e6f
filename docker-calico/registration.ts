import { setTimeout as delay } from "node:timers/promises";
import { type Log, reasonOf } from "./log";
import type { Call } from "./plugin-server";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/** Does once what has to succeed before Docker is served, however often it fails. */
export class Registration {
  readonly #log: Log;
  readonly #signal: AbortSignal;
  readonly #ended: Promise<void>;
  #done = false;
  #problem = "it has only begun";

  /** Begins with `work`; ends without success when `signal` aborts. */
  constructor(work: () => Promise<void>, log: Log, signal: AbortSignal) {
    this.#log = log;
    this.#signal = signal;
    this.#ended = this.#repeat(work);
  }

  /** False if it was aborted before. */
  async succeeded(): Promise<boolean> {
    await this.#ended;
    return this.#done;
  }

  /** The same calls, which wait for the registration, at most so long; then they fail with its reason. */
  gate(calls: Readonly<Record<string, Call>>, seconds: number): Readonly<Record<string, Call>> {
    const gated = Object.entries(calls).map(([name, call]): [string, Call] => {
      return [
        name,
        async (body) => {
          if (!this.#done) await this.#wait(seconds);
          return call(body);
        },
      ];
    });
    return Object.fromEntries(gated);
  }

  async #wait(seconds: number): Promise<void> {
    const limit = new AbortController();
    await Promise.race([
      this.#ended,
      delay(seconds * 1000, undefined, { signal: limit.signal }).catch(() => undefined),
    ]);
    limit.abort();
    if (!this.#done) throw new Error(`this host is not a node of Calico yet: ${this.#problem}`);
  }

  async #repeat(work: () => Promise<void>): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !this.#signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await work();
        this.#done = true;
        return;
      } catch (error) {
        this.#problem = reasonOf(error);
        this.#log.error("the node cannot be registered yet", { error: this.#problem });
        await delay(pause, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
  }
}
