import type { PortBinding } from "./model";
import { subject } from "./scope";
import { type Reading, readMap, refuse, wholeNumber } from "./values";
import { type Node, quote, type ScalarNode } from "./yaml/nodes";

const MAX_PORT = 65_535;
const ONE = `a TCP port from 1 to ${MAX_PORT}`;
const MANY = 'write a port, a list of ports, or a text such as "6379,80"';
const BINDINGS = "write a map of host port to container port, e.g. { 80: 9090 }";

/** `openPorts`, `directPorts`: a port, a list of ports, or a text with commas. Ascending, without duplicates. */
export function readPorts(node: Node, reading: Reading): readonly number[] | undefined {
  const ports =
    node.kind === "list"
      ? node.items.map((item) => readPort(item, reading, MANY))
      : node.kind === "scalar"
        ? splitPorts(node).map((item) => readPort(item, reading, MANY))
        : [refuse(node, reading, "one or more ports", MANY)];
  return ports.includes(undefined) ? undefined : ascending(ports as number[]);
}

export function readPort(node: Node, reading: Reading, remedy = `write ${ONE}`): number | undefined {
  const port = node.kind === "scalar" ? wholeNumber(node) : undefined;
  if (port !== undefined && port >= 1 && port <= MAX_PORT) return port;
  if (node.kind === "scalar" && /^\d+\/(udp|sctp)$/i.test(node.text)) {
    return refuse(node, reading, ONE, "only TCP ports are supported yet: leave the others out", "unsupported-protocol");
  }
  return refuse(node, reading, ONE, remedy, "bad-port");
}

/** A Brooklyn port range such as `6379+`, `6379-6399` or `80,8080`, of which the first port is taken. */
export function readFirstPort(node: Node, reading: Reading): number | undefined {
  const remedy = "write a port, or a range such as 6379+ or 6379-6399, of which the first is taken";
  const first =
    node.kind === "scalar" ? /^\s*(\d+)\s*(\+|-\s*\d+|(?:,\s*\d+\s*)+)?\s*$/.exec(node.text)?.[1] : undefined;
  return readPort(first === undefined || node.kind !== "scalar" ? node : { ...node, text: first }, reading, remedy);
}

/** `portBindings`: host port to container port, in the order of host ports. */
export function readPortBindings(node: Node, reading: Reading): readonly PortBinding[] | undefined {
  const map = readMap(node, reading, BINDINGS);
  if (map === undefined) return undefined;
  const bindings = new Map<number, PortBinding>();
  let complete = true;
  for (const { key, keyAt, value } of map.entries) {
    const keyNode: ScalarNode = { kind: "scalar", value: key, text: key, secret: false, at: keyAt };
    const hostPort = readPort(keyNode, { ...reading, key: `the host port in ${reading.key}` }, BINDINGS);
    const containerPort = readPort(value, { ...reading, key: `the container port in ${reading.key}` }, BINDINGS);
    if (hostPort === undefined || containerPort === undefined) {
      complete = false;
    } else if (bindings.has(hostPort)) {
      complete = false;
      reading.scope.problems.error(
        "duplicate-port",
        keyAt,
        `${subject(reading.key, reading.scope)} binds the host port ${hostPort} twice, the second time as ${quote(key)}`,
        "give each container port a host port of its own",
      );
    } else {
      bindings.set(hostPort, { hostPort, containerPort, at: value.at });
    }
  }
  return complete ? [...bindings.values()].sort((a, b) => a.hostPort - b.hostPort) : undefined;
}

export function ascending(ports: readonly number[]): readonly number[] {
  return [...new Set(ports)].sort((a, b) => a - b);
}

function splitPorts(node: ScalarNode): readonly ScalarNode[] {
  if (!/^[\s\d,[\]]*,[\s\d,[\]]*$|^\s*\[\s*\d+\s*\]\s*$/.test(node.text)) return [node];
  const inner = node.text.trim().replace(/^\[(.*)\]$/, "$1");
  return inner.split(",").map((text) => ({ ...node, text: text.trim(), textColumn: undefined }));
}
