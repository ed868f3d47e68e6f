import { parseDocument } from "yaml";
import { isArchiveName } from "../../blueprint/archive/member";
import { Problems } from "../../blueprint/diagnostics";
import type { Diagnostic } from "../../blueprint/model";
import { parseYaml } from "../../blueprint/yaml/source";
import { Sources } from "./source";

/** How a file should look; `formatted` is undefined if it is no YAML, which `diagnostics` say. */
export interface Layout {
  readonly original?: string;
  readonly formatted?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

/** The file's text with one indentation and one spacing; comments, anchors, quotes and the order of keys stay. */
export function layOut(file: string): Layout {
  const sources = new Sources();
  if (isArchiveName(file)) return { diagnostics: [packed(file)], sources };
  const { document, diagnostics: unread } = sources.open(file);
  if (document === undefined) return { diagnostics: unread, sources };
  const { text: original } = document;
  const problems = new Problems();
  parseYaml(original, file, problems);
  const { diagnostics } = problems;
  if (diagnostics.some(({ severity }) => severity === "error")) return { original, diagnostics, sources };
  const formatted = parseDocument(original, { keepSourceTokens: true }).toString({ lineWidth: 0 });
  return { original, formatted, diagnostics, sources };
}

function packed(file: string): Diagnostic {
  return {
    severity: "error",
    code: "packed-file",
    message: "an archive is not laid out",
    remedy: "unpack it, lay out the files that are in it, and pack them again",
    at: { file, path: "" },
  };
}
