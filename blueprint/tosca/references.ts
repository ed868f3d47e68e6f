import { nearest } from "../../wording/suggest";
import { type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { capabilityDefinition, capabilityProperties, definitionOf, isDefined, propertyOf } from "./properties";
import type { Topology, ToscaNode } from "./topology";

/** A value with the node that functions in it call SELF. */
export interface Found {
  readonly value: Node;
  readonly owner: ToscaNode;
  /** Of the value as a whole; undefined if its type is not known. */
  readonly definition: MapNode | undefined;
  /** Keys and indices that lead to the part of the value that is meant, once it is evaluated. */
  readonly path: readonly string[];
}

/** The nodes that the first argument of get_property or get_attribute means: several for HOST, the nearest first. */
export function namedNodes(
  name: string,
  node: Node,
  self: ToscaNode | undefined,
  topology: Topology,
): readonly ToscaNode[] {
  const { problems } = topology.context;
  if (name === "SELF" && self !== undefined) return [self];
  if (name === "HOST" && self !== undefined) {
    const hosts = topology.hosts(self);
    if (hosts.length > 0) return hosts;
    const message = `HOST means nothing: node ${quote(self.name)} is hosted on none`;
    problems.error("unknown-node", node.at, message, "write the requirement `host`, or name the node");
    return [];
  }
  const found = topology.nodes.get(name);
  if (found !== undefined) return [found];
  const similar = nearest(name, topology.nodes.keys());
  problems.error(
    "unknown-node",
    node.at,
    ["SELF", "HOST", "SOURCE", "TARGET"].includes(name)
      ? `${name} means nothing here`
      : `there is no node ${quote(name)} in the template`,
    similar === undefined ? "name a node template" : `did you mean '${similar}'?`,
  );
  return [];
}

/** The value that `[node, (requirement or capability,) property, key or index…]` names, not evaluated yet. */
export function resolveProperty(
  args: readonly Node[],
  node: Node,
  self: ToscaNode | undefined,
  topology: Topology,
): Found | undefined {
  const { problems } = topology.context;
  const texts = args.map((arg) => textOf(arg));
  const [first, second, ...rest] = texts;
  if (first === undefined || second === undefined || texts.includes(undefined)) {
    const form = "write e.g. [SELF, port] or [my_database, name]";
    problems.error("wrong-arguments", node.at, `get_property cannot take ${show(node)}`, form);
    return undefined;
  }
  const nodes = namedNodes(first, node, self, topology);
  for (const one of nodes) {
    const found = lookUp(one, second, rest as readonly string[], topology);
    if (found !== undefined) return found;
  }
  const [last] = nodes;
  if (last === undefined) return undefined;
  const path = quote([second, ...rest].join("."));
  const known = isDefined(last, second, topology);
  problems.error(
    known ? "missing-property" : "unknown-property",
    node.at,
    known
      ? `the property ${path} of node ${quote(last.name)} has no value`
      : `node ${quote(last.name)} has no property, capability or requirement ${path}`,
    "write it under properties of the node, or a default in its type",
  );
  return undefined;
}

function lookUp(node: ToscaNode, name: string, rest: readonly string[], topology: Topology): Found | undefined {
  const own = propertyOf(node, name, topology);
  if (own !== undefined) {
    topology.used.add(`${node.name}\n${name}`);
    return { value: own, owner: node, path: rest, definition: definitionOf(node, name, topology) };
  }
  const [inner, ...more] = rest;
  if (inner === undefined) return undefined;
  const capability = capabilityProperties(node, name, topology).find(({ key }) => key === inner);
  if (capability !== undefined) {
    const definition = capabilityDefinition(node, name, inner, topology);
    return { value: capability.value, owner: node, path: more, definition };
  }
  const requirement = topology.requirements(node).find((one) => one.name === name);
  const target = requirement && topology.nodes.get(requirement.target);
  if (target === undefined || target === node) return undefined;
  const direct = propertyOf(target, inner, topology);
  if (direct !== undefined) {
    topology.used.add(`${target.name}\n${inner}`);
    return { value: direct, owner: target, path: more, definition: definitionOf(target, inner, topology) };
  }
  // A requirement is fulfilled by a capability of the other node, whose properties are meant as well.
  const wanted = capabilityProperties(target, name, topology).find(({ key }) => key === inner);
  const definition = capabilityDefinition(target, name, inner, topology);
  return wanted && { value: wanted.value, owner: target, path: more, definition };
}
