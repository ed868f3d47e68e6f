import type Docker from "dockerode";
import { z } from "zod";
import { locationSettings } from "../runtime/config";
import type { Properties, StackConfig } from "../runtime/handler";
import { connectDocker } from "./connection";
import type { Registry } from "./pull";

/** Which engine a resource is on. */
export const placeSchema = z.object({ location: z.string(), host: z.string() });

const locationSchema = z.object({
  hosts: z.record(
    z.string(),
    z.object({ url: z.string(), tls: z.object({ ca: z.string(), cert: z.string(), key: z.string() }).optional() }),
  ),
  registries: z.array(z.object({ address: z.string(), username: z.string(), password: z.string() })).default([]),
});

/**
 * A client of the engine that `location` and `host` of the properties name, by the stack's configuration.
 * @throws Error that lists the hosts if there is none of that name.
 */
export function openHost(properties: Properties, config: StackConfig): { engine: Docker; registries: Registry[] } {
  const { location, host } = placeSchema.parse(properties);
  const { hosts, registries } = locationSettings(config, location, locationSchema);
  const settings = hosts[host];
  if (!settings) {
    const known = Object.keys(hosts).sort().join(", ");
    throw new Error(
      `location "${location}" has no host "${host}": its hosts are ${known}. Add it to clocker:locations`,
    );
  }
  return { engine: connectDocker(settings), registries };
}
