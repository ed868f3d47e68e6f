import { z } from "zod";

const baseUrl = z.url({ protocol: /^https?$/ });

/** What the client needs of a location of type `marathon` or `mesos`. */
export const marathonLocation = z.object({
  url: z.union([baseUrl, z.array(baseUrl).min(1)]),
  auth: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("basic"), username: z.string(), password: z.string() }),
      z.object({ type: z.literal("token"), token: z.string() }),
    ])
    .optional(),
  ca: z.string().optional(),
  group: z.string().default("/clocker"),
  locks: z.enum(["wait", "force"]).default("wait"),
});

/** What to do about deployments of others that hold an app: wait for them, or cancel them. */
export type LockPolicy = z.output<typeof marathonLocation>["locks"];

/** `url` is that of one master or of several, each may have a path, as behind a proxy; a token is sent as DC/OS wants it. */
export type MarathonSettings = z.input<typeof marathonLocation>;
