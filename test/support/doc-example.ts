import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../engine/requirements";

/** The one example in the docstrings of a source file, as JavaScript. */
export function docExample(source: string): string {
  const text = readFileSync(join(projectRoot(), source), "utf8");
  const [example, ...more] = [...text.matchAll(/^ \* ```ts\n(.*?)^ \* ```$/gms)].map(([, code = ""]) => code);
  if (example === undefined || more.length > 0) throw new Error(`${source} has not one example in its docstrings`);
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(example.replace(/^ \* ?/gm, ""), { compilerOptions: options }).outputText;
}
