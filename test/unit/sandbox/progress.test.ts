import { describe, expect, it } from "vitest";
import { elapsed, step, waitFor } from "../../../sandbox/progress";
import { SandboxError } from "../../../sandbox/sandbox-error";

describe("elapsed", () => {
  it.each([
    [420, "0.4 s"],
    [9_949, "9.9 s"],
    [37_400, "37 s"],
    [125_000, "2 min 05 s"],
    [119_700, "2 min 00 s"],
  ])("writes %i ms as %s", (milliseconds, text) => {
    expect(elapsed(milliseconds)).toBe(text);
  });
});

describe("step", () => {
  it("says what was done and gives the result", async () => {
    const lines: string[] = [];
    expect(
      await step(
        (line) => lines.push(line),
        "count",
        async () => 3,
      ),
    ).toBe(3);
    expect(lines).toEqual([expect.stringMatching(/^count: \d/)]);
  });

  it("does not call a failed step done", async () => {
    const lines: string[] = [];
    const failed = step(
      (line) => lines.push(line),
      "count",
      async () => {
        throw new Error("no");
      },
    );
    await expect(failed).rejects.toThrow("no");
    expect(lines).toEqual([]);
  });
});

describe("waitFor", () => {
  it("asks until there is an answer", async () => {
    let asked = 0;
    const answer = waitFor("it", { timeoutMs: 10_000, remedy: "look" }, async () =>
      ++asked === 2 ? asked : undefined,
    );
    expect(await answer).toBe(2);
  });

  it("names what it waited for, the last failure and what to do", async () => {
    const waiting = waitFor("the server", { timeoutMs: 0, remedy: "see its log" }, async () => {
      throw new Error("connection refused");
    });
    await expect(waiting).rejects.toThrow("the server is not there after 0.0 s (connection refused); see its log");
  });

  it("ends at once when waiting cannot help", async () => {
    const waiting = waitFor("the server", { timeoutMs: 600_000, remedy: "" }, async () => {
      throw new SandboxError("it stopped");
    });
    await expect(waiting).rejects.toThrow("it stopped");
  });
});
