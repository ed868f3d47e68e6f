/** A range of IPv4 addresses; `first` is its lowest address as a number. */
export interface Range {
  readonly first: number;
  readonly prefix: number;
}

const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ADDRESS = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);
const PREFIX = /^(3[0-2]|[12]?\d)$/;

/** Undefined if the text is no IPv4 address in dotted decimal. */
export function parseAddress(text: string): number | undefined {
  if (!ADDRESS.test(text)) return undefined;
  return text.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);
}

export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** Reads `address/prefix`; undefined if it is none or has bits behind its prefix. */
export function parseRange(text: string): Range | undefined {
  const [base = "", length = "", ...rest] = text.split("/");
  const first = parseAddress(base);
  if (first === undefined || rest.length > 0 || !PREFIX.test(length)) return undefined;
  const prefix = Number(length);
  return first % sizeOf({ first, prefix }) === 0 ? { first, prefix } : undefined;
}

export function rangeText(range: Range): string {
  return `${addressText(range.first)}/${range.prefix}`;
}

/** How many addresses a range holds. */
export function sizeOf(range: Range): number {
  return 2 ** (32 - range.prefix);
}

export function holds(range: Range, address: number): boolean {
  return address >= range.first && address < range.first + sizeOf(range);
}

export function overlap(one: Range, other: Range): boolean {
  return one.prefix <= other.prefix ? holds(one, other.first) : holds(other, one.first);
}
