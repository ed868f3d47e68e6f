import type { ItemUse } from "./catalog/item-use";
import type { Problems } from "./diagnostics";
import { type MapNode, type Node, quote, show } from "./yaml/nodes";

const ID = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/;
const RULE =
  "use lower-case letters, digits, hyphens and underscores, beginning and ending with a letter or digit, up to 63";

/** True for a text that can be an id or an alias: it becomes a part of host names and container names. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** The nearest text that can be an id; empty if there is none. */
export function makeId(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 63)
    .replace(/[^a-z0-9]+$/, "");
}

/** Tells that an id or alias cannot be a name, with one that can. */
export function refuseId(node: Node, what: string, problems: Problems, code = "bad-id"): void {
  const made = node.secret || node.kind !== "scalar" ? "" : makeId(node.text);
  problems.error(
    code,
    node.at,
    `${what} cannot be ${show(node)}: it becomes a part of names`,
    made === "" ? RULE : `${RULE}, e.g. '${made}'`,
  );
}

/** A service's place in the list with the id that it goes by. */
export interface Identified {
  readonly id: string;
  /** What it is called where it is written: the id, or the shorter one within a catalog item. */
  readonly name: string;
  readonly node: MapNode;
}

/**
 * Gives every service its id: the one written, else the stem of its type, numbered from 2 where that is taken. Within a catalog item it
 * follows the id of what the item became. Ids written in the blueprint come first, so that adding a service without one never renames another.
 * @param services Each before those below it.
 */
export function assignIds(
  services: readonly MapNode[],
  stemOf: (service: MapNode) => string,
  problems: Problems,
): readonly Identified[] {
  const written = services.map((service) => writtenId(service));
  const used = checkWritten(services, written, problems);
  const roots = new Map<ItemUse, string>();
  /** Where to go on counting, by stem. */
  const next = new Map<string, number>();
  return services.map((node, index) => {
    const own = written[index];
    const text = own?.kind === "scalar" ? own.text : "";
    const name = own === undefined ? stemOf(node) : text;
    let id = name;
    if (own === undefined || node.within !== undefined) {
      const root = node.within && roots.get(node.within);
      const stem = root === undefined ? name : makeId(`${root}-${name}`);
      let number = next.get(stem) ?? 2;
      for (id = stem; used.has(id); number++) id = `${stem}-${number}`;
      next.set(stem, number);
      used.add(id);
    }
    for (const use of node.uses ?? []) roots.set(use, id);
    return { id, name, node };
  });
}

/** Tells the ids that cannot be, or that two services of the blueprint or of one item have. Gives those of the blueprint. */
function checkWritten(
  services: readonly MapNode[],
  written: readonly (Node | undefined)[],
  problems: Problems,
): Set<string> {
  const taken = new Map<ItemUse | undefined, Map<string, Node>>([[undefined, new Map()]]);
  for (const [index, node] of written.entries()) {
    if (node === undefined) continue;
    const text = node.kind === "scalar" ? node.text : "";
    if (!isId(text)) refuseId(node, `the id of service ${index + 1}`, problems);
    const use = services[index]?.within;
    const ids = taken.get(use) ?? new Map<string, Node>();
    taken.set(use, ids);
    const first = ids.get(text);
    if (first !== undefined && isId(text)) {
      problems.error(
        "duplicate-id",
        node.at,
        `two services have the id ${quote(text)}, the first on line ${first.at.line}`,
        "give each service an id of its own",
      );
    }
    ids.set(text, first ?? node);
  }
  return new Set(taken.get(undefined)?.keys());
}

function writtenId(service: MapNode): Node | undefined {
  const config = service.entries.find((entry) => entry.key === "brooklyn.config")?.value;
  const inConfig = config?.kind === "map" ? config.entries : [];
  const found =
    service.entries.find((entry) => entry.key === "id" || entry.key === "camp.plan.id") ??
    inConfig.find((entry) => entry.key === "camp.plan.id");
  return found?.value.kind === "scalar" && found.value.value === null ? undefined : found?.value;
}
