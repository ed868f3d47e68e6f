import { parseRange } from "../../settings/ipv4";

/** IPv4 ranges with their host bits cleared, ascending, each once: Calico takes no other, and its endpoints have IPv4 addresses. */
export function ipv4Ranges(ranges: readonly string[]): string[] {
  const parsed = ranges.flatMap((text) => parseRange(text) ?? []).sort((a, b) => a.first - b.first || a.last - b.last);
  return [...new Set(parsed.map(({ text }) => text))];
}
