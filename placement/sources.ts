import { isIP } from "node:net";
import type { Settings } from "../settings/schema";
import type { PlacedService } from "./model";
import { traitsOf } from "./platform/platforms";

/**
 * Address ranges (CIDR) that a service's traffic comes from when it leaves its location: the location's `sources`, else the addresses of
 * its Docker host or of the Mesos agents, or Calico's pool if that is left with addresses of its own. Empty if they are not known. Services of one OpenStack location do not need it: there,
 * membership in the application's security groups decides.
 */
export function sourcesOf(consumer: Pick<PlacedService, "location" | "host">, settings: Settings): string[] {
  const location = settings.locations[consumer.location];
  if (location === undefined) {
    return [];
  }
  const { calico } = settings.network;
  const traits = traitsOf(location);
  if (location.sources === undefined && calico?.natOutgoing === false && traits.calico === "endpoint") {
    return [calico.pool];
  }
  const sources = location.sources ?? traits.addresses(location, consumer.host).flatMap(hostRange);
  return [...new Set(sources)].sort();
}

/** The range of one address; nothing for a host name, which no packet filter takes. */
function hostRange(address: string): string[] {
  const version = isIP(address);
  return version === 0 ? [] : [`${address}/${version === 4 ? 32 : 128}`];
}
