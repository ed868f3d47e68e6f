import type { Diagnostic, Port, Service } from "../blueprint/model";

/** What placement makes of a blueprint and the settings: readonly plain data, the same for the same input. */

/** A port that the process listens on, and how it is reachable from outside the service's own network. */
export interface PlannedPort extends Port {
  /**
   * Host port on a platform that shares its host's address: a number is fixed, `dynamic` is chosen by the platform,
   * absent means the port is not reachable from other hosts (nothing there needs it).
   */
  readonly hostPort?: number | "dynamic";
  /** True for `portBindings` and `directPorts`: meant for users, not only for links. */
  readonly published: boolean;
}

/** How a consumer reaches its target under the link's name, in the order of preference. */
export type Route =
  /** Same host and network: the name is an alias of the target there. */
  | "alias"
  /** The target answers on its own port at an address of its own (or its host's): a hosts entry in the consumer. */
  | "hosts"
  /** The target answers behind another port: a small forwarder next to the consumer carries the name. */
  | "forward";

export interface PlannedLink {
  readonly alias: string;
  /** Service id. */
  readonly target: string;
  /** The target's own ports in its own order: what answers under the alias. */
  readonly ports: readonly Port[];
  readonly route: Route;
}

export interface PlacedService {
  readonly service: Service;
  /** Name in the cloud: `<application>-<stack>-<service>`, cut with a hash to the platform's limit. */
  readonly physicalName: string;
  /** Name of the location in `clocker:locations`. */
  readonly location: string;
  /** Key of the platform in the tables of platforms. */
  readonly platform: Platform;
  /** Name of the host inside the location, on platforms with hosts. */
  readonly host?: string;
  /** One entry for each of the service's own ports, in its order; a port with several host ports has an entry for each. */
  readonly ports: readonly PlannedPort[];
  readonly links: readonly PlannedLink[];
  /** Names under which the service answers in its own network: its id and the aliases of consumers beside it. */
  readonly aliases: readonly string[];
  /** Ids of the services that link here or read one of its sensors, ascending. */
  readonly consumers: readonly string[];
}

export type Platform = "docker" | "marathon" | "openstack";

export interface Plan {
  /** Blueprint id. */
  readonly application: string;
  readonly stack: string;
  /** `<application>-<stack>`: prefix of every physical name. */
  readonly physicalName: string;
  /** In starting order: a service comes after every service that it links to or reads. */
  readonly services: readonly PlacedService[];
}

/** `plan` is there only if no diagnostic is an error. */
export interface PlacementResult {
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
}
