import { z } from "zod";
import { parseRange } from "./ipv4";

/** Values that several settings share. Messages say what is allowed. */

export const address = z.union([z.ipv4(), z.ipv6(), z.hostname()], "an IP address or a host name");
export const ipAddress = z.union([z.ipv4(), z.ipv6()], "an IP address");
export const cidr = z.union([z.cidrv4(), z.cidrv6()], "an address range such as 192.0.2.0/24");
export const port = z.number().int().min(1).max(65535);
export const httpUrl = z.url({ protocol: /^https?$/, error: "a URL that begins with http:// or https://" });

/** A URL that paths are put behind, and that holds no credentials: those have settings of their own, which are encrypted. */
export const bareUrl = httpUrl.refine((text) => {
  const { username, password, search, hash } = URL.canParse(text) ? new URL(text) : new URL("http://unread");
  return [username, password, search, hash].every((part) => part === "");
}, "a URL without user, password, ? and #");

/** An IPv4 range written with its first address, as Calico wants pools. */
export const strictRange = z
  .cidrv4("an IPv4 range such as 198.18.160.0/20")
  .refine((text) => (parseRange(text)?.text ?? text) === text, "an IPv4 range that begins with its first address");

/** A Calico node: Felix on that host goes by it. */
export const nodeName = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    "a name of lower-case letters, digits, hyphens and dots",
  );
