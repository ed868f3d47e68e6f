import path from "node:path";
import { moveBuilds } from "../../blueprint/build/move";
import { Problems } from "../../blueprint/diagnostics";
import { frontEndOf } from "../../blueprint/front-end";
import { Inputs } from "../../blueprint/inputs";
import type { Diagnostic } from "../../blueprint/model";
import { parseBlueprint, readDocument } from "../../blueprint/parse";
import { printYaml } from "../../blueprint/yaml/print";
import { parseYaml } from "../../blueprint/yaml/source";
import { Sources } from "./source";

/** `text` is there only if nothing stands against it. */
export interface Converted {
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

/**
 * A document in the Brooklyn form, whatever language it is written in; problems that the result would have are problems of the original.
 * @param output The file that the result is for; absent: one beside the original.
 */
export function convertFile(file: string, given: Readonly<Record<string, unknown>>, output = file): Converted {
  const sources = new Sources();
  const inputs = new Inputs(given);
  const { document, diagnostics: told } = sources.open(file);
  if (document === undefined) return { diagnostics: told, sources };
  const { files, text } = document;
  const diagnostics = [...told, ...parseBlueprint(text, document.file, { files, inputs }).diagnostics];
  if (diagnostics.some(({ severity }) => severity === "error")) return { diagnostics, sources };
  const problems = new Problems();
  const original = parseYaml(text, document.file, problems);
  const root = readDocument(text, document.file, problems, { files, inputs });
  if (original === undefined || root === undefined) return { diagnostics: problems.diagnostics, sources };
  const language = frontEndOf(original, document.file)?.name ?? "blueprint";
  return {
    text: `# Made of the ${language} ${base(file)}.\n${printYaml(moveBuilds(root, path.dirname(output)))}`,
    diagnostics,
    sources,
  };
}

function base(file: string): string {
  return file.replace(/^.*[/\\]/, "").replace(/[\r\n]/g, " ");
}
