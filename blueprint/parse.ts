import { readApplication } from "./application";
import { Problems } from "./diagnostics";
import { DISK, type SourceFiles } from "./files";
import { toBrooklyn } from "./front-end";
import { Inputs } from "./inputs";
import type { Overrides, ParseResult } from "./model";
import type { Node } from "./yaml/nodes";
import { parseYaml } from "./yaml/source";

export interface ParseOptions {
  /** Keys that replace the blueprint's, by service id. */
  readonly overrides?: Overrides;
  /** True if the overrides come out of encrypted configuration: their values become secret expressions. */
  readonly overridesSecret?: boolean;
  /** Values of the blueprint's parameters, inputs or variables. */
  readonly inputs?: Inputs;
  /** Where files that the blueprint names are read; default: this machine. */
  readonly files?: SourceFiles;
}

/** Parses the text of a blueprint and names every problem in it. `file` is shown in positions, and other files are sought beside it. */
export function parseBlueprint(text: string, file: string, options: ParseOptions = {}): ParseResult {
  const problems = new Problems();
  const { overrides = {}, overridesSecret = false } = options;
  const { inputs } = options;
  const root = readDocument(text, file, problems, options);
  const blueprint = root && readApplication(root, file, { overrides, overridesSecret }, problems);
  const diagnostics = problems.diagnostics.map((one) => inputs?.hide(one) ?? one);
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  return blueprint === undefined || failed ? { diagnostics } : { blueprint, diagnostics };
}

/** The document in the Brooklyn form; undefined if it cannot be read as YAML or as what its front end takes. */
export function readDocument(
  text: string,
  file: string,
  problems: Problems,
  { files = DISK, inputs = new Inputs() }: Pick<ParseOptions, "files" | "inputs"> = {},
): Node | undefined {
  const root = parseYaml(text, file, problems);
  return root && toBrooklyn(root, { file, files, problems, inputs });
}
