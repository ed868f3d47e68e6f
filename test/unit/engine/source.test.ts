import { describe, expect, it } from "vitest";
import { EngineError } from "../../../engine/errors";
import type { Engine } from "../../../engine/layout";
import { findReady, provideFirst, type Source } from "../../../engine/source";

const engineOf = (pulumi: string): Engine => ({ pulumi, version: "3.218.0", source: "path", env: {} });

function source(label: string, calls: string[], outcome: { ready?: boolean; provide: boolean | Error }): Source {
  return {
    label,
    async ready() {
      calls.push(`${label} ready?`);
      return outcome.ready === true ? engineOf(label) : undefined;
    },
    async provide() {
      calls.push(`${label} provide`);
      if (outcome.provide === true) {
        return engineOf(label);
      }
      throw outcome.provide === false ? new EngineError(`no ${label}`, `get ${label}`) : outcome.provide;
    },
  };
}

describe("the order of the ways to an engine", () => {
  it("what is there already wins, in order, and nothing after it is asked", async () => {
    const calls: string[] = [];
    const sources = [
      source("path", calls, { provide: true }),
      source("download", calls, { ready: true, provide: true }),
      source("build", calls, { ready: true, provide: true }),
    ];
    expect((await findReady(sources))?.pulumi).toBe("download");
    expect(calls).toEqual(["path ready?", "download ready?"]);
  });

  it("nothing there gives nothing, without providing anything", async () => {
    const calls: string[] = [];
    expect(await findReady([source("path", calls, { provide: true })])).toBeUndefined();
    expect(calls).toEqual(["path ready?"]);
  });

  it("a closed way leads to the next one, and says why", async () => {
    const calls: string[] = [];
    const lines: string[] = [];
    const sources = [
      source("path", calls, { provide: false }),
      source("download", calls, { provide: true }),
      source("build", calls, { provide: true }),
    ];
    const engine = await provideFirst(sources, "all", (line) => lines.push(line));
    expect(engine.pulumi).toBe("download");
    expect(calls).toEqual(["path provide", "download provide"]);
    expect(lines).toEqual(["path: no path"]);
  });

  it("when all are closed, the error names for each what is missing and what to do", async () => {
    const sources = ["path", "download", "build"].map((label) => source(label, [], { provide: false }));
    const failure = provideFirst(sources, "Pulumi 3", () => undefined);
    await expect(failure).rejects.toThrow(
      [
        "the engine is not available (Pulumi 3):",
        "- path: no path. To do: get path.",
        "- download: no download. To do: get download.",
        "- build: no build. To do: get build.",
      ].join("\n"),
    );
    await expect(failure).rejects.toHaveProperty("remedy", expect.stringContaining("npm run engine"));
  });

  it("a defect is not taken for a closed way", async () => {
    const calls: string[] = [];
    const sources = [
      source("path", calls, { provide: new TypeError("bug") }),
      source("build", calls, { provide: true }),
    ];
    await expect(provideFirst(sources, "all", () => undefined)).rejects.toThrow("bug");
    expect(calls).toEqual(["path provide"]);
  });
});
