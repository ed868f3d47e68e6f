import { parseDocument } from "yaml";
import { Problems } from "../../blueprint/diagnostics";
import type { Diagnostic } from "../../blueprint/model";
import { parseYaml } from "../../blueprint/yaml/source";
import { readSource } from "./source";

/** How a file should look; `formatted` is undefined if it is no YAML, which `diagnostics` say. */
export interface Layout {
  readonly original?: string;
  readonly formatted?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** The file's text with one indentation and one spacing; comments, anchors, quotes and the order of keys stay. */
export function layOut(file: string): Layout {
  const source = readSource(file);
  if (!("text" in source)) return { diagnostics: [source.diagnostic] };
  const problems = new Problems();
  parseYaml(source.text, file, problems);
  const { diagnostics } = problems;
  if (diagnostics.some(({ severity }) => severity === "error")) return { original: source.text, diagnostics };
  const document = parseDocument(source.text, { keepSourceTokens: true });
  const formatted = document.toString({ lineWidth: 0 });
  return { original: source.text, formatted, diagnostics };
}
