import { beforeAll, describe, expect, it } from "vitest";
import { type Row, readRecording, type Scenario } from "../../conformance/recording";
import { playRecorded } from "./recorded-server";
import { WRONG_ANSWERS } from "./wrong-answers";

/** Rows of a scenario that each kind is tried on, one at a time. */
const ROWS_EACH = 3;

let recording: Scenario[];

beforeAll(async () => {
  recording = await readRecording();
});

describe("the player notices, in the row where it is put in,", () => {
  it.each(Object.entries(WRONG_ANSWERS))("%s", async (_kind, spoil) => {
    const missed: string[] = [];
    let tried = 0;
    for (const scenario of recording) {
      const { rows } = scenario;
      const spoiled = rows.flatMap((row, index) => {
        const response = spoil(row.response, row, rows.slice(0, index));
        return response ? [{ row, response }] : [];
      });
      for (const { row, response } of spread(spoiled)) {
        const differences = await playRecorded(scenario, (recorded, { id }) => (id === row.id ? response : recorded));
        tried += 1;
        if (!differences.has(row.id)) missed.push(row.id);
      }
    }
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(0);
  });

  it("another status in each of the 679 rows", async () => {
    const rows: Row[] = recording.flatMap((scenario) => scenario.rows);
    const noticed: string[] = [];
    for (const scenario of recording) {
      const differences = await playRecorded(scenario, (response) => ({ ...response, status: 299 }));
      noticed.push(...differences.keys());
    }
    expect(noticed).toEqual(rows.map(({ id }) => id));
    expect(noticed).toHaveLength(679);
  });
});

/** The first and the last of a list, and what lies evenly between. */
function spread<T>(list: readonly T[]): T[] {
  const step = Math.max(1, (list.length - 1) / (ROWS_EACH - 1));
  return [...new Set(Array.from({ length: ROWS_EACH }, (_, index) => Math.floor(index * step)))].flatMap(
    (index) => list[index] ?? [],
  );
}
