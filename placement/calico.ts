import type { DockerHost, Location, Settings } from "../settings/schema";
import type { PlacedService } from "./model";
import { traitsOf } from "./platform/platforms";
import { type Site, sameHost } from "./sites";

/**
 * What the services of a location are to Calico: `endpoint` and `set` as the platform's traits have it, `unguarded` where the location
 * lacks what it takes; undefined without `clocker:network.calico`.
 */
export function calicoRole(location: Location, settings: Settings): "endpoint" | "set" | "unguarded" | undefined {
  if (settings.network.calico === undefined) {
    return undefined;
  }
  const traits = traitsOf(location);
  return traits.calicoLacks(location) === undefined ? traits.calico : "unguarded";
}

/** True if the service shares its address with nothing: it is an IPv4 address that Calico or its platform gave it alone. */
export function hasOwnAddress({ location: name }: Pick<PlacedService, "location">, settings: Settings): boolean {
  const location = settings.locations[name];
  if (location === undefined) return false;
  return calicoRole(location, settings) === "endpoint" || !traitsOf(location).sharesHostAddress;
}

/** True if the consumer reaches the target's own ports without a host port in between. */
export function reachesDirectly(consumer: Site, target: Site, settings: Settings): boolean {
  const isEndpoint = ({ location }: Site) => calicoRole(location, settings) === "endpoint";
  return sameHost(consumer, target) || (isEndpoint(consumer) && isEndpoint(target));
}

/** Calico node name of a host that a location knows by `name`. */
export function calicoNode(name: string, host: Pick<DockerHost, "node"> | undefined): string {
  return host?.node ?? name;
}
