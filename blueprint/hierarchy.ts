import { ItemNames } from "./catalog/item-names";

/** Id of the application among the entities. */
export const APPLICATION = "";

/** Who stands below whom: services and groups by their ids, the application by the empty one. */
export class Entities {
  private readonly children = new Map<string, string[]>();

  /** @param parents The parent of each service and group, in the order of the blueprint. */
  constructor(
    private readonly parents: ReadonlyMap<string, string>,
    /** What those of catalog items are called there. */
    readonly names: ItemNames = new ItemNames([]),
  ) {
    for (const [id, parent] of parents) {
      const siblings = this.children.get(parent);
      if (siblings === undefined) this.children.set(parent, [id]);
      else siblings.push(id);
    }
  }

  has(id: string): boolean {
    return this.parents.has(id);
  }

  /** Undefined for the application. */
  parentOf(id: string): string | undefined {
    return this.parents.get(id);
  }

  childrenOf(id: string): readonly string[] {
    return this.children.get(id) ?? [];
  }

  /** Children of the same parent, the entity itself among them; none for the application. */
  siblingsOf(id: string): readonly string[] {
    const parent = this.parentOf(id);
    return parent === undefined ? [] : this.childrenOf(parent);
  }

  /** The entity itself first. */
  ancestorsOf(id: string): readonly string[] {
    const found = [id];
    for (let at = this.parentOf(id); at !== undefined; at = this.parentOf(at)) found.push(at);
    return found;
  }

  /** The entity itself first. */
  descendantsOf(id: string): readonly string[] {
    const found = [id];
    for (let index = 0; index < found.length; index++) found.push(...this.childrenOf(found[index] ?? ""));
    return found;
  }
}
