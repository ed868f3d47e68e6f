import { readApplication } from "../application";
import { formatPosition, Problems } from "../diagnostics";
import type { Diagnostic } from "../model";
import { writeOut } from "../write-out";
import { entryOf, listNode, mapNode, textNode } from "../yaml/make";
import { parseYaml } from "../yaml/source";
import { Catalog, type CatalogItem } from "./catalog";
import { isCatalog, readItems } from "./document";
import { type CatalogSources, readCatalogs } from "./sources";

/**
 * Problems of a catalog's own text and of each of its items, read as a blueprint with one service of it. Undefined for a document that is no catalog.
 * @param others Catalogs whose items it may use.
 */
export function checkCatalog(text: string, file: string, others?: CatalogSources): readonly Diagnostic[] | undefined {
  const problems = new Problems();
  const root = parseYaml(text, file, problems);
  if (root === undefined || !isCatalog(root, file)) return undefined;
  // Its own items may be among the others already, where the folder that it lies in is named.
  const own = new Catalog();
  readItems(root, own, problems);
  const catalog = readCatalogs(others, problems, [file]);
  for (const item of own.items) catalog.add(item);
  const found = [...problems.diagnostics, ...own.items.flatMap((item) => problemsOf(item, catalog))];
  const seen = new Set<string>();
  return found.filter(({ at, code }) => {
    const place = `${formatPosition(at)} ${code}`;
    return !seen.has(place) && seen.add(place);
  });
}

function problemsOf({ id, version, at }: CatalogItem, catalog: Catalog): readonly Diagnostic[] {
  const problems = new Problems();
  const service = mapNode([entryOf("type", textNode(`catalog:${id}:${version}`, at))], at);
  const expanded = writeOut(mapNode([entryOf("services", listNode([service], at))], at), catalog, problems);
  if (expanded !== undefined) {
    readApplication(expanded, "", { overrides: {}, overridesSecret: false, catalog }, problems);
  }
  // Values that its users have to give.
  return problems.diagnostics.filter(({ code }) => code !== "missing-parameter");
}
