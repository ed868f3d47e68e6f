import type { Service, Workload } from "../../blueprint/model";
import type { DockerHost, Location } from "../../settings/schema";

/** A key of a service that a platform cannot honour. */
export interface UnsupportedKey<L extends Location = Location> {
  readonly key: string;
  /** Aliases of the keys of the blueprint that this is about; absent: the one that `key` begins with. */
  readonly aliases?: readonly string[];
  /** What of the platform does not offer it; absent: the platform as such. */
  readonly lackedBy?: string;
  /** What to do instead; absent: to remove the key. */
  readonly instead?: string;
  /** What the service asks for under this key, as text; undefined if nothing that the location lacks. */
  asked(service: Service, location: L): string | undefined;
}

/** What a location lacks. */
export interface Lack {
  readonly what: string;
  /** What to do, with the path of the location's settings. */
  remedy(path: string): string;
}

/** All that placement knows about a platform. A new platform is one entry in `PLATFORMS` and one in `PLATFORM_OF_TYPE`. */
export interface PlatformTraits<L extends Location = Location> {
  /** True: services answer at their host's address behind host ports. False: each service has an address of its own. */
  readonly sharesHostAddress: boolean;
  /** True: the plan chooses the host, and the services of one application on one host share a network. */
  readonly hasHosts: boolean;
  /** True: what reaches a service is filtered by source address. */
  readonly filtersSources: boolean;
  readonly workloads: readonly Workload["kind"][];
  readonly unsupported: readonly UnsupportedKey<L>[];
  /** Most characters of a physical name; the characters are lower-case letters, digits and hyphens everywhere. */
  readonly nameLimit: number;
  /** Hosts by name; empty on platforms without hosts. */
  hosts(location: L): Readonly<Record<string, DockerHost>>;
  /** Addresses that traffic of services comes from when the location does not say `sources`; all hosts' if `host` is absent. */
  addresses(location: L, host?: string): readonly string[];
  /** What the location must have so that a forwarder can stand beside a consumer; undefined if it has it. */
  forwarderLacks(location: L): Lack | undefined;
  /** True: where services have addresses in Calico, only those ports need a host port that somebody asks there. */
  mapsPortsOnDemand(location: L): boolean;
  /**
   * What a service is to Calico: an `endpoint` has an address of its own there and is guarded by its policies; a `set` is known by the
   * addresses that its platform gave it, and guarded by that platform.
   */
  readonly calico: "endpoint" | "set";
  /** What the location must have so that services become what `calico` says; undefined if it has it. */
  calicoLacks(location: L): Lack | undefined;
  /** True: services of `calico: set` are guarded by Felix on their machines too. */
  hasHostEndpoints(location: L): boolean;
  /** Ranges that health checks come from over the network, empty if none do; undefined if they are not known. */
  healthSources(location: L): readonly string[] | undefined;
  /** Ranges that Clocker logs in from to set up a service. */
  loginSources(location: L): readonly string[];
}
