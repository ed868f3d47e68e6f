/** A key of `brooklyn.catalog`, or of an entry of its `items`. */
interface CatalogKey {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly meaning: string;
  /** Whether entries of `items` have the value of the one around them. */
  readonly inherited?: boolean;
  /** Why it is refused, unless it is empty or false. */
  readonly refused?: string;
}

const NO_JAVA = "no Java runs here; remove it, and write what is used of it as docker: images or other types";

export const CATALOG_KEYS: readonly CatalogKey[] = [
  { name: "id", meaning: "name of the type, or `id:version`" },
  { name: "version", meaning: "version of the type; default: `0.0.0-SNAPSHOT`", inherited: true },
  { name: "itemType", aliases: ["item_type"], meaning: "`entity` (default) or `template`", inherited: true },
  {
    name: "item",
    meaning: "a map with `type` and keys of a service, or one with `services`, of which several become a group",
  },
  { name: "items", meaning: "a list of such entries, each with `id` and `item` or further `items`" },
  { name: "name", aliases: ["displayName"], meaning: "text for people" },
  { name: "description", meaning: "text for people" },
  { name: "iconUrl", aliases: ["icon_url"], meaning: "picture for people" },
  { name: "brooklyn.libraries", aliases: ["libraries"], meaning: "is refused", refused: NO_JAVA },
  { name: "scanJavaAnnotations", aliases: ["scan_java_annotations"], meaning: "is refused", refused: NO_JAVA },
];

/** The definition of a key in any of its spellings. */
export function catalogKey(name: string): CatalogKey | undefined {
  return CATALOG_KEYS.find((one) => one.name === name || one.aliases?.includes(name));
}

/** Kinds of items that define no type of a service, with what to do. */
export const OTHER_ITEMS: Readonly<Record<string, string>> = {
  policy: "policies do not run here; remove the item",
  enricher: "enrichers do not run here; remove the item",
  location: "describe the cloud under clocker:locations of the stack, and remove the item",
};
