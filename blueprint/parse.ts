import { readApplication } from "./application";
import { Problems } from "./diagnostics";
import type { Overrides, ParseResult } from "./model";
import { parseYaml } from "./yaml/source";

export interface ParseOptions {
  /** Keys that replace the blueprint's, by service id. */
  readonly overrides?: Overrides;
  /** True if the overrides come out of encrypted configuration: their values become secret expressions. */
  readonly overridesSecret?: boolean;
}

/** Parses the text of a blueprint and names every problem in it. `file` is only shown in positions. */
export function parseBlueprint(text: string, file: string, options: ParseOptions = {}): ParseResult {
  const problems = new Problems();
  const { overrides = {}, overridesSecret = false } = options;
  const root = parseYaml(text, file, problems);
  const blueprint = root && readApplication(root, file, { overrides, overridesSecret }, problems);
  const { diagnostics } = problems;
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  return blueprint === undefined || failed ? { diagnostics } : { blueprint, diagnostics };
}
