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

/** Ranges of IPv4 addresses that floating addresses of that network come from, of those that the project may see. */
export async function listFloatingRanges(client: OpenStackClient, externalNetwork: string): Promise<string[]> {
  const query = { "router:external": true, name: externalNetwork };
  const networks = await client.list("network", "/networks", "networks", named, query);
  const subnet = z.object({ cidr: z.string(), ip_version: z.number() });
  const subnets = await Promise.all(
    networks.map(({ id }) => client.list("network", "/subnets", "subnets", subnet, { network_id: id, ip_version: 4 })),
  );
  return subnets.flat().map(({ cidr }) => cidr);
}

/** Names of the networks that floating addresses can come from. */
export async function listExternalNetworks(client: OpenStackClient): Promise<string[]> {
  const networks = await client.list("network", "/networks", "networks", named, { "router:external": true });
  return networks.map(({ name }) => name);
}
