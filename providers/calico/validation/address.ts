import { isIPv4, isIPv6 } from "node:net";

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A range of addresses. `address` is the one that was written, `base` the first of the range. */
export interface Network {
  readonly family: 4 | 6;
  readonly address: bigint;
  readonly base: bigint;
  readonly prefix: number;
}

/** Undefined for anything but one plain address: no zone, no IPv4-mapped IPv6 (Calico takes that for IPv4). */
export function parseAddress(text: unknown): Address | undefined {
  if (typeof text !== "string") return undefined;
  if (isIPv4(text)) return { family: 4, value: v4(text) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const value = v6(text);
  return value >> 32n === 0xffffn ? undefined : { family: 6, value };
}

/** `address/prefix`; undefined without a prefix. */
export function parseNetwork(text: unknown): Network | undefined {
  if (typeof text !== "string") return undefined;
  const slash = text.indexOf("/");
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  if (!address || !/^(0|[1-9]\d{0,2})$/.test(text.slice(slash + 1))) return undefined;
  const prefix = Number(text.slice(slash + 1));
  return prefix <= bits(address.family) ? networkOf(address, prefix) : undefined;
}

/** `address/prefix` or a bare address, which stands for itself alone. */
export function parseNetworkOrAddress(text: unknown): Network | undefined {
  const address = parseAddress(text);
  return address ? networkOf(address, bits(address.family)) : parseNetwork(text);
}

export function isStrictlyMasked(network: Network): boolean {
  return network.address === network.base;
}

/** `base/prefix` in the usual shortest form. */
export function networkText(network: Network): string {
  return `${addressText({ family: network.family, value: network.base })}/${network.prefix}`;
}

export function addressText({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return groups.join(":");
  return `${groups.slice(0, zeros.start).join(":")}::${groups.slice(zeros.start + zeros.length).join(":")}`;
}

export function overlaps(a: Network, b: Network): boolean {
  if (a.family !== b.family) return false;
  const shift = BigInt(bits(a.family) - Math.min(a.prefix, b.prefix));
  return a.base >> shift === b.base >> shift;
}

export function contains(network: Network, address: Address): boolean {
  const shift = BigInt(bits(network.family) - network.prefix);
  return network.family === address.family && network.base >> shift === address.value >> shift;
}

export function bits(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

function networkOf(address: Address, prefix: number): Network {
  const shift = BigInt(bits(address.family) - prefix);
  return { family: address.family, address: address.value, base: (address.value >> shift) << shift, prefix };
}

function v4(text: string): bigint {
  return text.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function v6(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros: bigint[] = Array(Math.max(0, 8 - before.length - after.length)).fill(0n);
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | group, 0n);
}

function groups(text: string): bigint[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [BigInt(`0x${group}`)];
    const low = v4(group);
    return [low >> 16n, low & 0xffffn];
  });
}

function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
