import { createHash } from "node:crypto";

/** Room for `<application>-<stack>`, so that it is a prefix of every service's name whatever their lengths. */
const PLAN_NAME_LIMIT = 40;

/** `<application>-<stack>` in lower-case letters, digits and hyphens, distinct for every application and stack; at most 40 characters. */
export function planName(application: string, stack: string): string {
  return join(application, stack, PLAN_NAME_LIMIT);
}

/**
 * `<plan name>-<service>` in lower-case letters, digits and hyphens, distinct for every plan and service.
 * @param limit The most characters that the platform takes, at least 50.
 */
export function serviceName(plan: string, service: string, limit: number): string {
  return `${plan}-${dnsLabel(service, limit - plan.length - 1, service.includes("-"))}`;
}

/** A number from 0 to `size - 1` that depends on the text alone. */
export function stableNumber(text: string, size: number): number {
  return Number.parseInt(digest(text), 16) % size;
}

function join(first: string, second: string, limit: number): string {
  return dnsLabel(`${first}-${second}`, limit, second.includes("-"), JSON.stringify([first, second]));
}

/**
 * Lower-case letters, digits and hyphens: the text itself where that is a name; else what can be kept of it with a hash of `identity`.
 * @param ambiguous Another pair could give the same text (`a-b` + `c` and `a` + `b-c`): only a last part without hyphens can be told
 *   from what stands before it.
 */
export function dnsLabel(text: string, limit: number, ambiguous: boolean, identity = text): string {
  const clean = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  if (clean === text && !ambiguous && clean.length <= limit) {
    return clean;
  }
  const hash = digest(identity).slice(0, 8);
  const kept = clean.slice(0, limit - hash.length - 1).replace(/-$/, "");
  return kept === "" ? hash : `${kept}-${hash}`;
}

/** 48 bits of SHA-256, in hexadecimal: exact as a JavaScript number. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
