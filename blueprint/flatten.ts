import { ItemNames } from "./catalog/item-names";
import type { Problems } from "./diagnostics";
import { Entities } from "./hierarchy";
import type { Identified } from "./ids";
import { type Entry, isNull, type MapNode, type Node, show } from "./yaml/nodes";

const LIST = "write a list of services, each with `- type: ...`";

/** A service as written; `parent` is the place in the list of the one that it is a child of. */
export interface Nested {
  readonly node: MapNode;
  readonly parent?: number;
}

/** All services with their children, each before those below it. */
export function flatten(root: MapNode, problems: Problems): readonly Nested[] {
  const found: Nested[] = [];
  const visit = (list: Entry, parent: number | undefined): void => {
    for (const node of servicesIn(list, problems)) {
      const index = found.push(parent === undefined ? { node } : { node, parent }) - 1;
      const children = node.entries.find(({ key }) => key === "brooklyn.children");
      if (children !== undefined && !isNull(children.value)) visit(children, index);
    }
  };
  const given = root.entries.filter(({ key }) => key === "services" || key === "brooklyn.children");
  const filled = given.filter(({ value }) => !isEmpty(value));
  if (filled.length === 0) {
    const [empty] = given;
    const at = empty?.value.kind === "list" ? empty.value.at : (empty?.keyAt ?? root.at);
    problems.error("missing-services", at, "the blueprint has no services", LIST);
  }
  for (const entry of filled) visit(entry, undefined);
  return found;
}

/** Who stands below whom; of two with one id, which is an error, the first counts. */
export function entitiesOf(nested: readonly Nested[], identified: readonly Identified[]): Entities {
  const parents = new Map<string, string>();
  for (const [index, { id }] of identified.entries()) {
    const parent = nested[index]?.parent;
    if (!parents.has(id)) parents.set(id, parent === undefined ? "" : (identified[parent]?.id ?? ""));
  }
  return new Entities(parents, new ItemNames(identified));
}

function isEmpty(node: Node): boolean {
  return isNull(node) || (node.kind === "list" && node.items.length === 0);
}

function servicesIn({ key, value }: Entry, problems: Problems): readonly MapNode[] {
  if (value.kind !== "list") {
    problems.error("bad-type", value.at, `${key} needs a list, not ${show(value)}`, LIST);
    return [];
  }
  const what = key === "services" ? "service" : `${key}: service`;
  return value.items.flatMap((item, index) => {
    if (item.kind === "map") return [item];
    problems.error("bad-type", item.at, `${what} ${index + 1} needs a map, not ${show(item)}`, LIST);
    return [];
  });
}
