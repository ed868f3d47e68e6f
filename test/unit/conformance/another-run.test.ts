import { beforeAll, describe, expect, it } from "vitest";
import { type RecordedResponse, readRecording, type Scenario } from "../../conformance/recording";
import { IDENTIFIERS } from "../../conformance/rules";
import { playRecorded } from "./recorded-server";

let recording: Scenario[];

beforeAll(async () => {
  recording = await readRecording();
});

async function differencesOf(change: (scenario: Scenario) => (response: RecordedResponse) => RecordedResponse) {
  const all = await Promise.all(recording.map((scenario) => playRecorded(scenario, change(scenario))));
  return all.flatMap((differences) => [...differences]);
}

describe("the player lets pass", () => {
  it("the recording itself", async () => {
    expect(await differencesOf(() => (response) => response)).toEqual([]);
  });

  it("the same answers with other ids, versions and times", async () => {
    expect(await differencesOf(({ rows }) => renamed(namesOfRequests(rows)))).toEqual([]);
  });
});

describe("the player notices", () => {
  it("ids that come back as others than a request gave them", async () => {
    const ids = (await differencesOf(() => renamed(new Set()))).map(([id]) => id);
    expect(ids.length).toBeGreaterThan(0);
  });
});

/** Identifiers that a request names before any response shows them; they come back as they are. */
function namesOfRequests(rows: Scenario["rows"]): Set<string> {
  const shown = new Set<string>();
  const told = new Set<string>();
  for (const { request, response } of rows) {
    for (const [name] of JSON.stringify(request).matchAll(IDENTIFIERS)) if (!shown.has(name)) told.add(name);
    for (const [name] of JSON.stringify(response).matchAll(IDENTIFIERS)) shown.add(name);
  }
  return told;
}

/** Every identifier but the `kept` replaced, one to one; times keep their order. */
function renamed(kept: ReadonlySet<string>): (response: RecordedResponse) => RecordedResponse {
  const rename = (name: string): string => {
    if (kept.has(name)) return name;
    const isTime = name.includes("T");
    return isTime
      ? `3${name.slice(1)}`
      : [...name.slice(0, 13)]
          .reverse()
          .join("")
          .replace(/^(.{4})-(.{8})$/, "$2-$1") + name.slice(13);
  };
  return (response) => JSON.parse(JSON.stringify(response).replace(IDENTIFIERS, rename)) as RecordedResponse;
}
