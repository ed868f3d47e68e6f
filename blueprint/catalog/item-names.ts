import type { Identified } from "../ids";
import type { ItemUse } from "./item-use";

/** What entities are called within the catalog items that they come from, where a use of an item gives them longer ids. */
export class ItemNames {
  /** Id of the entity that a use became; the application has none. */
  private readonly roots = new Map<ItemUse, string>();
  private readonly within = new Map<ItemUse, Map<string, string>>();
  private readonly everywhere = new Map<string, string[]>();
  private readonly local = new Map<string, { readonly use: ItemUse; readonly name: string }>();

  constructor(entities: readonly Identified[]) {
    for (const { id, node, name } of entities) {
      for (const use of node.uses ?? []) this.roots.set(use, id);
      if (node.within === undefined) continue;
      const names = this.within.get(node.within) ?? new Map<string, string>();
      this.within.set(node.within, names);
      if (!names.has(name)) names.set(name, id);
      this.local.set(id, { use: node.within, name });
      if (name !== id) this.everywhere.set(name, [...(this.everywhere.get(name) ?? []), id]);
    }
  }

  /** The entity that an item became; the empty id is the application. */
  rootOf(use: ItemUse | undefined): string {
    return (use && this.roots.get(use)) ?? "";
  }

  /** The entity of that name in the item, or in those that it stands in; undefined if none of them has it. */
  find(name: string, use: ItemUse | undefined): string | undefined {
    for (let at = use; at !== undefined; at = at.outer) {
      const found = this.within.get(at)?.get(name);
      if (found !== undefined) return found;
      if (at.written === name) return this.rootOf(at);
    }
    return undefined;
  }

  /** Entities of any item that go by that name there. */
  all(name: string): readonly string[] {
    return this.everywhere.get(name) ?? [];
  }

  /** What an expression of the item calls the entity. */
  nameOf(id: string, use: ItemUse | undefined): string {
    const local = this.local.get(id);
    if (local !== undefined && local.use === use) return local.name;
    return use?.written !== undefined && this.roots.get(use) === id ? use.written : id;
  }
}
