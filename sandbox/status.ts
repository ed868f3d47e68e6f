import { LABEL, PART_LABEL } from "./containers";
import { findDescription } from "./description";
import { type Engine, findEngine } from "./engine/connect";

/** One container of a sandbox. */
interface StatusRow {
  readonly sandbox: string;
  readonly part: string;
  /** As Docker says: running, exited, … */
  readonly state: string;
  readonly address: string;
  /** As Docker says: Up 5 minutes, Exited (1) 2 hours ago. */
  readonly since: string;
}

export interface Status {
  /** The engine's address; undefined if none answers. */
  readonly engine?: string;
  readonly rows: readonly StatusRow[];
}

/** What runs of one sandbox, or of all; nothing is started for the answer. */
export async function sandboxStatus(name?: string): Promise<Status> {
  const recorded = await findDescription(name ?? "default");
  const engine = await findEngine(recorded?.engine.host);
  return engine ? { engine: engine.host, rows: await rowsOf(engine, name) } : { rows: [] };
}

/** The status as a table of text. */
export function renderStatus({ engine, rows }: Status): string {
  if (!engine) return "no Docker Engine answers, so no sandbox runs; start one: npm run sandbox -- up";
  if (rows.length === 0) return `no sandbox on the Docker Engine ${engine}; start one: npm run sandbox -- up`;
  const table = [
    ["sandbox", "part", "state", "address", "since"],
    ...rows.map((row) => [row.sandbox, row.part, row.state, row.address, row.since]),
  ];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  const lines = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [`Docker Engine ${engine}`, ...lines].join("\n");
}

async function rowsOf(engine: Engine, name?: string): Promise<StatusRow[]> {
  const label = [name ? `${LABEL}=${name}` : LABEL, PART_LABEL];
  const containers = await engine.docker.listContainers({ all: true, filters: JSON.stringify({ label }) });
  const rows = containers.map((container) => ({
    sandbox: container.Labels[LABEL] ?? "",
    part: container.Labels[PART_LABEL] ?? "",
    state: container.State,
    address: Object.values(container.NetworkSettings.Networks)[0]?.IPAMConfig?.IPv4Address ?? "",
    since: container.Status,
  }));
  return rows.sort((a, b) => `${a.sandbox} ${a.part}`.localeCompare(`${b.sandbox} ${b.part}`));
}
