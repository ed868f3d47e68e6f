import { suffixed } from "../port";
import { entryOf, listNode, mapNode, textNode } from "../yaml/make";
import { type Entry, find, type Node, textOf } from "../yaml/nodes";
import { type ComposeService, checkKeys, ignored, refuse, unsupported } from "./translator";

interface PortRange {
  /** First port of the host's range; undefined: any. */
  readonly published?: number;
  readonly target: number;
  readonly count: number;
  readonly protocol: string;
  readonly node: Node;
}

const FORM = 'write "8080:80", "80", or { target: 80, published: 8080 }';
const EVERY = new Set(["0.0.0.0", "[::]"]);
const MOST = 100;

/** `ports`: those with a port of the host are bound there, the others get any. */
export function translatePorts({ key, value }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind !== "list") return refuse(value, key, service, "a list of ports", FORM);
  const ranges = value.items.flatMap((item) => readPort(item, service));
  const all = ranges.flatMap((range) =>
    Array.from({ length: range.count }, (_, index) => ({
      node: range.node,
      target: suffixed(String(range.target + index), range.protocol),
      published: range.published === undefined ? undefined : suffixed(String(range.published + index), range.protocol),
    })),
  );
  const bound = all.filter(({ published }) => published !== undefined);
  const open = all.filter(({ published }) => published === undefined);
  return [
    ...(bound.length > 0
      ? [
          entryOf(
            "portBindings",
            mapNode(
              bound.map(({ published = "", target, node }) => entryOf(published, textNode(target, node.at))),
              value.at,
            ),
          ),
        ]
      : []),
    ...open.map(({ target, node }) => entryOf("openPorts", listNode([textNode(target, node.at)], value.at))),
  ];
}

/** `expose`: what links may use. */
export function translateExpose({ key, value }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind !== "list") return refuse(value, key, service, "a list of ports", 'write e.g. ["6379"]');
  return value.items.flatMap((item) => {
    const [, ports, protocol = "tcp"] = /^([\d-]+)(?:\/(tcp|udp))?$/.exec(textOf(item) ?? "") ?? [];
    const range = rangeOf(ports);
    if (range === undefined) return refuse(item, key, service, "ports", 'write e.g. "6379", "7000-7005" or "53/udp"');
    const all = Array.from({ length: range.count }, (_, index) => suffixed(String(range.first + index), protocol));
    return [
      entryOf(
        "openPorts",
        listNode(
          all.map((port) => textNode(port, item.at)),
          item.at,
        ),
      ),
    ];
  });
}

function readPort(node: Node, service: ComposeService): readonly PortRange[] {
  return node.kind === "map" ? readLong(node, service) : readShort(node, service);
}

function readShort(node: Node, service: ComposeService): readonly PortRange[] {
  const [, address, rest = "", protocol = "tcp"] =
    /^(?:(\[[0-9a-f:.]+\]|\d+(?:\.\d+){3}):)?([\d:-]+?)(?:\/(\w+))?$/i.exec(textOf(node)?.trim() ?? "") ?? [];
  const [target, published, ...more] = rest.split(":").reverse();
  const inside = rangeOf(target);
  const outside = published === undefined || published === "" ? undefined : rangeOf(published);
  if (inside === undefined || more.length > 0 || (published && outside === undefined)) {
    return refuse(node, "ports", service, "ports", FORM);
  }
  if (address !== undefined && !EVERY.has(address)) return refuseHost(node, address, service);
  if (outside !== undefined && outside.count !== inside.count) {
    return refuse(node, "ports", service, "two ranges of one length", 'write e.g. "8000-8003:9000-9003"');
  }
  const range = { target: inside.first, count: inside.count, protocol: protocol.toLowerCase(), node };
  return checked(outside === undefined ? range : { ...range, published: outside.first }, service);
}

function rangeOf(text: string | undefined): { readonly first: number; readonly count: number } | undefined {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text ?? "") ?? [];
  const count = Number(last) - Number(first) + 1;
  return count >= 1 && count <= MOST ? { first: Number(first), count } : undefined;
}

function readLong(node: Node & { kind: "map" }, service: ComposeService): readonly PortRange[] {
  checkKeys(node, "ports", ["target", "published", "host_ip", "protocol", "mode", "app_protocol", "name"], service);
  const text = (key: string) => {
    const entry = find(node, key);
    return entry && textOf(entry.value);
  };
  const [target, published, host, protocol = "tcp"] = ["target", "published", "host_ip", "protocol"].map(text);
  if (host !== undefined && !EVERY.has(host)) return refuseHost(node, host, service);
  const mode = find(node, "mode");
  if (mode) ignored(mode.keyAt, "mode of ports", service, "remove it: a port is always one of the host's");
  const whole = (given: string | undefined) => given === undefined || /^\d+$/.test(given);
  if (target === undefined || !whole(target) || !whole(published)) return refuse(node, "ports", service, "ports", FORM);
  const range = { ...(published !== undefined && { published: Number(published) }), target: Number(target) };
  return checked({ ...range, count: 1, protocol: protocol.toLowerCase(), node }, service);
}

function checked(range: PortRange, service: ComposeService): readonly PortRange[] {
  if (["tcp", "udp"].includes(range.protocol)) return [range];
  return unsupported(range.node.at, `the protocol ${range.protocol} of ports`, service, "use tcp or udp");
}

function refuseHost(node: Node, host: string, service: ComposeService): readonly [] {
  const remedy = "leave the address out, and write it as publishOn of the host in the stack's clocker:locations";
  return unsupported(node.at, `the host address ${host} of ports`, service, remedy);
}
