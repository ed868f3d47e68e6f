import { isId } from "../ids";
import { componentNode, entryOf, listNode, mapNode, textNode } from "../yaml/make";
import { type Entry, find, type MapNode, quote } from "../yaml/nodes";
import { type Software, softwareOf } from "./artifacts";
import { capabilitiesOf } from "./capabilities";
import { resourcesOf } from "./machines";
import { environmentOf } from "./operations";
import { portsOf } from "./ports";
import { checkKeys, ignored, type KeyTable, unsupported } from "./report";
import { tellFilter } from "./sections";
import { isMachine, type Topology, type ToscaNode } from "./topology";

/** Names of requirements that every node of a type has: they name no one. */
const GENERAL = ["connection", "dependency", "link", "endpoint", "database_endpoint", "network", "host"];

const NO_SEARCH = "nodes are not searched: give the node's image as an artifact";
const KEYS: KeyTable = {
  type: "read",
  description: "read",
  metadata: "read",
  properties: "read",
  requirements: "read",
  capabilities: "read",
  interfaces: "read",
  artifacts: "read",
  attributes: { ignored: "attributes are told by what runs: remove it" },
  directives: { refused: NO_SEARCH },
  node_filter: "read",
  copy: { refused: "write the keys of the other node here" },
};
const MACHINE_KEYS: KeyTable = {
  ...KEYS,
  interfaces: { refused: "machines are made by the stack's location: put it into the images" },
  artifacts: { refused: "give the image to the node that is hosted there" },
};

/** A node that is no service: its keys that say something are told where they do not reach one. */
export function checkMachine(node: ToscaNode, topology: Topology): void {
  const { problems } = topology.context;
  const where = `node ${quote(node.name)}`;
  checkKeys(node.node, MACHINE_KEYS, where, problems);
  tellFilter(node.node, where, NO_SEARCH, problems);
  capabilitiesOf(node, topology);
  for (const { kind, name, node: at } of topology.requirements(node)) {
    if (kind !== "link") continue;
    unsupported(at.at, `the requirement ${quote(name)}`, where, "write it on the node of the service", problems);
  }
  const guests = [...topology.nodes.values()].filter(
    (one) => topology.isService(one) && topology.hosts(one).includes(node),
  );
  if (guests.length === 1) return;
  const [code, message] =
    guests.length === 0
      ? ["unused-node", `nothing is hosted on ${where}: it has no effect`]
      : ["shared-node", `on ${where} are ${guests.length} services, each of which gets what it has for itself`];
  problems.warning(code, node.node.at, message, "say in the stack's clocker:placement where services go");
}

/** The service in the Brooklyn form, made of a node and of those that are parts of it. */
export function translateService(node: ToscaNode, topology: Topology): MapNode {
  const { problems } = topology.context;
  const parts = [...topology.nodes.values()].filter((one) => !isMachine(one) && topology.carrier(one) === node);
  const software = softwareOf(node, topology);
  const description = find(node.node, "description");
  const entries: Entry[] = parts.flatMap((part) => {
    checkKeys(part.node, KEYS, `node ${quote(part.name)}`, problems);
    tellFilter(part.node, `node ${quote(part.name)}`, NO_SEARCH, problems);
    const { endpoints, entries: instances } = capabilitiesOf(part, topology);
    return [...instances, ...portEntries(part, endpoints, software, topology)];
  });
  const variables = parts.flatMap((part) => (software ? environmentOf(part, software, topology) : []));
  const [variable] = variables;
  checkHosts(node, topology);
  return mapNode(
    [
      ...(software?.entries ?? [entryOf("type", textNode("docker:unknown", node.node.at))]),
      entryOf("id", textNode(node.id, node.node.at)),
      entryOf("name", textNode(node.name, node.node.at)),
      ...(description ? [entryOf("description", description.value, description.keyAt)] : []),
      ...joined(entries),
      ...resourcesOf(node, topology),
      ...(variable ? [entryOf("env", mapNode(unique(variables), variable.keyAt))] : []),
      ...linksOf(node, parts, topology),
    ],
    node.node.at,
  );
}

/** Redis listens on its port by itself, wherever an endpoint says so too. */
function portEntries(
  node: ToscaNode,
  endpoints: readonly string[],
  software: Software | undefined,
  topology: Topology,
): readonly Entry[] {
  const ports = portsOf(node, endpoints, topology);
  return software?.kind === "redis" ? ports.filter(({ key }) => key !== "openPorts") : ports;
}

function checkHosts(node: ToscaNode, topology: Topology): void {
  const other = topology.hosts(node).find((host) => !isMachine(host));
  if (other === undefined) return;
  topology.context.problems.error(
    "unsupported-host",
    node.node.at,
    `node ${quote(node.name)} is a service of its own and cannot be hosted on ${quote(other.name)}, which is one too`,
    "connect them by a requirement `connection`, or put both into one image",
  );
}

function linksOf(service: ToscaNode, parts: readonly ToscaNode[], topology: Topology): readonly Entry[] {
  const wishes = parts.flatMap((part) =>
    topology.requirements(part).flatMap(({ name, kind, target, node }) => {
      const found = topology.nodes.get(target);
      const carrier = found && topology.carrier(found);
      if (kind !== "link" || found === undefined) return [];
      if (found === part) {
        const remedy = "remove it: inside a service its own ports answer on localhost";
        ignored(
          node.at,
          `requirement ${quote(name)} on itself`,
          `node ${quote(part.name)}`,
          remedy,
          topology.context.problems,
        );
      }
      // Parts of one service are together already.
      if (carrier === service) return [];
      if (carrier !== undefined) return [{ name, carrier, node }];
      const message = `requirement ${quote(name)} of node ${quote(part.name)} names ${quote(target)}, which is not one service`;
      topology.context.problems.error("bad-link", node.at, message, "name the node of the service that is meant");
      return [];
    }),
  );
  const links = new Map<string, Entry>();
  for (const { carrier, node } of wishes) {
    links.set(carrier.id, entryOf(carrier.id, componentNode(carrier.id, node.at)));
  }
  for (const { name, carrier, node } of wishes) {
    const isOwn = wishes.every((wish) => wish.name !== name || wish.carrier === carrier);
    if (GENERAL.includes(name) || !isOwn || !isId(name) || links.has(name)) continue;
    links.set(name, entryOf(name, componentNode(carrier.id, node.at)));
  }
  const [first] = links.values();
  return first === undefined ? [] : [entryOf("links", mapNode([...links.values()], first.keyAt))];
}

/** Entries of several nodes under one key: lists and maps are joined, of other values the last one counts. */
function joined(entries: readonly Entry[]): readonly Entry[] {
  const result = new Map<string, Entry>();
  for (const entry of entries) {
    const before = result.get(entry.key)?.value;
    if (before?.kind === "list" && entry.value.kind === "list") {
      result.set(entry.key, { ...entry, value: listNode([...before.items, ...entry.value.items], before.at) });
    } else if (before?.kind === "map" && entry.value.kind === "map") {
      result.set(entry.key, { ...entry, value: mapNode([...before.entries, ...entry.value.entries], before.at) });
    } else result.set(entry.key, entry);
  }
  return [...result.values()];
}

function unique(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.map((entry) => [entry.key, entry])).values()];
}
