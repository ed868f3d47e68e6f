import { beforeAll, describe, expect, it } from "vitest";
import { readDisagreements, readRecording } from "./recording";
import { type Report, report, scenarioLine } from "./report";
import { playInSandbox, type Result } from "./run";

let results: Result[];
let outcome: Report;

beforeAll(async () => {
  const recording = await readRecording();
  results = await Promise.all(recording.map(playInSandbox));
  outcome = report(results, await readDisagreements(), recording);
  console.log([...results.map(scenarioLine), ...outcome.lines].join("\n"));
});

describe("the sandbox's server answers as the recorded Marathon", () => {
  it("and no row that disagrees is unlisted, nor a listed one needless", () => {
    expect(outcome.failures).toEqual([]);
  });

  it("in all 679 rows, but for those that are listed", async () => {
    const listed = Object.keys(await readDisagreements()).length;
    expect(outcome.rows).toBe(679);
    expect(outcome.agreeing).toBe(679 - listed);
  });
});
