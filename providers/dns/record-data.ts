import { canonicalAddress } from "./addresses";
import { canonicalName, nameProblem } from "./names";

export const RECORD_TYPES = ["A", "AAAA", "PTR", "CNAME", "SRV", "TXT"] as const;

export type RecordType = (typeof RECORD_TYPES)[number];

const SRV = /^(\d{1,5}) +(\d{1,5}) +(\d{1,5}) +(\S+)$/;
const SRV_NUMBER_MAX = 65535;
/** nsupdate reads lines of 128 kB, and a byte may become four characters. */
const TXT_BYTES_MAX = 16_000;
const STRING_BYTES_MAX = 255;
/** A character-string of a zone file, in quotes or not. */
const STRING = /"((?:[^"\\]|\\.)*)"|((?:[^"\\\s]|\\.)+)/gs;
const ESCAPE = /\\(\d{3}|.)/gs;

/** Why a value cannot be of this type, undefined if it can. */
export function valueProblem(type: RecordType, value: string): string | undefined {
  switch (type) {
    case "A":
      return canonicalAddress(value, 4) ? undefined : `must be an IPv4 address; it is "${value}"`;
    case "AAAA":
      return canonicalAddress(value, 6) ? undefined : `must be an IPv6 address; it is "${value}"`;
    case "CNAME":
      return nameProblem(value);
    case "PTR":
      return nameProblem(value, { hostsOnly: true });
    case "SRV":
      return serviceProblem(value);
    case "TXT": {
      const bytes = Buffer.byteLength(value);
      return bytes <= TXT_BYTES_MAX ? undefined : `has ${bytes} bytes; at most ${TXT_BYTES_MAX} are allowed`;
    }
  }
}

/** The one way to write a value, by which two can be compared. */
export function canonicalValue(type: RecordType, value: string): string {
  switch (type) {
    case "A":
      return value;
    case "AAAA":
      return canonicalAddress(value, 6) ?? value;
    case "CNAME":
    case "PTR":
      return canonicalName(value);
    case "SRV": {
      const [, priority, weight, port, target = ""] = SRV.exec(value) ?? [];
      if (priority === undefined) return value;
      return [...[priority, weight, port].map(Number), targetName(target)].join(" ");
    }
    case "TXT":
      return value;
  }
}

/** The value as a zone file has it. */
export function toData(type: RecordType, value: string): string {
  const canonical = canonicalValue(type, value);
  switch (type) {
    case "A":
    case "AAAA":
      return canonical;
    case "CNAME":
    case "PTR":
      return `${canonical}.`;
    case "SRV":
      return canonical.endsWith(".") ? canonical : `${canonical}.`;
    case "TXT":
      return quoted(Buffer.from(value));
  }
}

/** The canonical value of what a zone file has; of several strings in one TXT record, all of them joined. */
export function fromData(type: RecordType, data: string): string {
  if (type !== "TXT") return canonicalValue(type, data);
  const strings = [...data.matchAll(STRING)].map(([, inQuotes, bare]) => unescaped(inQuotes ?? bare ?? ""));
  return Buffer.concat(strings).toString("utf8");
}

function serviceProblem(value: string): string | undefined {
  const [, priority, weight, port, target = ""] = SRV.exec(value) ?? [];
  if (priority === undefined || [priority, weight, port].some((number) => Number(number) > SRV_NUMBER_MAX)) {
    return `must be priority, weight, port (0 to ${SRV_NUMBER_MAX} each) and a host's name, such as "0 0 8080 web.example.com"; it is "${value}"`;
  }
  return target === "." ? undefined : nameProblem(target, { hostsOnly: true });
}

/** A lone dot says that there is no such service. */
function targetName(target: string): string {
  return target === "." ? target : canonicalName(target);
}

function quoted(bytes: Buffer): string {
  const strings: string[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += STRING_BYTES_MAX) {
    const characters = [...bytes.subarray(from, from + STRING_BYTES_MAX)].map(escaped);
    strings.push(`"${characters.join("")}"`);
  }
  return strings.join(" ");
}

function escaped(byte: number): string {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9 !#-/:<-@[\]^_`{|}~]/.test(character) && character !== '"') return character;
  return `\\${String(byte).padStart(3, "0")}`;
}

function unescaped(text: string): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const code = match[1] ?? "";
    parts.push(Buffer.from(text.slice(from, match.index)));
    parts.push(code.length === 3 ? Buffer.from([Number(code)]) : Buffer.from(code));
    from = match.index + match[0].length;
  }
  parts.push(Buffer.from(text.slice(from)));
  return Buffer.concat(parts);
}
