import { SandboxError } from "./sandbox-error";

/** Takes one line of progress. */
export type Log = (line: string) => void;

/** Replaces the detail that the next heartbeat shows, e.g. the current step of a build. */
export type Note = (detail: string) => void;

const HEARTBEAT_MS = 10_000;
const SHORT_MS = 1_000;

/** Seconds with one decimal below ten, minutes from 100 s on: `0.4 s`, `37 s`, `2 min 05 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** Runs one step and reports its beginning, every ten seconds its detail, and how long it took. */
export async function step<T>(log: Log, title: string, work: (note: Note) => Promise<T>): Promise<T> {
  const begun = Date.now();
  let detail = "";
  let announced = false;
  const announce = setTimeout(() => {
    announced = true;
    log(`${title} …`);
  }, SHORT_MS);
  const heartbeat = setInterval(() => {
    log(`${title} … ${elapsed(Date.now() - begun)}${detail ? `: ${detail}` : ""}`);
  }, HEARTBEAT_MS);
  try {
    const result = await work((text) => {
      detail = text;
    });
    log(`${title}: ${announced ? "done in " : ""}${elapsed(Date.now() - begun)}`);
    return result;
  } finally {
    clearTimeout(announce);
    clearInterval(heartbeat);
  }
}

/** Asks again every half second until `probe` gives a value; the error names what was waited for and the last failure. */
export async function waitFor<T>(
  what: string,
  limits: { readonly timeoutMs: number; readonly remedy: string },
  probe: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + limits.timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      if (error instanceof SandboxError) throw error;
      last = error;
    }
    if (Date.now() >= deadline) {
      const why = last instanceof Error ? ` (${last.message})` : "";
      throw new SandboxError(`${what} is not there after ${elapsed(limits.timeoutMs)}${why}; ${limits.remedy}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
