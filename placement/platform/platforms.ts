import type { Location } from "../../settings/schema";
import type { Platform } from "../model";
import { docker } from "./docker";
import { marathon } from "./marathon";
import { openstack } from "./openstack";
import type { PlatformTraits } from "./traits";

/** What each platform offers. */
export const PLATFORMS: Readonly<Record<Platform, PlatformTraits<never>>> = { docker, marathon, openstack };

const PLATFORM_OF_TYPE: Readonly<Record<Location["type"], Platform>> = {
  docker: "docker",
  marathon: "marathon",
  mesos: "marathon",
  openstack: "openstack",
};

/** The platform of a location: with type `mesos` it is Marathon too, found through a Mesos master. */
export function platformOf(location: Location): Platform {
  return PLATFORM_OF_TYPE[location.type];
}

/** The traits of a location's platform. */
export function traitsOf(location: Location): PlatformTraits {
  // The table of types guarantees that a platform's traits only ever see its own kind of location.
  return PLATFORMS[platformOf(location)] as PlatformTraits;
}
