import { DISK, type SourceText } from "./files";
import type { Diagnostic, ParseResult } from "./model";
import { type ParseOptions, parseBlueprint } from "./parse";

/** Reads and parses a blueprint file; a file that cannot be read is a diagnostic too. */
export async function readBlueprint(path: string, options: ParseOptions = {}): Promise<ParseResult> {
  const source = (options.files ?? DISK).read(path);
  return "text" in source ? parseBlueprint(source.text, path, options) : { diagnostics: [unreadable(path, source)] };
}

/** Why a file gave no text. */
export function unreadable(path: string, source: Exclude<SourceText, { readonly text: string }>): Diagnostic {
  const { problem, remedy = "set clocker:blueprint to the path of the file, from the project's folder", line } = source;
  return {
    severity: "error",
    code: "unreadable-file",
    message: `cannot read the blueprint: ${problem}`,
    remedy,
    at: { file: path, ...(line !== undefined && { line, column: 1 }), path: "" },
  };
}
