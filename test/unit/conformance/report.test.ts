import { describe, expect, it } from "vitest";
import type { Row, Scenario } from "../../conformance/recording";
import { report } from "../../conformance/report";
import { twiceIfFew } from "../../conformance/run";

function row(id: string): Row {
  const request = { method: "GET", path: "/v2/apps", query: "", headers: {}, body: null, bodyText: "null" };
  const response = { status: 200, headers: {}, body: null };
  return { id, scenario: "misc", server: "plain", title: id, before: "immediate", request, response };
}

const scenario: Scenario = { name: "misc", server: "plain", rows: ["misc/01", "misc/02", "misc/03"].map(row) };

function outcome(differing: Record<string, string>, listed: Record<string, string>) {
  return report([{ scenario, differences: new Map(Object.entries(differing)), seconds: 1 }], listed, [scenario]);
}

describe("the report", () => {
  it("closes with the figure and holds when every row agrees", () => {
    const { lines, failures } = outcome({}, {});
    expect([lines.at(-1), failures]).toEqual(["3 of 3 rows agree", []]);
  });

  it("fails for a row that disagrees and is not listed", () => {
    const { lines, failures } = outcome({ "misc/02": "status 500, expected 200" }, {});
    expect(failures).toEqual(["misc/02 GET /v2/apps (misc/02): status 500, expected 200"]);
    expect(lines.at(-1)).toBe("2 of 3 rows agree");
  });

  it("holds for a row that disagrees as listed, and says so", () => {
    const { lines, failures } = outcome({ "misc/02": "status" }, { "misc/02": "no such thing here" });
    expect(failures).toEqual([]);
    expect(lines).toEqual([
      "misc/02 disagrees as listed: no such thing here",
      "2 of 3 rows agree (1 listed as unable to)",
    ]);
  });

  it("fails for a listed row that agrees, or that is not recorded", () => {
    expect(outcome({}, { "misc/03": "reason" }).failures).toEqual([
      "misc/03 agrees: take it out of disagreements.json",
    ]);
    expect(outcome({}, { "misc/99": "reason" }).failures).toEqual([
      "misc/99 is no row of the recording: take it out of disagreements.json",
    ]);
  });
});

describe("a scenario with few disagreeing rows is played twice", () => {
  const plays = (...all: string[][]) => {
    let count = 0;
    const play = async () => new Map((all[count++] ?? []).map((id) => [id, "why"]));
    return { play, count: () => count };
  };

  it("and a row that disagrees once agrees", async () => {
    expect([...(await twiceIfFew(plays(["a", "b"], ["b"]).play)).keys()]).toEqual(["b"]);
  });

  it("but not one with many, nor one with none", async () => {
    for (const first of [["a", "b", "c", "d"], []]) {
      const { play, count } = plays(first, []);
      expect([...(await twiceIfFew(play)).keys()]).toEqual(first);
      expect(count()).toBe(1);
    }
  });
});
