import { nearest } from "../../wording/suggest";
import { Problems } from "../diagnostics";
import type { SourceText } from "../files";
import type { Diagnostic, Position } from "../model";
import { quote } from "../yaml/nodes";
import type { Archive } from "./archive";
import { memberPath } from "./member";

const META = "TOSCA-Metadata/TOSCA.meta";
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  "TOSCA-Meta-File-Version": ["1.0", "1.1"],
  "CSAR-Version": ["1.0", "1.1"],
};
const ENTRY = "Entry-Definitions";
const OTHERS = "Other-Definitions";
const KEYS = [...Object.keys(VERSIONS), "Created-By", ENTRY, OTHERS];
const WRITE_ENTRY = `write ${ENTRY}: with the path of the template in the archive`;

interface Line {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Where an archive has its template. `entry` is its path inside, there only if nothing stands against it. */
export interface Entered {
  readonly entry?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** The template of a CSAR: as its TOSCA.meta says, else the one YAML file at its root. */
export function entryOfArchive(path: string, archive: Archive): Entered {
  const problems = new Problems();
  const meta = archive.names.includes(META) ? archive.read(memberPath({ archive: path, name: META })) : undefined;
  const entry = meta === undefined ? soleTemplate(path, archive, problems) : fromMeta(path, archive, meta, problems);
  const { diagnostics } = problems;
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return { ...(entry !== undefined && !failed && { entry }), diagnostics };
}

function soleTemplate(path: string, archive: Archive, problems: Problems): string | undefined {
  const [only, ...others] = archive.names.filter((name) => /^[^/]+\.ya?ml$/i.test(name)).sort();
  if (only !== undefined && others.length === 0) return only;
  const found =
    only === undefined ? "no YAML file" : `${others.length + 1} YAML files (${[only, ...others].join(", ")})`;
  problems.error(
    "bad-archive",
    { file: path, path: "" },
    `the archive has neither ${META} nor one template: at its root lies ${found}`,
    `add ${META} with the line ${ENTRY}:, or put one template at the root of the archive`,
  );
  return undefined;
}

function fromMeta(path: string, archive: Archive, source: SourceText, problems: Problems): string | undefined {
  const file = memberPath({ archive: path, name: META });
  const at = (line?: number): Position => ({ file, ...(line !== undefined && { line, column: 1 }), path: "" });
  if (!("text" in source)) {
    const { problem, remedy = WRITE_ENTRY, line } = source;
    problems.error("bad-archive", at(line), `cannot read the file: ${problem}`, remedy);
    return undefined;
  }
  const lines = readBlock(source.text, at, problems);
  for (const { key, value, line } of lines) {
    const allowed = Object.hasOwn(VERSIONS, key) ? VERSIONS[key] : undefined;
    if (allowed !== undefined && !allowed.includes(value)) {
      const message = `the archive has ${key} ${quote(value)}, which is not supported`;
      problems.error("unsupported-version", at(line), message, `write ${key}: ${allowed.at(-1)}`);
    }
    if (KEYS.includes(key)) continue;
    const similar = nearest(key, KEYS);
    problems.warning(
      "unknown-key",
      at(line),
      `the key ${quote(key)} of the archive has no effect`,
      similar === undefined ? `the keys that count are ${KEYS.join(", ")}` : `did you mean '${similar}'?`,
    );
  }
  for (const name of Object.keys(VERSIONS).filter((one) => !lines.some(({ key }) => key === one))) {
    problems.warning(
      "missing-key",
      at(1),
      `the archive does not say its ${name}`,
      `write ${name}: ${VERSIONS[name]?.at(-1)}`,
    );
  }
  const entry = lines.find(({ key }) => key === ENTRY);
  if (entry === undefined || entry.value === "") {
    problems.error(
      "bad-archive",
      at(entry?.line ?? 1),
      "the archive does not say which file is its template",
      WRITE_ENTRY,
    );
    return undefined;
  }
  const others = lines.filter(({ key }) => key === OTHERS);
  const named = others.flatMap(({ value, line }) => pathsIn(value).map((name) => ({ key: OTHERS, name, line })));
  for (const { key, name, line } of [{ key: ENTRY, name: entry.value, line: entry.line }, ...named]) {
    if (archive.names.includes(name)) continue;
    const similar = nearest(name, archive.names);
    problems.error(
      "bad-archive",
      at(line),
      `${key} names ${quote(name)}, which the archive does not hold`,
      similar === undefined ? "write the path of a file from the root of the archive" : `did you mean '${similar}'?`,
    );
  }
  return entry.value;
}

/** The lines of the first block, `key: value` each; a line that begins with a blank goes on with the one before. */
function readBlock(text: string, at: (line: number) => Position, problems: Problems): readonly Line[] {
  const lines: Line[] = [];
  const texts = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  for (const [index, content] of texts.entries()) {
    if (content.trim() === "") {
      if (lines.length > 0) break;
      continue;
    }
    const last = lines.at(-1);
    if (content.startsWith(" ") && last !== undefined) {
      lines[lines.length - 1] = { ...last, value: `${last.value} ${content.trim()}` };
      continue;
    }
    const [, key, value] = /^([A-Za-z][A-Za-z0-9-]*)\s*:\s*(.*?)\s*$/.exec(content) ?? [];
    if (key === undefined || value === undefined) {
      problems.error(
        "bad-archive",
        at(index + 1),
        `the line ${quote(content)} is none of TOSCA.meta`,
        "write `Key: value`",
      );
    } else if (lines.some((line) => line.key === key)) {
      problems.error(
        "duplicate-key",
        at(index + 1),
        `the key ${quote(key)} stands twice in one block`,
        "remove one of the two",
      );
    } else lines.push({ key, value, line: index + 1 });
  }
  return lines;
}

/** Paths that stand after each other, those with blanks in double quotes. */
function pathsIn(value: string): readonly string[] {
  return [...value.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
