import { z } from "zod";
import type { StackConfig } from "../runtime/handler";
import { nameProblem } from "./names";

const NETWORK = "clocker:network";

const tsigSchema = z.object({
  // It is written into a key file, and so must be nothing but a name.
  name: z.string().refine((name) => nameProblem(name) === undefined, "the name of a TSIG key"),
  algorithm: z.enum(["hmac-sha256", "hmac-sha384", "hmac-sha512"]).default("hmac-sha256"),
  secret: z.base64().min(1),
});

const serverSchema = z.object({
  server: z.union([z.ipv4(), z.ipv6()], "an IP address"),
  port: z.number().int().min(1).max(65535).default(53),
  tsig: tsigSchema,
});

const networkSchema = z.object({ dns: serverSchema });

export type Tsig = z.infer<typeof tsigSchema>;

/** A name server that takes updates, with the key for them; a part of `clocker:network.dns`. */
export type NameServerSettings = z.infer<typeof serverSchema>;

/** @throws Error that says which field of `clocker:network` is missing or wrong, never its value. */
export function nameServerSettings(config: StackConfig): NameServerSettings {
  const result = networkSchema.safeParse(parse(config.get(NETWORK)));
  if (result.success) return result.data.dns;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  throw new Error(
    `${NETWORK} does not say how to reach the name server: ${problems}. ` +
      "Set dns.server, dns.port and dns.tsig; they are needed until the last record is deleted",
  );
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    throw new Error(`${NETWORK} in the stack's configuration must be an object`);
  }
}
