import type { Catalog } from "./catalog/catalog";
import { expandItems } from "./catalog/expand";
import { expandClusters } from "./cluster/expand";
import type { Problems } from "./diagnostics";
import type { Node } from "./yaml/nodes";

/** A document with every service written out: catalog items and clusters by what they stand for; undefined after telling why it has none. */
export function writeOut(document: Node, catalog: Catalog, problems: Problems): Node | undefined {
  const expanded = expandItems(document, catalog, problems);
  // Members of a cluster may be items too.
  return expanded && expandItems(expandClusters(expanded, problems), catalog, problems);
}
