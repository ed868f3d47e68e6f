import { Problems } from "../../blueprint/diagnostics";
import { frontEndOf } from "../../blueprint/front-end";
import type { Diagnostic } from "../../blueprint/model";
import { parseBlueprint, readDocument } from "../../blueprint/parse";
import { printYaml } from "../../blueprint/yaml/print";
import { parseYaml } from "../../blueprint/yaml/source";
import { readSource } from "./source";

/** `text` is there only if nothing stands against it. */
export interface Converted {
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** A document in the Brooklyn form, whatever language it is written in; problems that the result would have are problems of the original. */
export function convertFile(file: string): Converted {
  const source = readSource(file);
  if (!("text" in source)) return { diagnostics: [source.diagnostic] };
  const { diagnostics } = parseBlueprint(source.text, file);
  if (diagnostics.some(({ severity }) => severity === "error")) return { diagnostics };
  const problems = new Problems();
  const original = parseYaml(source.text, file, problems);
  const root = readDocument(source.text, file, problems);
  if (original === undefined || root === undefined) return { diagnostics: problems.diagnostics };
  const language = frontEndOf(original, file)?.name ?? "blueprint";
  return { text: `# Made of the ${language} ${base(file)}.\n${printYaml(root)}`, diagnostics };
}

function base(file: string): string {
  return file.replace(/^.*[/\\]/, "").replace(/[\r\n]/g, " ");
}
