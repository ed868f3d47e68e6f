import { z } from "zod";
import { connectDocker } from "../../docker/connection";
import type { Registry } from "../../docker/pull";
import { locationSettings } from "../../runtime/config";
import type { StackConfig } from "../../runtime/handler";

const hostsSchema = z.record(
  z.string(),
  z.object({ url: z.string(), tls: z.object({ ca: z.string(), cert: z.string(), key: z.string() }).optional() }),
);
const schema = z.object({
  hosts: hostsSchema.optional(),
  agents: hostsSchema.optional(),
  registries: z.array(z.object({ address: z.string(), username: z.string(), password: z.string() })).default([]),
});

/** The Docker Engine of a host of a Docker location, or of an agent of a Marathon location, with the location's registries. */
export function engineOf(config: StackConfig, location: string, host: string) {
  const settings = locationSettings(config, location, schema);
  const hosts = settings.hosts ?? settings.agents ?? {};
  const found = hosts[host];
  if (found === undefined) {
    throw new Error(
      `location "${location}" has no host "${host}": it has ${Object.keys(hosts).sort().join(", ") || "none"}. ` +
        "Add it to clocker:locations; it is needed until the last resource there is deleted.",
    );
  }
  const registries: readonly Registry[] = settings.registries;
  return { engine: connectDocker(found), registries };
}
