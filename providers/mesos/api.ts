import { z } from "zod";

/** Shapes of a Mesos master's endpoints (0.25 to 1.11), as far as they are read here. What a release lacks is optional. */

/** Scalars by name, and `ports` as ranges: `[31000-32000, 33000-33010]`. */
const resources = z.record(z.string(), z.union([z.number(), z.string()]));

const framework = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  hostname: z.string().optional(),
  /** What the framework says itself; empty if it says nothing. */
  webui_url: z.string().optional(),
});

const agent = z.object({
  id: z.string(),
  hostname: z.string(),
  /** `slave(1)@192.0.2.5:5051` */
  pid: z.string().optional(),
  active: z.boolean().optional(),
  attributes: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  resources: resources.optional(),
  used_resources: resources.optional(),
  version: z.string().optional(),
});

/** `/master/state-summary`: no tasks, so it stays small in a large cluster. */
export const summarySchema = z.object({ frameworks: z.array(framework), slaves: z.array(agent) });

/** `/master/state`. `pid` is the master that answers, `leader` the one that leads, both as `master@192.0.2.1:5050`. */
export const stateSchema = summarySchema.extend({
  version: z.string(),
  pid: z.string(),
  leader: z.string().optional(),
  cluster: z.string().optional(),
});

/** `/master/roles`. */
export const rolesSchema = z.object({
  roles: z.array(
    z.object({
      name: z.string(),
      weight: z.number().optional(),
      quota: z.object({ guarantee: resources.optional(), limit: resources.optional() }).optional(),
    }),
  ),
});

export type Framework = z.infer<typeof framework>;
export type Agent = z.infer<typeof agent>;
export type Summary = z.infer<typeof summarySchema>;
export type State = z.infer<typeof stateSchema>;
export type Roles = z.infer<typeof rolesSchema>["roles"];
