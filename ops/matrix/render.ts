import { OUTSIDE, type Outcome } from "./model";

const NOTHING = "-";

/** True where the network does another thing than the blueprint and the settings say. */
export function differs({ connected, declared }: Outcome): boolean {
  return connected !== declared;
}

/**
 * The matrix as text: a row for each place that connections come from, a column for each `service:port`; `!` marks what differs from what is
 * declared, and each such connection has a line of its own below.
 * @param closed Services that nothing could be tried from.
 */
export function renderMatrix(outcomes: readonly Outcome[], closed: readonly string[] = []): string {
  const columns = [...new Set(outcomes.map(columnOf))].sort();
  const froms = [...new Set(outcomes.map(({ from }) => from))].sort(
    (a, b) => Number(a === OUTSIDE) - Number(b === OUTSIDE) || (a < b ? -1 : 1),
  );
  const rows = froms.map((from) => [
    from,
    ...columns.map((column) =>
      cell(outcomes.filter((outcome) => outcome.from === from && columnOf(outcome) === column)),
    ),
  ]);
  const wrong = outcomes.filter(differs);
  return [...align([["FROM \\ TO", ...columns], ...rows]), "", ...summary(outcomes, wrong), ...notes(closed)].join(
    "\n",
  );
}

function columnOf({ to, ownPort }: Outcome): string {
  return `${to}:${ownPort}`;
}

/** Of several ways to one port, what goes wrong or gets through shows. */
function cell(outcomes: readonly Outcome[]): string {
  const shown = outcomes.find(differs) ?? outcomes.find(({ connected }) => connected) ?? outcomes[0];
  return shown === undefined ? NOTHING : `${word(shown.connected)}${differs(shown) ? " !" : ""}`;
}

function word(yes: boolean): string {
  return yes ? "allowed" : "refused";
}

function summary(outcomes: readonly Outcome[], wrong: readonly Outcome[]): string[] {
  const count = `${outcomes.length} ${outcomes.length === 1 ? "connection" : "connections"} tried`;
  if (wrong.length === 0) {
    return [`${count}: all as declared`];
  }
  return [
    `${count}: ${wrong.length} not as declared`,
    ...wrong.map(
      (one) =>
        `! ${one.from} -> ${columnOf(one)} at ${one.address}:${one.port} is ${word(one.connected)}, declared is ${word(one.declared)}`,
    ),
  ];
}

function notes(closed: readonly string[]): string[] {
  return closed.length === 0
    ? []
    : [`not tried from ${closed.join(", ")}: Mesos' own containerizer runs it, which no Docker Engine can enter`];
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((text, column) => Math.max(text.length, known[column] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
