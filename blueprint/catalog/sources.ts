import path from "node:path";
import type { Problems } from "../diagnostics";
import { DISK, type SourceFiles } from "../files";
import { parseYaml } from "../yaml/source";
import { Catalog } from "./catalog";
import { readItems } from "./document";

const NAMES = /\.(?:bom|ya?ml)$/i;
const REMEDY =
  "name files and folders of catalogs under clocker:catalog, from the project's folder (`check` takes them after --catalog)";

/** Where catalogs come from. */
export interface CatalogSources {
  /** Files and folders. */
  readonly paths: readonly string[];
  /** Where they are read; default: this machine. */
  readonly files?: SourceFiles;
}

/**
 * Reads the catalogs at these paths: files, and folders with their `*.bom`, `*.yaml` and `*.yml` in the order of their names.
 * @param except Files that are left out.
 */
export function readCatalogs(
  sources: CatalogSources | undefined,
  problems: Problems,
  except: readonly string[] = [],
): Catalog {
  const { paths, files = DISK } = sources ?? { paths: [] };
  const catalog = new Catalog();
  const read = new Set(except.map((file) => path.normalize(file)));
  for (const given of paths) {
    for (const file of filesAt(given, files, problems)) {
      if (read.has(path.normalize(file))) continue;
      read.add(path.normalize(file));
      readCatalog(file, files, catalog, problems);
    }
  }
  return catalog;
}

function filesAt(given: string, files: SourceFiles, problems: Problems): readonly string[] {
  const names = files.list?.(given);
  if (names === undefined) return [given];
  const found = names.filter((name) => NAMES.test(name)).sort();
  if (found.length === 0) {
    const message = "the folder of catalogs has no *.bom, *.yaml or *.yml in it";
    problems.warning("empty-catalog", { file: given, path: "" }, message, REMEDY);
  }
  return found.map((name) => path.join(given, name));
}

function readCatalog(file: string, files: SourceFiles, catalog: Catalog, problems: Problems): void {
  const source = files.read(file);
  if ("text" in source) {
    const root = parseYaml(source.text, file, problems);
    if (root !== undefined) readItems(root, catalog, problems);
    return;
  }
  const { problem, remedy = REMEDY, line } = source;
  const at = { file, ...(line !== undefined && { line, column: 1 }), path: "" };
  problems.error("unreadable-file", at, `cannot read the catalog: ${problem}`, remedy);
}
