import { formatDiagnostic } from "../../../blueprint/diagnostics";
import type { SourceFiles } from "../../../blueprint/files";
import { parseBlueprint } from "../../../blueprint/parse";

/** Files of a test, by path. */
function filesOf(texts: Readonly<Record<string, string>>): SourceFiles {
  return {
    read: (path) => {
      const text = texts[path];
      return text === undefined ? { problem: "there is no such file" } : { text };
    },
  };
}

export function parseCompose(text: string, texts: Readonly<Record<string, string>> = {}) {
  return parseBlueprint(text, "compose.yaml", { files: filesOf(texts) });
}

/** What is said of a Compose file, a problem a line. */
export function told(text: string, texts: Readonly<Record<string, string>> = {}): string {
  return parseCompose(text, texts).diagnostics.map(formatDiagnostic).join("\n");
}
