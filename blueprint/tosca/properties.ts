import { nearest } from "../../wording/suggest";
import { entryOf, mapNode, textNode } from "../yaml/make";
import { type Entry, find, isNull, type MapNode, type Node, quote, textOf } from "../yaml/nodes";
import { evaluate } from "./functions";
import { PROPERTIES } from "./normative";
import { entriesOf, ignored } from "./report";
import type { Topology, ToscaNode } from "./topology";
import { checkTyped, completed } from "./typed";

/** Properties that say something of the service by themselves. */
const WITH_EFFECT = ["port", "ports"];
const REMEDY = "hand it to the container, as an input of the create operation with get_property";

/** The types of the file that a node is of, the nearest first. */
export function ownTypes(node: ToscaNode, topology: Topology): readonly MapNode[] {
  return node.types.flatMap((type) => topology.definitions.type("nodes", type) ?? []);
}

/** The value of a node's property: its own, else the default of its types. */
export function propertyOf(node: ToscaNode, name: string, topology: Topology): Node | undefined {
  const value = find(node.node, "properties")?.value;
  const own = value?.kind === "map" ? find(value, name) : undefined;
  if (own !== undefined) return own.value;
  const definition = definitionsOf(node, topology).get(name);
  return definition?.kind === "map" ? find(definition, "default")?.value : undefined;
}

export function isDefined(node: ToscaNode, name: string, topology: Topology): boolean {
  return isNormative(node, name) || definitionsOf(node, topology).has(name);
}

/** The properties of a capability: the node's own over those of its types. */
export function capabilityProperties(node: ToscaNode, capability: string, topology: Topology): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const holder of [node.node, ...ownTypes(node, topology)]) {
    const all = find(holder, "capabilities")?.value;
    const one = all?.kind === "map" ? find(all, capability)?.value : undefined;
    const properties = one?.kind === "map" ? find(one, "properties")?.value : undefined;
    for (const entry of properties?.kind === "map" ? properties.entries : []) {
      const value = holder === node.node ? entry.value : defaultOf(entry.value);
      if (value !== undefined && !found.has(entry.key)) found.set(entry.key, { ...entry, value });
    }
  }
  return [...found.values()];
}

/** What a definition gives where nothing is assigned: its default, or the value that stands in its place. */
export function defaultOf(definition: Node): Node | undefined {
  if (definition.kind !== "map") return definition;
  const isDefinition = definition.entries.some(({ key }) => key === "type" || key === "default" || key === "required");
  return isDefinition ? find(definition, "default")?.value : definition;
}

/** Tells properties that are not defined, not given although they have to be, or not allowed. */
export function checkProperties(node: ToscaNode, topology: Topology): void {
  const { problems } = topology.context;
  const where = `node ${quote(node.name)}`;
  const definitions = definitionsOf(node, topology);
  const given = entriesOf(node.node, "properties", where, problems);
  for (const { key, keyAt, value } of given) {
    const definition = definitions.get(key);
    if (definition === undefined && !isNormative(node, key)) {
      const known = [...definitions.keys(), ...node.types.flatMap((type) => Object.keys(PROPERTIES[type] ?? {}))];
      const similar = nearest(key, known);
      problems.error(
        "unknown-property",
        keyAt,
        `${where} has the property ${quote(key)}, which its type ${quote(node.types[0] ?? "")} does not define`,
        similar === undefined ? `use ${known.join(", ")}` : `did you mean '${similar}'?`,
      );
    }
    checkValue(value, [key], definitionOf(node, key, topology), where, node, topology);
  }
  for (const [key, definition] of definitions) {
    const preset = definition.kind === "map" ? find(definition, "default")?.value : undefined;
    if (definition.kind !== "map" || preset === undefined || given.some((entry) => entry.key === key)) continue;
    checkValue(preset, [key], definition, where, node, topology);
  }
  checkCapabilities(node, topology);
  for (const [name, definition] of definitions) {
    if (definition.kind !== "map" || propertyOf(node, name, topology) !== undefined) continue;
    const required = find(definition, "required")?.value;
    if (required !== undefined && textOf(required) === "false") continue;
    const remedy = `write it under properties, or \`required: false\` in its definition`;
    problems.error("missing-property", node.node.at, `${where} needs the property ${quote(name)}`, remedy);
  }
}

/** Tells properties that nothing reads. */
export function tellUnread(node: ToscaNode, topology: Topology, effects: readonly string[] = WITH_EFFECT): void {
  const value = find(node.node, "properties")?.value;
  for (const { key, keyAt } of value?.kind === "map" ? value.entries : []) {
    if (effects.includes(key) || topology.used.has(`${node.name}\n${key}`)) continue;
    if (!isDefined(node, key, topology)) continue;
    ignored(keyAt, `property ${quote(key)}`, `node ${quote(node.name)}`, REMEDY, topology.context.problems);
  }
}

function isNormative(node: ToscaNode, name: string): boolean {
  return node.types.some((type) => Object.hasOwn(PROPERTIES, type) && Object.hasOwn(PROPERTIES[type] ?? {}, name));
}

/** What a node's property is defined to be; undefined if its type is not known. */
export function definitionOf(node: ToscaNode, name: string, topology: Topology): MapNode | undefined {
  const own = definitionsOf(node, topology).get(name);
  if (own !== undefined) return own.kind === "map" ? own : undefined;
  const [holder] = node.types.filter((type) => Object.hasOwn(PROPERTIES[type] ?? {}, name));
  const type = holder === undefined ? undefined : PROPERTIES[holder]?.[name];
  return type ? mapNode([entryOf("type", textNode(type, node.node.at))], node.node.at) : undefined;
}

/** What a capability's property is defined to be, by the node's type or by the capability's own. */
export function capabilityDefinition(
  node: ToscaNode,
  capability: string,
  name: string,
  topology: Topology,
): MapNode | undefined {
  const declared = ownTypes(node, topology).flatMap((type) => {
    const all = find(type, "capabilities")?.value;
    return (all?.kind === "map" ? find(all, capability)?.value : undefined) ?? [];
  });
  const types = declared.flatMap((one) => {
    const type = one.kind === "map" ? find(one, "type")?.value : one;
    return topology.definitions.own("capabilities", (type && textOf(type)) ?? "");
  });
  for (const holder of [...declared, ...types]) {
    const properties = holder.kind === "map" ? find(holder, "properties")?.value : undefined;
    const found = properties?.kind === "map" ? find(properties, name)?.value : undefined;
    if (found?.kind === "map" && find(found, "type")) return found;
  }
  return undefined;
}

function checkCapabilities(node: ToscaNode, topology: Topology): void {
  const all = find(node.node, "capabilities")?.value;
  for (const { key: capability } of all?.kind === "map" ? all.entries : []) {
    const where = `capability ${quote(capability)} of node ${quote(node.name)}`;
    for (const { key, value } of capabilityProperties(node, capability, topology)) {
      checkValue(value, [key], capabilityDefinition(node, capability, key, topology), where, node, topology);
    }
  }
}

function checkValue(
  written: Node,
  path: readonly string[],
  definition: MapNode | undefined,
  where: string,
  node: ToscaNode,
  topology: Topology,
): void {
  if (definition === undefined || isNull(written)) return;
  const { definitions, context } = topology;
  const value = evaluate(written, node, topology);
  if (value === undefined) return;
  const name = (more: readonly string[]) => `property ${quote([...path, ...more].join("."))} of ${where}`;
  checkTyped(completed(value, definition, definitions), definition, { definitions, problems: context.problems, name });
}

function definitionsOf(node: ToscaNode, topology: Topology): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (const type of ownTypes(node, topology)) {
    const properties = find(type, "properties")?.value;
    for (const { key, value } of properties?.kind === "map" ? properties.entries : []) {
      if (!found.has(key)) found.set(key, value);
    }
  }
  return found;
}
