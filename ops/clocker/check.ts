import picocolors from "picocolors";
import { checkCatalog } from "../../blueprint/catalog/check";
import { formatDiagnostic } from "../../blueprint/diagnostics";
import { Inputs } from "../../blueprint/inputs";
import type { Diagnostic } from "../../blueprint/model";
import { parseBlueprint } from "../../blueprint/parse";
import type { Format } from "./arguments";
import { renderDiagnostic } from "./excerpt";
import { toSarif } from "./sarif";
import { Sources } from "./source";

export interface CheckOptions {
  /** Files and folders of catalogs. */
  readonly catalog: readonly string[];
  readonly format: Format;
  readonly colour: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
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
  const sources = new Sources();
  const diagnostics = once(files.flatMap((file) => problemsOf(file, sources, options)));
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return { output: render(files, diagnostics, sources, options), ok: errors === 0 };
}

/** Each problem once, also where several files use the catalog that has it. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [formatDiagnostic(one), one])).values()];
}

function problemsOf(file: string, sources: Sources, options: CheckOptions): readonly Diagnostic[] {
  const { document, diagnostics } = sources.open(file);
  if (document === undefined) return diagnostics;
  const { files, text } = document;
  const catalog = { paths: options.catalog };
  const inputs = new Inputs(options.inputs);
  const found =
    checkCatalog(text, document.file, catalog) ??
    parseBlueprint(text, document.file, { files, catalog, inputs }).diagnostics;
  return [...diagnostics, ...found];
}

function render(
  files: readonly string[],
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  { format, colour, version }: CheckOptions,
): string {
  if (format === "json") return JSON.stringify({ files, diagnostics }, undefined, 2);
  if (format === "sarif") return JSON.stringify(toSarif(diagnostics, version), undefined, 2);
  const colours = picocolors.createColors(colour);
  const texts = diagnostics.map((one) => renderDiagnostic(one, sources.linesOf(one.at.file), colours));
  return [...texts, summary(files, diagnostics)].join("\n\n");
}

function summary(files: readonly string[], diagnostics: readonly Diagnostic[]): string {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const of = (severity: Diagnostic["severity"]) => diagnostics.filter((one) => one.severity === severity).length;
  return `${count(files.length, "file")}: ${count(of("error"), "error")}, ${count(of("warning"), "warning")}`;
}
