import type { Scenario } from "./recording";
import type { Result } from "./run";

/** What a run says and whether it holds. */
export interface Report {
  /** What failed, what disagrees as listed and, last, the figure. */
  readonly lines: readonly string[];
  readonly agreeing: number;
  readonly rows: number;
  /** Why the run fails: rows that disagree and are not listed, listed rows that agree or do not exist. */
  readonly failures: readonly string[];
}

/** Sums results up. `disagreements` lists the ids of rows of the `recording` that cannot agree, with the reason. */
export function report(
  results: readonly Result[],
  disagreements: Readonly<Record<string, string>>,
  recording: readonly Scenario[],
): Report {
  const rows = results.flatMap(({ scenario }) => scenario.rows);
  const differing = new Map(results.flatMap(({ differences }) => [...differences]));
  const agreeing = rows.length - differing.size;
  const unlisted = rows.filter(({ id }) => differing.has(id) && disagreements[id] === undefined);
  const listed = Object.keys(disagreements).filter((id) => differing.has(id));
  const failures = [
    ...unlisted.map(({ id, title, request: { method, path, query } }) => {
      const target = query === "" ? path : `${path}?${query}`;
      return `${id} ${method} ${target} (${title}): ${differing.get(id)}`;
    }),
    ...Object.keys(disagreements)
      .filter((id) => !differing.has(id) && rows.some((row) => row.id === id))
      .map((id) => `${id} agrees: take it out of disagreements.json`),
    ...Object.keys(disagreements)
      .filter((id) => !recording.some((scenario) => scenario.rows.some((row) => row.id === id)))
      .map((id) => `${id} is no row of the recording: take it out of disagreements.json`),
  ];
  const lines = [
    ...failures,
    ...listed.map((id) => `${id} disagrees as listed: ${disagreements[id]}`),
    `${agreeing} of ${rows.length} rows agree${listed.length === 0 ? "" : ` (${listed.length} listed as unable to)`}`,
  ];
  return { lines, agreeing, rows: rows.length, failures };
}

/** The figure of one scenario. */
export function scenarioLine({ scenario: { name, rows }, differences, seconds }: Result): string {
  return `${name}: ${rows.length - differences.size} of ${rows.length} rows agree, ${seconds.toFixed(0)} s`;
}
