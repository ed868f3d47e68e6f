import { z } from "zod";

const baseUrl = z.url({ protocol: /^https?$/ });

const auth = z.discriminatedUnion("type", [
  z.object({ type: z.literal("basic"), username: z.string(), password: z.string() }),
  z.object({ type: z.literal("token"), token: z.string() }),
]);

/** What the client needs of a location of type `marathon` or `mesos`. */
export const marathonLocation = z
  .object({
    url: z.union([baseUrl, z.array(baseUrl).min(1)]).optional(),
    masters: z.array(baseUrl).min(1).optional(),
    framework: z.string().default("marathon"),
    masterAuth: auth.optional(),
    auth: auth.optional(),
    ca: z.string().optional(),
    group: z.string().default("/clocker"),
    locks: z.enum(["wait", "force"]).default("wait"),
  })
  .refine(({ url, masters }) => url !== undefined || masters !== undefined, "has neither url nor masters");

/** What to do about deployments of others that hold an app: wait for them, or cancel them. */
export type LockPolicy = z.output<typeof marathonLocation>["locks"];

/**
 * `url` is that of one master or of several, each may have a path, as behind a proxy; without it Marathon is found as the `framework` of
 * that name or id through the Mesos `masters`. A token is sent as DC/OS wants it.
 */
export type MarathonSettings = z.input<typeof marathonLocation>;
