import { readApplication } from "./application";
import type { Catalog } from "./catalog/catalog";
import { isCatalog } from "./catalog/document";
import { type CatalogSources, readCatalogs } from "./catalog/sources";
import { Problems } from "./diagnostics";
import { DISK, type SourceFiles } from "./files";
import { toBrooklyn } from "./front-end";
import { Inputs } from "./inputs";
import type { Overrides, ParseResult } from "./model";
import { writeOut } from "./write-out";
import { find, type Node } from "./yaml/nodes";
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
  /** Catalogs whose items are types; none if absent. */
  readonly catalog?: CatalogSources;
}

/** Parses the text of a blueprint and names every problem in it. `file` is shown in positions, and other files are sought beside it. */
export function parseBlueprint(text: string, file: string, options: ParseOptions = {}): ParseResult {
  const problems = new Problems();
  const { overrides = {}, overridesSecret = false } = options;
  const { inputs } = options;
  const catalog = readCatalogs(options.catalog, problems);
  const document = readDocument(text, file, problems, options);
  const root = document && applicationOf(document, file, catalog, problems);
  const blueprint = root && readApplication(root, file, { overrides, overridesSecret, catalog }, problems);
  const diagnostics = problems.diagnostics.map((one) => inputs?.hide(one) ?? one);
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  return blueprint === undefined || failed ? { diagnostics } : { blueprint, diagnostics };
}

/** The document with catalog items written out; undefined if there is no application in it, which is told. */
function applicationOf(document: Node, file: string, catalog: Catalog, problems: Problems): Node | undefined {
  if (document.kind === "map" && !find(document, "services") && isCatalog(document, file)) {
    problems.error(
      "catalog-as-blueprint",
      document.at,
      "the file is a catalog: it defines types and deploys nothing",
      "name it under clocker:catalog of the stack, and write a blueprint with a service whose `type:` is the id of an item",
    );
    return undefined;
  }
  return writeOut(document, catalog, problems);
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
