import type { Position } from "../model";
import type { MapNode } from "../yaml/nodes";
import { compareVersions } from "./version";

/** A type that a catalog defines. */
export interface CatalogItem {
  readonly id: string;
  readonly version: string;
  /** What a service of the type is: one service in the Brooklyn form, without an id of its own. */
  readonly service: MapNode;
  /** The id that the item gives to that service. */
  readonly written?: string;
  readonly at: Position;
}

/** Types that catalog files define, by id and version. */
export class Catalog {
  /** Newest first. */
  private readonly byId = new Map<string, CatalogItem[]>();

  /** Takes an item in; gives the one that has its id and version already, which stays. */
  add(item: CatalogItem): CatalogItem | undefined {
    const versions = this.byId.get(item.id) ?? [];
    const same = versions.find(({ version }) => version === item.version);
    if (same !== undefined) return same;
    versions.push(item);
    versions.sort((a, b) => compareVersions(b.version, a.version));
    this.byId.set(item.id, versions);
    return undefined;
  }

  get ids(): readonly string[] {
    return [...this.byId.keys()];
  }

  get items(): readonly CatalogItem[] {
    return [...this.byId.values()].flat();
  }

  /** Versions of an item, newest first; none if there is no such item. */
  versionsOf(id: string): readonly string[] {
    return (this.byId.get(id) ?? []).map(({ version }) => version);
  }

  /** The item that a type names as `id` or `id:version`; without a version the newest, releases before snapshots. */
  find(type: string): CatalogItem | undefined {
    const newest = this.byId.get(type)?.[0];
    if (newest !== undefined) return newest;
    const [, id = "", version] = /^(.*):([^:]*)$/s.exec(type) ?? [];
    return this.byId.get(id)?.find((item) => item.version === version);
  }
}
