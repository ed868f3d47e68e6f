import type { Port, Protocol } from "./model";

export function tcpPort(port: number): Port {
  return { port, protocol: "tcp" };
}

export function isTcp({ protocol }: { readonly protocol: Protocol }): boolean {
  return protocol === "tcp";
}

export function samePort(one: Port, other: Port): boolean {
  return one.port === other.port && one.protocol === other.protocol;
}

/** As blueprints, sensors and messages write it: `80`, `53/udp`. */
export function portText({ port, protocol }: Port): string {
  return suffixed(String(port), protocol);
}

/** The same of several, with commas. */
export function portTexts(ports: readonly Port[]): string {
  return ports.map(portText).join(", ");
}

/** A port's number as text with its protocol, unless that is TCP. */
export function suffixed(number: string, protocol: string): string {
  return protocol === "tcp" ? number : `${number}/${protocol}`;
}

/** Ascending, those of TCP first. */
export function comparePorts(one: Port, other: Port): number {
  return one.protocol < other.protocol ? -1 : one.protocol > other.protocol ? 1 : one.port - other.port;
}

/** Each port once, in the order of `comparePorts`. */
export function sortPorts(ports: readonly Port[]): readonly Port[] {
  const sorted = ports.map(({ port, protocol }): Port => ({ port, protocol })).sort(comparePorts);
  return sorted.filter((port, index) => {
    const before = sorted[index - 1];
    return before === undefined || !samePort(before, port);
  });
}

/** The numbers of those ports of one protocol, ascending and each once. */
export function numbersOf(ports: readonly Port[], protocol: Protocol): readonly number[] {
  return sortPorts(ports.filter((port) => port.protocol === protocol)).map(({ port }) => port);
}
