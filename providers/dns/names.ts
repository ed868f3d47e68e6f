import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import { groupsOf } from "./addresses";

const NAME_LIMIT = 253;
const LABEL_LIMIT = 63;
const HASH_LENGTH = 8;
const CLAIM = "clocker-stack=";

const HOST_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LABEL = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;

/** Lower case and without the dot at its end: names that differ in nothing else are the same name. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/**
 * Why a text cannot be a name on a name server, undefined if it can.
 * @param hostsOnly Whether it has to be a host's name: no underscores.
 */
export function nameProblem(name: string, { hostsOnly = false, wildcard = false } = {}): string | undefined {
  const canonical = canonicalName(name);
  if (canonical.length > NAME_LIMIT) return `has ${canonical.length} characters; at most ${NAME_LIMIT} are allowed`;
  const labels = canonical.split(".");
  if (wildcard && labels[0] === "*" && labels.length > 1) labels.shift();
  const wrong = labels.find((label) => label.length > LABEL_LIMIT || !(hostsOnly ? HOST_LABEL : LABEL).test(label));
  if (wrong === undefined) return undefined;
  const letters = hostsOnly ? "letters, digits and hyphens" : "letters, digits, hyphens and underscores";
  return (
    `has the part "${wrong}" (${wrong.length} characters) in "${name}"; the parts between its dots are 1 to ${LABEL_LIMIT} ${letters}, ` +
    "without a hyphen at either end"
  );
}

/**
 * The name that a PTR record of this address has: `1.2.0.192.in-addr.arpa`, or 32 digits below `ip6.arpa`.
 * @throws Error if it is no IP address.
 */
export function reverseName(ip: string): string {
  if (isIPv4(ip)) return `${ip.split(".").reverse().join(".")}.in-addr.arpa`;
  const digits = groupsOf(ip)
    .map((group) => group.toString(16).padStart(4, "0"))
    .join("");
  return `${[...digits].reverse().join(".")}.ip6.arpa`;
}

/** `<application>.<domain>`: what the names of an application's services end with. */
export function applicationDomain(application: string, domain: string): string {
  return [labelOf(application), canonicalName(domain)].join(".");
}

/** The name whose TXT record says which stack has the names below an application's domain. */
export function claimName(application: string, domain: string): string {
  return `_clocker.${applicationDomain(application, domain)}`;
}

/** The text of that record. */
export function claimText(stack: string): string {
  return `${CLAIM}${stack}`;
}

/** The stack that a text at that name speaks of; undefined if it is another text. */
export function claimingStack(text: string): string | undefined {
  return text.startsWith(CLAIM) ? text.slice(CLAIM.length) : undefined;
}

/**
 * `<service>.<application>.<domain>`. A part that is no label is made one, with a hash of what it was, so that two services never share a name.
 * @throws Error if there is no room for it: the domain is too long.
 */
export function serviceName(service: string, application: string, domain: string): string {
  const name = `${labelOf(service)}.${applicationDomain(application, domain)}`;
  const problem = nameProblem(name);
  if (problem === undefined) return name;
  throw new Error(
    `service "${service}" of "${application}" has no name below ${domain}: it ${problem}. Choose another dns.domain or shorter ids`,
  );
}

function labelOf(text: string): string {
  const clean = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  if (clean === text && clean.length <= LABEL_LIMIT) return clean;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
  const kept = clean.slice(0, LABEL_LIMIT - HASH_LENGTH - 1).replace(/-$/, "");
  return kept === "" ? hash : `${kept}-${hash}`;
}
