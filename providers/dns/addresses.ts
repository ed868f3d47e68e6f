import { isIPv4, isIPv6 } from "node:net";

const GROUPS = 8;

/**
 * The eight 16-bit numbers of an IPv6 address.
 * @throws Error if it is none, or has a zone (`%eth0`).
 */
export function groupsOf(address: string): readonly number[] {
  if (!isIPv6(address) || address.includes("%")) {
    throw new Error(`"${address}" is no IP address; give one such as 192.0.2.1 or 2001:db8::1`);
  }
  const [head = "", tail] = address.split("::");
  const first = numbersOf(head);
  if (tail === undefined) return first;
  const last = numbersOf(tail);
  return [...first, ...new Array<number>(GROUPS - first.length - last.length).fill(0), ...last];
}

/** The one way to write an address, by which two can be compared; undefined if it is no address of that version. */
export function canonicalAddress(address: string, version: 4 | 6): string | undefined {
  if (version === 4) return isIPv4(address) ? address : undefined;
  if (!isIPv6(address) || address.includes("%")) return undefined;
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function numbersOf(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
