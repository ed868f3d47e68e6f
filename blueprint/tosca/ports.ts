import { suffixed } from "../port";
import { entryOf, listNode, mapNode, textNode } from "../yaml/make";
import { type Entry, isExpression, isNull, type Node, quote, show, textOf } from "../yaml/nodes";
import { evaluate } from "./functions";
import { capabilityProperties, propertyOf } from "./properties";
import { checkKeys, ignored, type KeyTable, unsupported } from "./report";
import type { Topology, ToscaNode } from "./topology";

interface Port {
  readonly target: Node;
  /** Port of the host; undefined: any. */
  readonly source?: Node;
}

const SPEC_KEYS: KeyTable = {
  protocol: "read",
  target: "read",
  source: "read",
  target_range: { refused: "write one port specification for each port" },
  source_range: { refused: "write one port specification for each port" },
};
const ENDPOINT_KEYS: KeyTable = {
  port: "read",
  ports: "read",
  protocol: "read",
  network_name: "read",
  url_path: { ignored: "a path is the client's to ask for" },
  port_name: { ignored: "use the port's number" },
  initiator: { ignored: "links say who connects to whom" },
  secure: { ignored: "whether a connection is encrypted is up to the container" },
};
/** A port of the node alone. */
const PLAIN = { isPublic: false, transport: "tcp" };
const FORM = "write e.g. { protocol: tcp, target: 80, source: 8080 }";

/** Ports of a node: those of its endpoints, its `port` and its `ports`. */
export function portsOf(node: ToscaNode, endpoints: readonly string[], topology: Topology): readonly Entry[] {
  const property = (name: string) => propertyOf(node, name, topology);
  const where = `node ${quote(node.name)}`;
  const [port, ports] = [property("port"), property("ports")];
  const all = [
    ...(port === undefined ? [] : one(port, PLAIN, node, where, topology)),
    ...(ports === undefined ? [] : many(ports, node, where, topology)),
    ...endpoints.flatMap((endpoint) => endpointPorts(endpoint, node, topology)),
  ];
  const bound = new Map(
    all.flatMap(({ target, source }) => (source ? [[textOf(source) ?? "", { target, source }]] : [])),
  );
  const open = all.filter(({ source }) => source === undefined).map(({ target }) => target);
  const [firstBound] = bound.values();
  const [firstOpen] = open;
  return [
    ...(firstBound === undefined
      ? []
      : [
          entryOf(
            "portBindings",
            mapNode(
              [...bound].map(([key, { target, source }]) => entryOf(key, target, source.at)),
              firstBound.source.at,
            ),
          ),
        ]),
    ...(firstOpen === undefined ? [] : [entryOf("openPorts", listNode(open, firstOpen.at))]),
  ];
}

function endpointPorts(name: string, node: ToscaNode, topology: Topology): readonly Port[] {
  const { problems } = topology.context;
  const entries = capabilityProperties(node, name, topology);
  const where = `capability ${quote(name)} of node ${quote(node.name)}`;
  checkKeys(mapNode(entries, node.node.at), ENDPOINT_KEYS, where, problems);
  const value = (key: string) => entries.find((entry) => entry.key === key)?.value;
  const [port, ports, protocol, network] = ["port", "ports", "protocol", "network_name"].map(value);
  const transport = transportOf(protocol, node, where, topology);
  if (transport === undefined) return [];
  const networkName = network && staticText(network, node, where, topology);
  const isPublic = networkName === "PUBLIC";
  if (network !== undefined && networkName !== undefined && !isPublic && networkName !== "PRIVATE") {
    const remedy = "say in the stack's clocker:network what networks are like";
    ignored(network.at, `the network ${quote(networkName)}`, where, remedy, problems);
  }
  return [
    ...(port === undefined ? [] : one(port, { isPublic, transport }, node, where, topology)),
    ...(ports === undefined ? [] : many(ports, node, where, topology)),
  ];
}

function one(
  port: Node,
  { isPublic, transport }: { readonly isPublic: boolean; readonly transport: string },
  node: ToscaNode,
  where: string,
  topology: Topology,
): readonly Port[] {
  const text = staticText(port, node, where, topology);
  if (text === undefined) return [];
  const target = textNode(suffixed(text, transport), port.at);
  return [isPublic ? { target, source: target } : { target }];
}

/** A list of port specifications, or a map of them by name. */
function many(ports: Node, node: ToscaNode, where: string, topology: Topology): readonly Port[] {
  const value = evaluate(ports, node, topology);
  if (value === undefined) return [];
  const { problems } = topology.context;
  if (value.kind === "scalar") {
    problems.error("bad-type", value.at, `ports of ${where} needs a list or a map, not ${show(value)}`, FORM);
    return [];
  }
  const specs = value.kind === "list" ? value.items : value.entries.map((entry) => entry.value);
  return specs.flatMap((spec): readonly Port[] => {
    if (spec.kind === "scalar") return one(spec, PLAIN, node, where, topology);
    if (spec.kind !== "map") {
      problems.error("bad-type", spec.at, `a port of ${where} needs a map, not ${show(spec)}`, FORM);
      return [];
    }
    checkKeys(spec, SPEC_KEYS, `a port of ${where}`, problems);
    const field = (key: string) => spec.entries.find((entry) => entry.key === key && !isNull(entry.value))?.value;
    const [protocol, target, source] = ["protocol", "target", "source"].map(field);
    const transport = transportOf(protocol, node, where, topology);
    if (transport === undefined) return [];
    const inside = target ?? source;
    if (inside === undefined) {
      problems.error("bad-port", spec.at, `a port of ${where} has neither target nor source`, FORM);
      return [];
    }
    const text = staticText(inside, node, where, topology);
    const outside = source && staticText(source, node, where, topology);
    if (text === undefined || (source && outside === undefined)) return [];
    const open = { target: textNode(suffixed(text, transport), inside.at) };
    if (!source || outside === undefined) return [open];
    return [{ ...open, source: textNode(suffixed(outside, transport), source.at) }];
  });
}

/** The protocol below the one that is named, which may be one of applications. */
function transportOf(
  protocol: Node | undefined,
  node: ToscaNode,
  where: string,
  topology: Topology,
): "tcp" | "udp" | undefined {
  if (protocol === undefined) return "tcp";
  const text = staticText(protocol, node, where, topology);
  if (text === undefined) return undefined;
  if (/^udp$/i.test(text)) return "udp";
  if (!/^(igmp|icmp|sctp)$/i.test(text)) return "tcp";
  const remedy = "leave the port out: ports are of TCP or UDP";
  unsupported(protocol.at, `the protocol ${quote(text)}`, where, remedy, topology.context.problems);
  return undefined;
}

/** A value that has to be known before anything runs; undefined after telling why it is not. */
export function staticText(value: Node, node: ToscaNode, where: string, topology: Topology): string | undefined {
  const evaluated = evaluate(value, node, topology);
  if (evaluated === undefined) return undefined;
  const text = isExpression(evaluated) ? undefined : textOf(evaluated);
  if (text !== undefined) return text;
  const message = `${where} needs a single value that is known before anything runs, not ${show(value)}`;
  topology.context.problems.error("bad-type", value.at, message, "write the value out");
  return undefined;
}
