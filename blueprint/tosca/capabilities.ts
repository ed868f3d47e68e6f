import { entryOf, textNode } from "../yaml/make";
import { type Entry, find, type MapNode, quote, textOf } from "../yaml/nodes";
import { staticText } from "./ports";
import { capabilityProperties, ownTypes } from "./properties";
import { checkKeys, entriesOf, ignored, type KeyTable, unsupported } from "./report";
import { isMachine, type Topology, type ToscaNode } from "./topology";

const KEYS: KeyTable = {
  properties: "read",
  type: "read",
  description: "read",
  metadata: "read",
  attributes: { ignored: "attributes are told by what runs: remove it" },
  occurrences: { ignored: "remove it" },
  valid_source_types: { ignored: "remove it" },
};
const SCALABLE_KEYS: KeyTable = { min_instances: "read", max_instances: "read", default_instances: "read" };

/** What a node's capabilities are, for what they say. */
interface Capabilities {
  readonly endpoints: readonly string[];
  /** The number of instances, if it is written. */
  readonly entries: readonly Entry[];
}

/** Sorts the capabilities of a node; those that say what is not supported are told. */
export function capabilitiesOf(node: ToscaNode, topology: Topology): Capabilities {
  const { problems } = topology.context;
  const where = `node ${quote(node.name)}`;
  const endpoints: string[] = [];
  const instances: Entry[] = [];
  const names = new Map<string, Entry>();
  for (const holder of [node.node, ...ownTypes(node, topology)]) {
    for (const entry of entriesOf(holder, "capabilities", where, problems)) {
      if (!names.has(entry.key)) names.set(entry.key, entry);
      if (entry.value.kind !== "map") continue;
      checkKeys(entry.value, KEYS, `capability ${quote(entry.key)} of ${where}`, problems);
    }
  }
  for (const { key, keyAt } of names.values()) {
    const properties = capabilityProperties(node, key, topology);
    if (properties.length === 0 || (key === "host" && isMachine(node))) continue;
    if (!isMachine(node) && isEndpoint(key, properties, node, topology)) endpoints.push(key);
    else if (key === "scalable") instances.push(...instancesOf(properties, node, topology));
    else if (key === "host") {
      const remedy = "write it on the Compute or the Container.Runtime that the node is hosted on";
      unsupported(keyAt, "the capability 'host' with properties", where, remedy, problems);
    } else {
      ignored(keyAt, `capability ${quote(key)}`, where, "say in the stack's location what machines are like", problems);
    }
  }
  return { endpoints, entries: instances };
}

function isEndpoint(name: string, properties: readonly Entry[], node: ToscaNode, topology: Topology): boolean {
  if (/endpoint/i.test(name) || properties.some(({ key }) => key === "port" || key === "ports")) return true;
  return ownTypes(node, topology).some((type) => /(^|\.)Endpoint(\.|$)/.test(capabilityType(type, name) ?? ""));
}

function capabilityType(type: MapNode, name: string): string | undefined {
  const all = find(type, "capabilities")?.value;
  const value = all?.kind === "map" ? find(all, name)?.value : undefined;
  if (value?.kind !== "map") return value && textOf(value);
  const written = find(value, "type")?.value;
  return written && textOf(written);
}

function instancesOf(properties: readonly Entry[], node: ToscaNode, topology: Topology): readonly Entry[] {
  const { problems } = topology.context;
  const where = `capability 'scalable' of node ${quote(node.name)}`;
  const [first] = properties;
  for (const { key, keyAt, value } of properties) {
    if (!Object.hasOwn(SCALABLE_KEYS, key)) ignored(keyAt, `property ${quote(key)}`, where, "remove it", problems);
    if (isMachine(node) && staticText(value, node, where, topology) !== "1") {
      const remedy = "write scalable on the node of the service instead";
      unsupported(keyAt, `${key} other than 1`, where, remedy, problems);
    }
  }
  if (isMachine(node) || first === undefined) return [];
  const given = (name: string) => properties.find(({ key }) => key === name);
  const wanted = given("default_instances") ?? given("min_instances");
  const count = wanted && staticText(wanted.value, node, where, topology);
  for (const limit of [given("min_instances"), given("max_instances")]) {
    if (limit === undefined || staticText(limit.value, node, where, topology) === count) continue;
    ignored(limit.keyAt, limit.key, where, "the number of instances is fixed: default_instances", problems);
  }
  return wanted && count !== undefined ? [entryOf("instances", textNode(count, wanted.value.at), wanted.keyAt)] : [];
}
