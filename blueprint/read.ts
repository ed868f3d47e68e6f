import { readFile } from "node:fs/promises";
import type { ParseResult } from "./model";
import { type ParseOptions, parseBlueprint } from "./parse";

/** Reads and parses a blueprint file; a file that cannot be read is a diagnostic too. */
export async function readBlueprint(path: string, options: ParseOptions = {}): Promise<ParseResult> {
  try {
    return parseBlueprint(await readFile(path, "utf8"), path, options);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    const reason = REASONS[code] ?? `reading fails with ${code}`;
    return {
      diagnostics: [
        {
          severity: "error",
          code: "unreadable-file",
          message: `cannot read the blueprint: ${reason}`,
          remedy: "set clocker:blueprint to the path of the file, from the project's folder",
          at: { file: path, path: "" },
        },
      ],
    };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "the file may not be read",
};
