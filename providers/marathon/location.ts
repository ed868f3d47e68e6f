import { z } from "zod";

/** What the client needs of a location of type `marathon` or `mesos`. */
export const marathonLocation = z.object({
  url: z.url({ protocol: /^https?$/ }),
  auth: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("basic"), username: z.string(), password: z.string() }),
      z.object({ type: z.literal("token"), token: z.string() }),
    ])
    .optional(),
  ca: z.string().optional(),
  group: z.string().default("/clocker"),
});

/** `url` may have a path, as behind a proxy; a token is sent as DC/OS wants it. */
export type MarathonSettings = z.input<typeof marathonLocation>;
