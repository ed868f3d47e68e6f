import { setTimeout as delay } from "node:timers/promises";

/** A point in time by which an operation has to be done. The clock starts when it is made. */
export class Deadline {
  readonly seconds: number;
  /** Aborts at the deadline; hand it to every request. */
  readonly signal: AbortSignal;
  readonly #end: number;

  constructor(seconds: number) {
    this.seconds = seconds;
    this.#end = performance.now() + seconds * 1000;
    this.signal = AbortSignal.timeout(Math.ceil(seconds * 1000));
  }

  /** Milliseconds left, never negative. */
  get remaining(): number {
    return Math.max(0, this.#end - performance.now());
  }

  get expired(): boolean {
    return this.remaining === 0;
  }

  /** Resolves after `milliseconds`, or at the deadline if that is sooner, or as soon as `wake` aborts. */
  async sleep(milliseconds: number, wake?: AbortSignal): Promise<void> {
    await delay(Math.min(milliseconds, this.remaining), undefined, wake ? { signal: wake } : {}).catch((error) => {
      if (!wake?.aborted) throw error;
    });
  }
}
