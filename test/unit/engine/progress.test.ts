import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { formatElapsed, reportProgress } from "../../../engine/progress";

describe("a long step", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("is told about at its start, every 15 s with its detail, and at its end", async () => {
    const lines: string[] = [];
    const step = reportProgress(
      (line) => lines.push(line),
      "compiling",
      async (setDetail) => {
        await vi.advanceTimersByTimeAsync(16_000);
        setDetail("7 packages");
        await vi.advanceTimersByTimeAsync(60_000);
        return "made";
      },
    );
    expect(await step).toBe("made");
    expect(lines).toEqual([
      "compiling …",
      "compiling: 15 s",
      "compiling: 30 s, 7 packages",
      "compiling: 45 s, 7 packages",
      "compiling: 1 min 0 s, 7 packages",
      "compiling: 1 min 15 s, 7 packages",
      "compiling: done in 1 min 16 s",
    ]);
  });

  it("is silent after it failed", async () => {
    const lines: string[] = [];
    await expect(
      reportProgress(
        (line) => lines.push(line),
        "step",
        () => Promise.reject(new Error("no")),
      ),
    ).rejects.toThrow("no");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toEqual(["step …"]);
  });

  it.each([
    [400, "0 s"],
    [59_400, "59 s"],
    [60_000, "1 min 0 s"],
    [754_000, "12 min 34 s"],
  ])("%d ms are %s", (milliseconds, text) => {
    expect(formatElapsed(milliseconds)).toBe(text);
  });
});
