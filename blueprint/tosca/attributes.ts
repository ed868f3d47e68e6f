import { literalNode, textNode } from "../yaml/make";
import { type Node, quote, show, textOf } from "../yaml/nodes";
import { propertyOf } from "./properties";
import { type Found, namedNodes, resolveProperty } from "./references";
import type { Topology, ToscaNode } from "./topology";

/** Attributes of TOSCA, with the sensors that tell the same. */
const SENSORS: Readonly<Record<string, string>> = {
  ip_address: "host.address",
  public_address: "host.address",
  private_address: "host.subnet.address",
  state: "service.state",
};

/** What get_attribute gives: an expression, or a property, which is an attribute too. */
export function readAttribute(
  args: readonly Node[],
  node: Node,
  self: ToscaNode | undefined,
  topology: Topology,
): Found | { readonly value: Node } | undefined {
  const { problems } = topology.context;
  const texts = args.map((arg) => textOf(arg) ?? "");
  const [first, ...path] = texts;
  const attribute = path.at(-1);
  if (first === undefined || attribute === undefined || texts.includes("")) {
    const form = "write e.g. [my_server, private_address]";
    problems.error("wrong-arguments", node.at, `get_attribute cannot take ${show(node)}`, form);
    return undefined;
  }
  const sensor = Object.hasOwn(SENSORS, attribute) ? SENSORS[attribute] : undefined;
  const isName = attribute === "tosca_name" || attribute === "tosca_id";
  if (path.length > 2 || (sensor === undefined && !isName)) {
    const [nearest] = namedNodes(first, node, self, topology);
    if (nearest === undefined) return undefined;
    if (propertyOf(nearest, path[0] ?? "", topology) !== undefined) return resolveProperty(args, node, self, topology);
    problems.error(
      "unsupported-attribute",
      node.at,
      `the attribute ${quote(path.join("."))} of node ${quote(nearest.name)} is not known here`,
      `use ${Object.keys(SENSORS).join(", ")}, tosca_name, tosca_id, or a property`,
    );
    return undefined;
  }
  const target = follow(first, path.length > 1 ? path[0] : undefined, node, self, topology);
  if (target === undefined) return undefined;
  const service = topology.carrier(target);
  if (isName) {
    const name = attribute === "tosca_name" ? target.name : (service ?? target).id;
    return { value: literalNode(name, node.at) };
  }
  if (service === undefined) {
    const message = `node ${quote(target.name)} has no ${attribute} here: there is not exactly one service on it`;
    problems.error("unsupported-attribute", node.at, message, "name the node of the service whose address is meant");
    return undefined;
  }
  if (self !== undefined && topology.carrier(self) === service) {
    const message = `${attribute} of node ${quote(target.name)} is not known before node ${quote(self.name)} is started with it`;
    problems.error("self-reference", node.at, message, "let the container find its own address, e.g. by `hostname -i`");
    return undefined;
  }
  return {
    value: textNode(`$brooklyn:component(${JSON.stringify(service.id)}).attributeWhenReady("${sensor}")`, node.at),
  };
}

/** The node itself, or what fulfils the requirement that is named beside it; capabilities belong to the node. */
function follow(
  name: string,
  between: string | undefined,
  node: Node,
  self: ToscaNode | undefined,
  topology: Topology,
): ToscaNode | undefined {
  const [target] = namedNodes(name, node, self, topology);
  const requirement = target && topology.requirements(target).find((one) => one.name === between);
  return requirement === undefined ? target : topology.nodes.get(requirement.target);
}
