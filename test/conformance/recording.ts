import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { projectFolder } from "../../sandbox/project";
import { type Json, sourceText } from "./json";

/** Which server a row was recorded from: defaults, feature flags and a role, or credentials. */
export type ServerKind = "plain" | "features" | "auth";

/** An event of `GET /v2/events`; `data` is the parsed payload. */
export interface RecordedEvent {
  readonly event: string | null;
  readonly data: Json;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  /** The body is sent as this text, not as JSON. */
  readonly rawBody?: boolean;
  /** The body as the file writes it, which tells 1.0 from 1. */
  readonly bodyText: string;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** Instead of a body: what the stream held until it was closed. */
  readonly events?: readonly RecordedEvent[];
}

/** One request and what Marathon answered. */
export interface Row {
  /** `scenario/nn`. */
  readonly id: string;
  readonly scenario: string;
  readonly server: ServerKind;
  readonly title: string;
  /** The state or wait ahead of the request: clean, idle, immediate, sleep Ns, or when a stream was attached. */
  readonly before: string;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

/** Rows that are played in order, beginning from an empty server. */
export interface Scenario {
  readonly name: string;
  readonly server: ServerKind;
  readonly rows: readonly Row[];
}

const FOLDER = path.join(projectFolder(), "test", "conformance");

/** The recording's scenarios, in its order. */
export async function readRecording(): Promise<Scenario[]> {
  const text = await readFile(path.join(FOLDER, "recorded-1.8.222.jsonl"), "utf8");
  const scenarios = new Map<string, { name: string; server: ServerKind; rows: Row[] }>();
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const row = readRow(line);
    const key = `${row.scenario} ${row.server}`;
    const scenario = scenarios.get(key) ?? { name: row.scenario, server: row.server, rows: [] };
    scenario.rows.push(row);
    scenarios.set(key, scenario);
  }
  return [...scenarios.values()];
}

/** Ids of rows that cannot agree, and why. */
export async function readDisagreements(): Promise<Record<string, string>> {
  return JSON.parse(await readFile(path.join(FOLDER, "disagreements.json"), "utf8")) as Record<string, string>;
}

function readRow(line: string): Row {
  const row = JSON.parse(line) as Row;
  return { ...row, request: { ...row.request, bodyText: sourceText(line, ["request", "body"]) ?? "null" } };
}
