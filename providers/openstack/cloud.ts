import { z } from "zod";
import type { OpenStackClient } from "./client";

const named = z.object({ id: z.string(), name: z.string() });

const flavorSchema = named.extend({ ram: z.number(), vcpus: z.number(), disk: z.number() });
/** RAM in MB, disk in GB. */
export type Flavor = z.infer<typeof flavorSchema>;

export function listFlavors(client: OpenStackClient): Promise<Flavor[]> {
  return client.list("compute", "/flavors/detail", "flavors", flavorSchema);
}

/** Names of the images that can be used; a name may occur more than once. */
export async function listImages(client: OpenStackClient): Promise<string[]> {
  const image = z.object({ name: z.string().nullable() });
  const images = await client.list("image", "/images", "images", image, { status: "active", limit: 100 });
  return images.flatMap(({ name }) => name ?? []);
}

/** Names of the networks that floating addresses can come from. */
export async function listExternalNetworks(client: OpenStackClient): Promise<string[]> {
  const networks = await client.list("network", "/networks", "networks", named, { "router:external": true });
  return networks.map(({ name }) => name);
}
