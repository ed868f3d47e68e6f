import type { Problems } from "../diagnostics";
import { typeEntry } from "../service";
import { type Entry, isNull, type MapNode, type Node, quote, textOf } from "../yaml/nodes";
import type { Catalog, CatalogItem } from "./catalog";
import { isCloud, refuseCloud } from "./clouds";
import type { ItemUse } from "./item-use";
import { layOver } from "./lay-over";
import { itemOf } from "./resolve";

/** More values than items in use stand for; what exceeds it are items that multiply. */
const MAX_VALUES = 100_000;
const LISTS = ["services", "brooklyn.children"];

/**
 * Puts catalog items in the place of the services whose types they are. What an item writes keeps its place in the catalog's file. Services
 * that describe clouds are told and left out; undefined if nothing else is there, or more than can be read.
 */
export function expandItems(root: Node, catalog: Catalog, problems: Problems): Node | undefined {
  if (root.kind !== "map") return root;
  const expansion = new Expansion(catalog, problems);
  const expanded = expansion.lists(root, []);
  if (expansion.isExhausted) return undefined;
  const services = (node: MapNode) => LISTS.flatMap((list) => itemsOf(node.entries.find(({ key }) => key === list)));
  return services(root).length > 0 && services(expanded).length === 0 ? undefined : expanded;
}

class Expansion {
  private values = 0;

  constructor(
    private readonly catalog: Catalog,
    private readonly problems: Problems,
  ) {}

  get isExhausted(): boolean {
    return this.values > MAX_VALUES;
  }

  /** A node with what its lists of services stand for. */
  lists(node: MapNode, chain: readonly CatalogItem[]): MapNode {
    if (!node.entries.some(({ key, value }) => LISTS.includes(key) && value.kind === "list")) return node;
    const entries = node.entries.map((entry) => {
      if (!LISTS.includes(entry.key) || entry.value.kind !== "list") return entry;
      const items = entry.value.items.flatMap((one): readonly Node[] =>
        one.kind === "map" ? this.service(one, chain) : [one],
      );
      return { ...entry, value: { ...entry.value, items } };
    });
    return { ...node, entries };
  }

  private service(node: MapNode, chain: readonly CatalogItem[]): readonly MapNode[] {
    const type = typeEntry(node);
    const text = type && textOf(type.value);
    const item = text === undefined ? undefined : itemOf(text, this.catalog);
    if (text !== undefined && type !== undefined && item === undefined && isCloud(text)) {
      refuseCloud(text, type.value.at, this.problems);
      return [];
    }
    const written = this.lists(node, chain);
    if (item === undefined || type === undefined || !this.isAllowed(item, type, chain)) return [written];
    const use: ItemUse = {
      id: item.id,
      version: item.version,
      ...(item.written !== undefined && { written: item.written }),
      ...(node.within && { outer: node.within }),
    };
    return this.service(this.copy(item.service, use), [...chain, item]).map((inner) => {
      const { within: _, ...service } = layOver(inner, written);
      return { ...service, ...(node.within && { within: node.within }), uses: [...(inner.uses ?? []), use] };
    });
  }

  private isAllowed(item: CatalogItem, type: Entry, chain: readonly CatalogItem[]): boolean {
    if (this.isExhausted) return false;
    const start = chain.indexOf(item);
    if (start === -1) return true;
    const names = [...chain.slice(start), item].map(({ id, version }) => `${id}:${version}`);
    this.problems.error(
      "catalog-cycle",
      type.value.at,
      `catalog items are made of each other in a circle: ${names.join(" -> ")}`,
      "give one of them another type",
    );
    return false;
  }

  /** The item's service for one use, each value with a note of it. */
  private copy(service: MapNode, use: ItemUse): MapNode {
    const copied = <T extends Node>(node: T): T => {
      if (++this.values > MAX_VALUES) return node;
      if (node.kind === "list") return { ...node, within: use, items: node.items.map(copied) };
      if (node.kind === "scalar") return { ...node, within: use };
      return { ...node, within: use, entries: node.entries.map((one) => ({ ...one, value: copied(one.value) })) };
    };
    const copy = copied(service);
    if (this.isExhausted) {
      this.problems.error(
        "too-many-values",
        service.at,
        `catalog items stand for more than ${MAX_VALUES} values; the one that exceeds it is ${quote(`${use.id}:${use.version}`)}`,
        "use items that hold fewer others",
      );
    }
    return copy;
  }
}

function itemsOf(list: Entry | undefined): readonly Node[] {
  return list === undefined || isNull(list.value) || list.value.kind !== "list" ? [] : list.value.items;
}
