import { typeEntry } from "./service";
import { isApplicationType } from "./types";
import { entryOf, textNode } from "./yaml/make";
import { type Entry, isNull, type MapNode } from "./yaml/nodes";

/** Keys of the service that become the application's. */
const TAKEN = [
  "id",
  "name",
  "description",
  "location",
  "locations",
  "brooklyn.config",
  "brooklyn.parameters",
  "brooklyn.children",
];
const DECORATIONS = ["brooklyn.policies", "brooklyn.enrichers", "brooklyn.initializers"];

/**
 * A blueprint with one service that is an application itself means that application, as in Brooklyn; not with `wrappedApp: true`, with
 * policies and their like outside, or where both have locations or ids of their own. What stands outside wins.
 */
export function unwrap(root: MapNode): MapNode {
  const keys = entriesOf(root);
  const services = keys.get("services")?.value;
  const [inner, ...others] = services?.kind === "list" ? services.items : [];
  if (inner?.kind !== "map" || others.length > 0 || keys.has("brooklyn.children")) return root;
  const type = typeEntry(inner);
  if (type?.value.kind !== "scalar" || !isApplicationType(type.value.text)) return root;
  const wrapped = keys.get("wrappedApp")?.value;
  if (wrapped?.kind === "scalar" && wrapped.text.toLowerCase() === "true") return root;
  if (DECORATIONS.some((key) => keys.has(key))) return root;
  const within = entriesOf({ ...inner, entries: inner.entries.filter((entry) => entry !== type) });
  const children = within.get("brooklyn.children");
  const hasLocation = (entries: ReadonlyMap<string, Entry>) => entries.has("location") || entries.has("locations");
  if (children === undefined || [...within.keys()].some((key) => !TAKEN.includes(key))) return root;
  if ((hasLocation(keys) && hasLocation(within)) || (keys.has("id") && within.has("id"))) return root;
  within.delete("brooklyn.children");
  const config = mergeConfig(keys.get("brooklyn.config"), within.get("brooklyn.config"));
  // An id that a catalog item gives itself is the application's where the blueprint gives none.
  const use = inner.uses?.at(-1);
  const own: [string, Entry][] =
    use?.written === undefined ? [] : [["id", entryOf("id", textNode(use.written, inner.at))]];
  const merged = new Map([...own, ...within, ...keys, ["services", { ...children, key: "services" }] as const]);
  if (config !== undefined) merged.set("brooklyn.config", config);
  return { ...root, entries: [...merged.values()] };
}

function entriesOf(node: MapNode): Map<string, Entry> {
  return new Map(node.entries.filter(({ value }) => !isNull(value)).map((entry) => [entry.key, entry]));
}

function mergeConfig(outer: Entry | undefined, inner: Entry | undefined): Entry | undefined {
  if (outer?.value.kind !== "map" || inner?.value.kind !== "map") return outer ?? inner;
  const entries = new Map([...inner.value.entries, ...outer.value.entries].map((entry) => [entry.key, entry]));
  return { ...outer, value: { ...outer.value, entries: [...entries.values()] } };
}
