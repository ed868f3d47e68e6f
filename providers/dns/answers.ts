import { canonicalName } from "./names";

export interface ResourceRecord {
  /** Canonical. */
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  /** As a zone file has it. */
  readonly data: string;
}

export interface Answer {
  /** `<name> <type>` of the question, canonical. */
  readonly question: string;
  /** `NOERROR`, `NXDOMAIN`, `REFUSED` … */
  readonly status: string;
  readonly authoritative: boolean;
  readonly records: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
}

const RECORD = /^(\S+)\s+(\d+)\s+IN\s+(\S+)\s+(.*)$/;

/** Reads what dig prints with `+comments +question +answer +authority`, answer by answer. */
export function parseAnswers(output: string): Answer[] {
  return output
    .split(/^;; ->>HEADER<<-/m)
    .slice(1)
    .map(parseAnswer);
}

function parseAnswer(text: string): Answer {
  const lines = text.split("\n");
  const question = /^;(\S+)\s+IN\s+(\S+)$/m.exec(text);
  return {
    question: question ? questionOf(question[1] ?? "", question[2] ?? "") : "",
    status: /status: (\w+)/.exec(text)?.[1] ?? "unknown",
    authoritative: /^;; flags:[^;]*\baa\b/m.test(text),
    records: section(lines, "ANSWER"),
    authority: section(lines, "AUTHORITY"),
  };
}

export function questionOf(name: string, type: string): string {
  return `${canonicalName(name)} ${type}`;
}

function section(lines: readonly string[], title: string): ResourceRecord[] {
  const start = lines.indexOf(`;; ${title} SECTION:`);
  if (start < 0) return [];
  const records: ResourceRecord[] = [];
  for (const line of lines.slice(start + 1)) {
    const [, name, ttl, type, data] = RECORD.exec(line) ?? [];
    if (name === undefined || type === undefined || data === undefined) break;
    records.push({ name: canonicalName(name), ttl: Number(ttl), type, data });
  }
  return records;
}
