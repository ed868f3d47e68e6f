import type { Port, PortBinding, Protocol } from "./model";
import { comparePorts, portText, sortPorts } from "./port";
import { subject } from "./scope";
import { type Reading, readMap, refuse, wholeNumber } from "./values";
import { type Node, quote, type ScalarNode } from "./yaml/nodes";

const MAX_PORT = 65_535;
const ONE = `a TCP port from 1 to ${MAX_PORT}`;
const EITHER = `a port from 1 to ${MAX_PORT}`;
const MANY = 'write a port, a list of ports such as [8080, 53/udp], or a text such as "6379,80"';
const BINDINGS = "write a map of host port to container port, e.g. { 80: 9090, 5353/udp: 53 }";

/** A port whose protocol is TCP unless it is written. */
interface WrittenPort {
  readonly port: number;
  readonly protocol?: Protocol;
}

/** `openPorts`, `directPorts`: a port, a list of ports, or a text with commas. Ascending, those of TCP first, without duplicates. */
export function readPorts(node: Node, reading: Reading): readonly Port[] | undefined {
  const items = node.kind === "list" ? node.items : node.kind === "scalar" ? splitPorts(node) : undefined;
  if (items === undefined) return refuse(node, reading, "one or more ports", MANY);
  const ports = items.map((item) => readEither(item, reading, MANY));
  if (ports.includes(undefined)) return undefined;
  return sortPorts((ports as WrittenPort[]).map(({ port, protocol = "tcp" }) => ({ port, protocol })));
}

/** A port of TCP. */
export function readPort(node: Node, reading: Reading, remedy = `write ${ONE}`): number | undefined {
  const port = node.kind === "scalar" ? wholeNumber(node) : undefined;
  if (port !== undefined && port >= 1 && port <= MAX_PORT) return port;
  return refuse(node, reading, ONE, remedy, "bad-port");
}

/** `53`, `53/tcp` or `53/udp`. */
function readEither(node: Node, reading: Reading, remedy: string): WrittenPort | undefined {
  const [, number = "", suffix] =
    node.kind === "scalar" ? (/^\s*(\d{1,15})(?:\/([a-z]+))?\s*$/i.exec(node.text) ?? []) : [];
  const port = Number(number);
  if (port < 1 || port > MAX_PORT) return refuse(node, reading, EITHER, remedy, "bad-port");
  const protocol = suffix?.toLowerCase();
  if (protocol === undefined) return { port };
  if (protocol === "tcp" || protocol === "udp") return { port, protocol };
  const instead = `leave it out, or write ${port} for TCP or ${port}/udp`;
  return refuse(node, reading, "a port of TCP or UDP", instead, "unsupported-protocol");
}

/** A Brooklyn port range such as `6379+`, `6379-6399` or `80,8080`, of which the first port is taken. */
export function readFirstPort(node: Node, reading: Reading): number | undefined {
  const remedy = "write a port, or a range such as 6379+ or 6379-6399, of which the first is taken";
  const first =
    node.kind === "scalar" ? /^\s*(\d+)\s*(\+|-\s*\d+|(?:,\s*\d+\s*)+)?\s*$/.exec(node.text)?.[1] : undefined;
  return readPort(first === undefined || node.kind !== "scalar" ? node : { ...node, text: first }, reading, remedy);
}

/** `portBindings`: host port to container port, by host port, those of TCP first. Either of the two may bear the protocol of both. */
export function readPortBindings(node: Node, reading: Reading): readonly PortBinding[] | undefined {
  const map = readMap(node, reading, BINDINGS);
  if (map === undefined) return undefined;
  const bindings = new Map<string, PortBinding>();
  let complete = true;
  for (const { key, keyAt, value } of map.entries) {
    const keyNode: ScalarNode = { kind: "scalar", value: key, text: key, secret: false, at: keyAt };
    const host = readEither(keyNode, { ...reading, key: `the host port in ${reading.key}` }, BINDINGS);
    const container = readEither(value, { ...reading, key: `the container port in ${reading.key}` }, BINDINGS);
    if (host === undefined || container === undefined) {
      complete = false;
      continue;
    }
    const protocol = host.protocol ?? container.protocol ?? "tcp";
    const name = portText({ port: host.port, protocol });
    if (container.protocol !== undefined && container.protocol !== protocol) {
      complete = false;
      reading.scope.problems.error(
        "bad-port",
        value.at,
        `${subject(reading.key, reading.scope)} binds the host port ${quote(key)} to a port of another protocol, ${container.port}/${container.protocol}`,
        `write the protocol once, e.g. { ${host.port}/${container.protocol}: ${container.port} }`,
      );
    } else if (bindings.has(name)) {
      complete = false;
      reading.scope.problems.error(
        "duplicate-port",
        keyAt,
        `${subject(reading.key, reading.scope)} binds the host port ${name} twice, the second time as ${quote(key)}`,
        "give each container port a host port of its own",
      );
    } else {
      bindings.set(name, { hostPort: host.port, containerPort: container.port, protocol, at: value.at });
    }
  }
  return complete ? [...bindings.values()].sort(byHostPort) : undefined;
}

function byHostPort(a: PortBinding, b: PortBinding): number {
  return comparePorts({ port: a.hostPort, protocol: a.protocol }, { port: b.hostPort, protocol: b.protocol });
}

function splitPorts(node: ScalarNode): readonly ScalarNode[] {
  if (!/^[\s\w/,[\]]*,[\s\w/,[\]]*$|^\s*\[\s*\d+(?:\/\w+)?\s*\]\s*$/.test(node.text)) return [node];
  const inner = node.text.trim().replace(/^\[(.*)\]$/, "$1");
  return inner.split(",").map((text) => ({ ...node, text: text.trim(), textColumn: undefined }));
}
