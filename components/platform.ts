import type * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Protocol } from "../blueprint/model";
import type { PlacedService, Plan, PlannedLink } from "../placement/model";
import type { CompiledNetwork } from "../placement/policy/model";
import type { MesosCluster } from "../providers/mesos/cluster";
import type { Settings } from "../settings/schema";
import type { CalicoNetwork } from "./network/calico-network";

/** Where a port of a service is reached from outside its own network. */
export interface Endpoint {
  /** IP address or host name. */
  readonly address: string;
  /** The port to connect to there. */
  readonly port: number;
  readonly protocol: Protocol;
  /** The service's own port behind it. */
  readonly servicePort: number;
}

/** What every service component gives, on every platform. */
export interface PlacedComponent extends pulumi.ComponentResource {
  /** One endpoint for each reachable port and instance that is healthy; known when the service is. */
  readonly endpoints: pulumi.Output<Endpoint[]>;
  /** Address at which the endpoints of the first instance answer. */
  readonly address: pulumi.Output<string>;
  /** The service's own address in Calico, where it has one: there its own ports answer for all others that have one. */
  readonly calicoAddress?: pulumi.Output<string>;
  /** The same of all instances, that one first. */
  readonly calicoAddresses?: pulumi.Output<string[]>;
  /** Where its name on a name server points: addresses or the name of its host, one for each instance; may be known before it is healthy. */
  readonly namedAddresses: pulumi.Output<string[]>;
  /** Brooklyn's sensors by name, e.g. `host.address`, `docker.port.8080`, `service.isUp`. */
  readonly sensors: Readonly<Record<string, pulumi.Output<unknown>>>;
  /** The same as they are for consumers with an address in Calico: they reach the service at `calicoAddress`. */
  readonly calicoSensors?: Readonly<Record<string, pulumi.Output<unknown>>>;
  /** The raw resources by role. */
  readonly nodes: Readonly<Record<string, pulumi.Resource>>;
}

/** A link whose target exists: what a platform needs to make the name answer inside the consumer. */
export interface ResolvedLink extends PlannedLink {
  readonly component: PlacedComponent;
}

/** A name server that a service asks. */
export interface Resolver {
  /** IP address; it answers on port 53. */
  readonly server: string;
  /** Domain that short names are looked for in. */
  readonly search: string;
}

/** A file that is put into a container before it starts. */
export interface ResolvedFile {
  readonly path: string;
  readonly content: pulumi.Input<string>;
  /** Four octal digits. */
  readonly mode?: string;
}

/** A service ready to be created: expressions resolved, link variables merged into `env`. */
export interface ServiceArgs {
  readonly placed: PlacedService;
  readonly links: readonly ResolvedLink[];
  /** Environment in the order of names; link variables win over the blueprint's, as in Clocker. */
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  readonly entrypoint?: readonly pulumi.Input<string>[];
  readonly commands?: readonly pulumi.Input<string>[];
  /** The keys of its entity type with their values, where it is software on a machine. */
  readonly software?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Known once all that the service's latches wait for is true; absent without latches. */
  readonly gate?: pulumi.Output<true>;
  /** `marathon.app`, with its expressions resolved. */
  readonly marathonApp?: Readonly<Record<string, unknown>>;
  readonly files: readonly ResolvedFile[];
  /** What it asks for names other than those of its links, where the settings say so. */
  readonly resolver?: Resolver;
  /** The application's network in Calico, if there is one. */
  readonly calico?: CalicoNetwork;
}

/** One configured location. It makes what its services share (providers, networks) on first use. */
export interface PlatformLocation {
  /** Its Mesos cluster, once preflight has asked for it. */
  readonly cluster?: MesosCluster | undefined;
  /** Checks that can be made before any resource exists: reachable, credentials accepted, image there, port free. */
  preflight(plan: Plan): Promise<readonly Diagnostic[]>;
  /** Makes one service; `opts.parent` is the application, `opts.dependsOn` its targets. */
  createService(args: ServiceArgs, opts: pulumi.ComponentResourceOptions): PlacedComponent;
}

/** What a location gets to know. */
export interface LocationContext {
  readonly name: string;
  readonly settings: Settings;
  readonly plan: Plan;
  /** What the application's network lets through. */
  readonly compiled: CompiledNetwork;
}
