import { isClusterType } from "../cluster/expand";
import { bare, findType, isGroupType } from "../types";
import type { Catalog, CatalogItem } from "./catalog";

/** The item that a type means: types of the language come first, and `catalog:` says that none of them is meant. */
export function itemOf(type: string, catalog: Catalog): CatalogItem | undefined {
  const known = findType(type) !== undefined || isGroupType(type) || isClusterType(type);
  return known ? undefined : catalog.find(nameInCatalog(type));
}

/** What a type is called in a catalog. */
export function nameInCatalog(type: string): string {
  return bare(type).replace(/^catalog:/, "");
}
