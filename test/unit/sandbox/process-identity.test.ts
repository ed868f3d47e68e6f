import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { descendants, endHard, identify, isRunning, listProcesses } from "../../../sandbox/engine/process-identity";

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

  it("ends exactly that process and no later one with the same id", async () => {
    const child = spawn("sleep", ["60"]);
    const identity = await identify(child.pid ?? 0);
    if (!identity) throw new Error("it does not run");
    await endHard({ ...identity, startTime: `${Number(identity.startTime) - 1}` });
    expect(await isRunning(identity)).toBe(true);
    const exit = once(child, "exit");
    await endHard(identity);
    expect(await exit).toEqual([null, "SIGKILL"]);
    await endHard(identity);
  });

  it("lists processes with those that made them", async () => {
    const child = spawn("sleep", ["60"]);
    const below = descendants(await listProcesses(), process.pid).map(({ pid }) => pid);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(below).toContain(child.pid);
    expect(below).not.toContain(process.pid);
  });
});

it("finds what is below a process, at any depth, and nothing beside it", () => {
  const all = [
    { pid: 1, parent: 0 },
    { pid: 7, parent: 5 },
    { pid: 5, parent: 4 },
    { pid: 4, parent: 1 },
    { pid: 6, parent: 1 },
  ];
  expect(descendants(all, 4).map(({ pid }) => pid)).toEqual([5, 7]);
  expect(descendants(all, 7)).toEqual([]);
});
