import { beforeAll, describe, expect, it } from "vitest";
import { readDisagreements, readRecording } from "./recording";
import { type Report, report, scenarioLine } from "./report";
import { playInSandbox, type Result } from "./run";

const recording = await readRecording();
let results: Result[];
let outcome: Report;

beforeAll(async () => {
  results = await Promise.all(recording.map(playInSandbox));
  outcome = report(results, await readDisagreements(), recording);
  console.log([...results.map(scenarioLine), ...outcome.lines].join("\n"));
});

describe("the sandbox's server answers as the recorded Marathon", () => {
  it.each(recording.map(({ name }) => name))("in every row of %s that is not listed as unable to", (name) => {
    expect(outcome.failures.filter((failure) => failure.startsWith(`${name}/`))).toEqual([]);
  });

  it("in all 679 rows, but for those that are listed", async () => {
    const listed = Object.keys(await readDisagreements()).length;
    expect(outcome.failures).toEqual([]);
    expect(outcome.rows).toBe(679);
    expect(outcome.agreeing).toBe(679 - listed);
  });
});
