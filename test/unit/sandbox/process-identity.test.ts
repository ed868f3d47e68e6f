import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { identify, isRunning } from "../../../sandbox/engine/process-identity";

describe.runIf(process.platform === "linux")("process identity", () => {
  it("knows a process that runs, and that it ended", async () => {
    const child = spawn("sleep", ["60"]);
    const identity = await identify(child.pid ?? 0);
    expect(identity).toBeDefined();
    if (!identity) return;
    expect(await isRunning(identity)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await isRunning(identity)).toBe(false);
  });

  it("does not take a later process with the same id for it", async () => {
    const identity = await identify(process.pid);
    expect(await isRunning({ pid: process.pid, startTime: `${Number(identity?.startTime) - 1}` })).toBe(false);
  });
});
