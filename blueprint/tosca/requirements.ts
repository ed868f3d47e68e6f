import { nearest } from "../../wording/suggest";
import { type Entry, find, isNull, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { ATTACHES_TO, HOSTED_ON } from "./normative";
import { checkKeys, type KeyTable } from "./report";
import { tellFilter } from "./sections";
import type { Topology, ToscaNode } from "./topology";

/** A need of a node that a node of the template fulfils. */
export interface Requirement {
  readonly name: string;
  readonly kind: "host" | "link";
  /** Name of the node. */
  readonly target: string;
  readonly node: Node;
}

const FORM = "write e.g. `- host: my_server`, or `- database: { node: my_database }`";
const NAME_NODE = "name a node template by `node:`";

const KEYS: KeyTable = {
  node: "read",
  relationship: "read",
  capability: "read",
  occurrences: { ignored: "list the requirement once for each node that it means" },
  node_filter: "read",
};
const RELATIONSHIP_KEYS: KeyTable = {
  type: "read",
  description: "read",
  metadata: "read",
  properties: { refused: "give the values to the nodes, as inputs of an operation" },
  interfaces: { refused: "put what they do into the images of the nodes" },
};

/** The requirements of a node; those that no node of the template fulfils are told. */
export function readRequirements(
  node: ToscaNode,
  topology: Topology,
  relations: ReadonlyMap<string, Node>,
): readonly Requirement[] {
  const value = find(node.node, "requirements")?.value;
  if (value === undefined) return [];
  const { problems } = topology.context;
  if (value.kind !== "list") {
    problems.error(
      "bad-type",
      value.at,
      `requirements of node ${quote(node.name)} needs a list, not ${show(value)}`,
      FORM,
    );
    return [];
  }
  return value.items.flatMap((item) => {
    const [entry, ...others] = item.kind === "map" ? item.entries : [];
    if (entry !== undefined && others.length === 0) return readRequirement(entry, node, topology, relations);
    problems.error("bad-type", item.at, `a requirement of node ${quote(node.name)} needs one name with its node`, FORM);
    return [];
  });
}

function readRequirement(
  { key: name, keyAt, value }: Entry,
  node: ToscaNode,
  topology: Topology,
  relations: ReadonlyMap<string, Node>,
): readonly Requirement[] {
  const { problems } = topology.context;
  const where = `requirement ${quote(name)} of node ${quote(node.name)}`;
  if (value.kind === "map") checkKeys(value, KEYS, where, problems);
  tellFilter(value, where, `nodes are not searched: ${NAME_NODE}`, problems);
  const named = value.kind === "map" ? find(value, "node")?.value : value;
  const target = named && textOf(named);
  if (named === undefined || target === undefined) {
    if (value.kind === "map" && find(value, "node_filter")) return [];
    problems.error("missing-node", isNull(value) ? keyAt : value.at, `${where} names no node`, NAME_NODE);
    return [];
  }
  if (!topology.nodes.has(target)) {
    const similar = nearest(target, topology.nodes.keys());
    problems.error(
      "unknown-node",
      named.at,
      `${where} names ${quote(target)}, which is no node of the template that can be used`,
      similar === undefined ? NAME_NODE : `did you mean '${similar}'?`,
    );
    return [];
  }
  const relation = relationOf(name, value, node, topology, relations, where);
  if (relation === undefined) return [];
  if (relation === "attach") {
    const remedy = "write volumes in the blueprint that `clocker convert` writes";
    problems.error("unsupported-key", keyAt, `${where} attaches storage, which is not supported`, remedy);
    return [];
  }
  return [{ name, kind: relation, target, node: named }];
}

/** What ties the nodes: as the requirement says, else as the node's type says, else by its name. */
function relationOf(
  name: string,
  value: Node,
  node: ToscaNode,
  topology: Topology,
  relations: ReadonlyMap<string, Node>,
  where: string,
): Requirement["kind"] | "attach" | undefined {
  const { problems } = topology.context;
  const written = value.kind === "map" ? find(value, "relationship")?.value : undefined;
  const template = written && relations.get(textOf(written) ?? "");
  for (const one of [written, template]) {
    if (one?.kind === "map") checkKeys(one, RELATIONSHIP_KEYS, `the relationship of ${where}`, problems);
  }
  const declared = node.types.flatMap((type) => declaredRelation(topology.definitions.type("nodes", type), name))[0];
  const type = typeOf(template ?? written ?? declared);
  if (type === undefined) {
    if (name === "host") return "host";
    return name === "local_storage" ? "attach" : "link";
  }
  const chain = topology.definitions.chain("relationships", type);
  if (chain.includes(undefined)) {
    const at = (written ?? declared ?? value).at;
    const remedy = "use tosca.relationships.HostedOn, ConnectsTo or DependsOn, or a type of the template";
    problems.error("unknown-type", at, `${where} has the unknown relationship ${quote(type)}`, remedy);
    return undefined;
  }
  if (chain.includes(HOSTED_ON)) return "host";
  return chain.includes(ATTACHES_TO) ? "attach" : "link";
}

function declaredRelation(type: MapNode | undefined, name: string): readonly Node[] {
  const list = type && find(type, "requirements")?.value;
  return (list?.kind === "list" ? list.items : []).flatMap((item) => {
    const definition = item.kind === "map" ? item.entries.find(({ key }) => key === name)?.value : undefined;
    const relation = definition?.kind === "map" ? find(definition, "relationship")?.value : undefined;
    return relation === undefined ? [] : [relation];
  });
}

function typeOf(relation: Node | undefined): string | undefined {
  if (relation?.kind !== "map") return relation && textOf(relation);
  const type = find(relation, "type")?.value;
  return type && textOf(type);
}
