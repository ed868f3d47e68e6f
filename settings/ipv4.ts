/** A range of IPv4 addresses: `first` to `last` as numbers, `text` with the host bits cleared. */
export interface Range {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
  readonly text: string;
}

/** Reads `a.b.c.d/n`, or an address alone as a range of one; undefined for anything else, IPv6 too. */
export function parseRange(text: string): Range | undefined {
  const [, address = "", length = "32"] = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  const parts = address.split(".").map(Number);
  const prefix = Number(length);
  if (address === "" || prefix > 32 || parts.some((part) => part > 255)) {
    return undefined;
  }
  const size = 2 ** (32 - prefix);
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  const first = value - (value % size);
  return { first, last: first + size - 1, prefix, text: `${formatAddress(first)}/${prefix}` };
}

/** True if the two have an address in common. */
export function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** First addresses of the /24 ranges that a range touches; of /16 ranges where it is wider than one of them. Empty if it is no range. */
export function blocksOf(text: string): readonly string[] {
  const range = parseRange(text);
  if (range === undefined) return [];
  const size = range.prefix < 16 ? 2 ** 16 : 2 ** 8;
  const addresses: string[] = [];
  for (let at = range.first - (range.first % size); at <= range.last; at += size) addresses.push(formatAddress(at));
  return addresses;
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
