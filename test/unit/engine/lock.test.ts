import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { withLock } from "../../../engine/lock";
import { temporaryFolder } from "./fakes";

const quiet = { log: () => undefined, pollMs: 5 };

function deadPid(): number {
  return spawnSync("true").pid;
}

describe("the lock", () => {
  it("lets one in at a time", async () => {
    const file = join(temporaryFolder(), "cache", "lock");
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(20);
      inside -= 1;
    };
    await Promise.all([1, 2, 3, 4].map(() => withLock(file, quiet, work)));
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it("is released when the work fails", async () => {
    const file = join(temporaryFolder(), "lock");
    await expect(withLock(file, quiet, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(file)).toBe(false);
  });

  it("tells whom it waits for", async () => {
    const file = join(temporaryFolder(), "lock");
    const lines: string[] = [];
    let release = (): void => undefined;
    const held = withLock(file, quiet, () => new Promise<void>((resolve) => (release = resolve)));
    const waiting = withLock(file, { pollMs: 5, log: (line) => lines.push(line) }, async () => undefined);
    await sleep(30);
    release();
    await Promise.all([held, waiting]);
    expect(lines).toEqual([expect.stringContaining(`"pid":${process.pid}`)]);
  });

  it.each([
    ["died", (file: string) => writeFileSync(file, JSON.stringify({ pid: deadPid(), host: hostname() }))],
    [
      "no longer renews it, be it on another machine",
      (file: string) => {
        writeFileSync(file, JSON.stringify({ pid: 1, host: "elsewhere" }));
        utimesSync(file, new Date(0), new Date(0));
      },
    ],
  ])("is taken over when its owner %s", async (_case, leave) => {
    const file = join(temporaryFolder(), "lock");
    leave(file);
    const owner = await withLock(file, quiet, async () => readFileSync(file, "utf8"));
    expect(JSON.parse(owner)).toEqual({ pid: process.pid, host: hostname() });
  });

  it("of another machine is respected while it is renewed", async () => {
    const file = join(temporaryFolder(), "lock");
    writeFileSync(file, JSON.stringify({ pid: deadPid(), host: "elsewhere" }));
    let entered = false;
    const waiting = withLock(file, quiet, async () => {
      entered = true;
    });
    await sleep(50);
    expect(entered).toBe(false);
    utimesSync(file, new Date(0), new Date(0));
    await waiting;
    expect(entered).toBe(true);
  });
});
