import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { guarded } from "./interrupts";
import { isAlive } from "./processes";

interface Owner {
  readonly pid: number;
  readonly host: string;
}

const heartbeatMs = 5_000;
const staleAfterMs = 60_000;
const reportEveryMs = 15_000;

export interface LockOptions {
  readonly log: (line: string) => void;
  readonly pollMs?: number;
}

/**
 * Runs `work` while no other process runs one under the same lock file. A lock whose owner died, or stopped renewing it, is
 * taken over. Two owners at once can then do the same work twice, never harm each other: what they make is renamed into place.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const owner: Owner = { pid: process.pid, host: hostname() };
  const text = JSON.stringify(owner);
  mkdirSync(dirname(file), { recursive: true });
  await acquire(file, text, options);
  const renew = setInterval(() => touch(file), heartbeatMs);
  renew.unref();
  const release = (): void => {
    clearInterval(renew);
    if (read(file) === text) {
      rmSync(file, { force: true });
    }
  };
  try {
    return await guarded(release, work);
  } finally {
    release();
  }
}

async function acquire(file: string, text: string, options: LockOptions): Promise<void> {
  let reported = 0;
  for (;;) {
    try {
      writeFileSync(file, text, { flag: "wx" });
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
        throw error;
      }
    }
    if (isStale(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (Date.now() - reported >= reportEveryMs) {
      reported = Date.now();
      options.log(`another process prepares the engine (${read(file) ?? "just finished"}); waiting for it`);
    }
    await sleep(options.pollMs ?? 500);
  }
}

function isStale(file: string): boolean {
  let age: number;
  try {
    age = Date.now() - statSync(file).mtimeMs;
  } catch {
    return false;
  }
  if (age > staleAfterMs) {
    return true;
  }
  const owner = parseOwner(read(file));
  return owner !== undefined && owner.host === hostname() && !isAlive(owner.pid);
}

function parseOwner(text: string | undefined): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && "pid" in value && "host" in value
      ? { pid: Number(value.pid), host: String(value.host) }
      : undefined;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Taken over by another process: it renews from now on.
  }
}
