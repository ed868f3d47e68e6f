import {
  addressText,
  isStrictlyMasked,
  networkText,
  parseAddress,
  parseNetwork,
  parseNetworkOrAddress,
} from "./address";
import { leaf, text, unlessEmpty } from "./leaves";
import type { Shape } from "./shape";

type Family = 4 | 6;

const ASK = { 4: "198.51.100.7", 6: "2001:db8::7" } as const;

/** One address without a prefix. */
export function address(family?: Family): Shape {
  const allowed = family ? `an IPv${family} address` : "an address";
  const example = family ? ASK[family] : `${ASK[4]} or ${ASK[6]}`;
  return leaf(
    (value, at, findings) => {
      const parsed = parseAddress(value);
      if (value === "" || (parsed && (family ?? parsed.family) === parsed.family)) return;
      findings.refuse(at, value, allowed, `write one without a prefix length, such as ${example}`);
    },
    unlessEmpty,
    (value) => {
      const parsed = parseAddress(value);
      return parsed ? addressText(parsed) : unlessEmpty(value);
    },
  );
}

interface NetworkRule {
  readonly family?: Family;
  /** A prefix length must be written. */
  readonly prefixed?: boolean;
  /** No bit may be set after the prefix. */
  readonly strict?: boolean;
  /** `0.0.0.0/0` and `::/0` are refused. */
  readonly bounded?: boolean;
  /** An empty text is refused. */
  readonly filled?: boolean;
}

/** A range of addresses. Equal ranges are equal however they are written. */
export function network(rule: NetworkRule = {}): Shape {
  const parse = rule.prefixed ? parseNetwork : parseNetworkOrAddress;
  return leaf(
    (value, at, findings) => {
      if (value === "" && !rule.filled) return;
      const parsed = parse(value);
      if (!parsed || (rule.family ?? parsed.family) !== parsed.family) {
        findings.refuse(at, value, `an ${rule.family ? `IPv${rule.family} ` : "IP "}network`, unreadable(value, rule));
      } else if (rule.strict && !isStrictlyMasked(parsed)) {
        findings.refuse(at, value, "a network: it names an address within one", `write '${networkText(parsed)}'`);
      } else if (rule.bounded && parsed.prefix === 0) {
        findings.refuse(at, value, "allowed in a negation: nothing would match", "leave the rule or the field out");
      }
    },
    unlessEmpty,
    (value) => {
      const parsed = parseNetworkOrAddress(value);
      return parsed ? networkText(parsed) : unlessEmpty(value);
    },
  );
}

function unreadable(value: unknown, rule: NetworkRule): string {
  const parsed = parseAddress(value);
  if (rule.prefixed && parsed)
    return `add the prefix length: '${value}/${parsed.family === 4 ? 32 : 128}' is that one address`;
  const example: Record<Family, string> = { 4: "198.51.100.0/24", 6: "2001:db8::/32" };
  return `write one such as ${rule.family ? example[rule.family] : `${example[4]} or ${example[6]}`}`;
}

export function mac(): Shape {
  const octets = (separator: string) => `[0-9A-Fa-f]{2}(${separator}[0-9A-Fa-f]{2}){5}`;
  const valid = new RegExp(`^(${octets(":")}|${octets("-")})$`);
  const base = text({ valid, allowed: "a MAC address", remedy: "write six octets, such as 02:42:c6:12:a0:00" });
  return leaf(base.check, base.stored, (value) =>
    typeof value === "string" ? unlessEmpty(value.toLowerCase().replaceAll("-", ":")) : value,
  );
}

/** A community name or `aa:nn` (16 bits each) or `aa:nn:mm` (32 bits each). */
export function isCommunityValue(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d+:\d+(:\d+)?$/.test(value)) return false;
  const parts = value.split(":");
  return parts.every((part) => Number(part) < 2 ** (parts.length === 2 ? 16 : 32));
}
