import { openDocument } from "./document";
import type { ParseResult } from "./model";
import { type ParseOptions, parseBlueprint } from "./parse";

const REMEDY = "set clocker:blueprint to the path of the file, from the project's folder";

/** Reads and parses a blueprint file, or the template in an archive; what cannot be read is a diagnostic too. */
export async function readBlueprint(path: string, options: ParseOptions = {}): Promise<ParseResult> {
  const { document, diagnostics } = openDocument(path, REMEDY, options.files);
  if (document === undefined) return { diagnostics };
  const { text, file, files } = document;
  const parsed = parseBlueprint(text, file, { ...options, files });
  return { ...parsed, diagnostics: [...diagnostics, ...parsed.diagnostics] };
}
