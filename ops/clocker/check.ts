import path from "node:path";
import picocolors from "picocolors";
import { DISK } from "../../blueprint/files";
import type { Diagnostic } from "../../blueprint/model";
import { parseBlueprint } from "../../blueprint/parse";
import type { Format } from "./arguments";
import { linesOf, renderDiagnostic } from "./excerpt";
import { toSarif } from "./sarif";
import { readSource } from "./source";

export interface CheckOptions {
  readonly format: Format;
  readonly colour: boolean;
  /** Of this program, for SARIF. */
  readonly version: string;
}

export interface Checked {
  readonly output: string;
  /** Whether no file has an error. */
  readonly ok: boolean;
}

/** Names every problem of the files, in their order. */
export function checkFiles(files: readonly string[], options: CheckOptions): Checked {
  const sources = new Map<string, readonly string[]>();
  const diagnostics = files.flatMap((file) => problemsOf(file, sources));
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return { output: render(files, diagnostics, sources, options), ok: errors === 0 };
}

function problemsOf(file: string, sources: Map<string, readonly string[]>): readonly Diagnostic[] {
  const source = readSource(file);
  if (!("text" in source)) return [source.diagnostic];
  sources.set(file, linesOf(source.text));
  return parseBlueprint(source.text, file).diagnostics;
}

function render(
  files: readonly string[],
  diagnostics: readonly Diagnostic[],
  sources: Map<string, readonly string[]>,
  { format, colour, version }: CheckOptions,
): string {
  if (format === "json") return JSON.stringify({ files, diagnostics }, undefined, 2);
  if (format === "sarif") return JSON.stringify(toSarif(diagnostics, version), undefined, 2);
  const colours = picocolors.createColors(colour);
  const texts = diagnostics.map((one) => renderDiagnostic(one, sourceOf(one.at.file, sources), colours));
  return [...texts, summary(files, diagnostics)].join("\n\n");
}

/** Lines of a file that was named, or of another that it takes in, which is read once. */
function sourceOf(file: string, sources: Map<string, readonly string[]>): readonly string[] | undefined {
  const known = sources.get(file);
  if (known !== undefined || !path.extname(file)) return known;
  const source = DISK.read(file);
  const lines = "text" in source ? linesOf(source.text) : [];
  sources.set(file, lines);
  return lines;
}

function summary(files: readonly string[], diagnostics: readonly Diagnostic[]): string {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const of = (severity: Diagnostic["severity"]) => diagnostics.filter((one) => one.severity === severity).length;
  return `${count(files.length, "file")}: ${count(of("error"), "error")}, ${count(of("warning"), "warning")}`;
}
