import type { Plan, Platform } from "../placement/model";
import { platformOf } from "../placement/platform/platforms";
import type { CompiledNetwork } from "../placement/policy/model";
import type { MesosCluster } from "../providers/mesos/cluster";
import type { Location, Settings } from "../settings/schema";
import { DockerPlatform } from "./docker/docker-platform";
import { MarathonPlatform } from "./marathon/marathon-platform";
import { OpenStackPlatform } from "./openstack/openstack-platform";
import type { LocationContext, PlatformLocation } from "./platform";

/** The one table from a kind of location to the class that makes services there. */
const PLATFORMS: Record<Platform, new (context: LocationContext) => PlatformLocation> = {
  docker: DockerPlatform,
  marathon: MarathonPlatform,
  openstack: OpenStackPlatform,
};

/** The Mesos clusters of locations that found theirs, by location, for the stack's outputs; undefined if there is none. */
export function clustersOf(
  locations: ReadonlyMap<string, PlatformLocation>,
): Readonly<Record<string, MesosCluster>> | undefined {
  const found = [...locations].flatMap(([name, { cluster }]) => (cluster ? [[name, cluster] as const] : []));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** The locations that the plan uses, by name. No resource is made before a service is. */
export function openLocations(
  settings: Settings,
  plan: Plan,
  compiled: CompiledNetwork,
): ReadonlyMap<string, PlatformLocation> {
  const used = new Set(plan.services.map((service) => service.location));
  const entries = Object.entries(settings.locations).filter(([name]) => used.has(name));
  return new Map(
    entries.map(([name, location]: [string, Location]) => [
      name,
      new PLATFORMS[platformOf(location)]({ name, settings, plan, compiled }),
    ]),
  );
}
