import { configKey, topKey } from "../keys";
import { listNode, mapNode } from "../yaml/make";
import { type Entry, find, isNull, type MapNode, type Node } from "../yaml/nodes";

const CONFIG = "brooklyn.config";
const PARAMETERS = "brooklyn.parameters";
/** Lists that grow; all other keys replace. */
const APPENDED = [
  "brooklyn.children",
  "brooklyn.policies",
  "brooklyn.enrichers",
  "brooklyn.initializers",
  "brooklyn.tags",
];

/**
 * What a service is whose type is a catalog item: the item's keys, with those of the service in their place, whatever spelling either
 * uses; an empty one takes the item's away. Configuration is laid over key by key, parameters by name, children are appended.
 * @param use The service, whose type is left out.
 */
export function layOver(item: MapNode, use: MapNode): MapNode {
  const top: Entry[] = [];
  const special: Entry[] = [];
  const config = [...configOf(use)];
  const known = new Set(configOf(item).map(({ key }) => key));
  for (const entry of use.entries) {
    const { key, value } = entry;
    if (canonical(key) === "type" || (key === CONFIG && (isNull(value) || value.kind === "map"))) continue;
    const both = (APPENDED.includes(key) || key === PARAMETERS) && (isNull(value) || value.kind === "list");
    if (both) special.push(entry);
    // A key that only the item's configuration knows.
    else if (topKey(key) === undefined && known.has(key)) config.push(entry);
    else top.push(entry);
  }
  const replaced = new Set([
    ...top.map(({ key }) => canonical(key)),
    ...config.map(({ key }) => configKey(key)?.name ?? key),
  ]);
  const kept = item.entries.filter(({ key }) => key !== CONFIG && !replaced.has(canonical(key)));
  const entries = [...kept, ...top];
  for (const entry of special) append(entries, entry);
  const merged = [...configOf(item).filter(({ key }) => !replaced.has(configKey(key)?.name ?? key)), ...config];
  const written = find(use, CONFIG) ?? find(item, CONFIG);
  const isMap = !top.some(({ key }) => key === CONFIG) && (written !== undefined || merged.length > 0);
  const at = written?.value.at ?? use.at;
  const whole = isMap ? [{ key: CONFIG, keyAt: written?.keyAt ?? use.at, value: mapNode(merged, at) }] : [];
  return { ...item, at: use.at, entries: [...entries, ...whole] };
}

function append(entries: Entry[], entry: Entry): void {
  const index = entries.findIndex(({ key }) => key === entry.key);
  const before = entries[index];
  if (entry.value.kind !== "list") return;
  if (before?.value.kind !== "list") {
    if (before === undefined || isNull(before.value)) entries.splice(Math.max(index, 0), before ? 1 : 0, entry);
    return;
  }
  const { items } = entry.value;
  const whole = entry.key === PARAMETERS ? byName(before.value.items, items) : [...before.value.items, ...items];
  entries[index] = { ...before, value: listNode(whole, before.value.at) };
}

/** Parameters of the item, where one of the service of the same name gives it other fields, and the service's further ones. */
function byName(inner: readonly Node[], outer: readonly Node[]): readonly Node[] {
  const own = new Map<string | undefined, Node>(outer.map((node) => [nameOf(node), node]));
  const changed = inner.map((node) => {
    const other = own.get(nameOf(node));
    if (other === undefined || nameOf(node) === undefined) return node;
    if (other.kind !== "map" || node.kind !== "map") return other.kind === "map" ? other : node;
    const fields = new Map([...node.entries, ...other.entries].map((entry) => [entry.key, entry]));
    return mapNode([...fields.values()], other.at);
  });
  const names = new Set(inner.map(nameOf));
  return [...changed, ...outer.filter((node) => nameOf(node) === undefined || !names.has(nameOf(node)))];
}

function nameOf(parameter: Node): string | undefined {
  const name = parameter.kind === "map" ? find(parameter, "name")?.value : parameter;
  return name?.kind === "scalar" ? name.text : undefined;
}

function configOf(node: MapNode): readonly Entry[] {
  const value = find(node, CONFIG)?.value;
  return value?.kind === "map" ? value.entries : [];
}

function canonical(key: string): string {
  return topKey(key)?.name ?? key;
}
