import { createHash, timingSafeEqual } from "node:crypto";
import type { ServerOptions } from "../options";

/** Whether the Authorization header satisfies the options; without credentials and token everything does. */
export function isAuthorised(header: string | undefined, options: ServerOptions): boolean {
  const { credentials, token } = options;
  if (!credentials && token === undefined) return true;
  if (!header) return false;
  if (token !== undefined && same(header, `token=${token}`)) return true;
  if (!credentials) return false;
  const [scheme = "", value = ""] = header.split(/\s+/, 2);
  if (scheme.toLowerCase() !== "basic") return false;
  const given = Buffer.from(value, "base64").toString("utf8");
  return same(given, `${credentials.user}:${credentials.password}`);
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
