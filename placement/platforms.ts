import { isIPv4 } from "node:net";
import type { ContainerOptions, Service, Workload } from "../blueprint/model";
import type { DockerHost, DockerLocation, Location, MarathonLocation, OpenStackLocation } from "../settings/schema";
import type { Platform } from "./model";

/** A key of a service that a platform cannot honour. */
interface UnsupportedKey<L extends Location = Location> {
  readonly key: string;
  /** What of the platform does not offer it; absent: the platform as such. */
  readonly lackedBy?: string;
  /** What to do instead; absent: to remove the key. */
  readonly instead?: string;
  /** What the service asks for under this key, as text; undefined if nothing that the location lacks. */
  asked(service: Service, location: L): string | undefined;
}

/** What a location lacks. */
interface Lack {
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

const list = (values: readonly unknown[]): string | undefined =>
  values.length > 0 ? `[${values.join(", ")}]` : undefined;
const flag = (value: boolean): string | undefined => (value ? "true" : undefined);
const number = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
const bindings = (service: Service, unsupported: (hostPort: number, containerPort: number) => boolean) =>
  list(
    service.portBindings
      .filter(({ hostPort, containerPort }) => unsupported(hostPort, containerPort))
      .map(({ hostPort, containerPort }) => `${hostPort} -> ${containerPort}`),
  );

const mountText = ({ source, containerPath }: Service["volumes"][number]): string =>
  `${"hostPath" in source ? source.hostPath : source.volume} -> ${containerPath}`;

const VOLUMES_FROM: UnsupportedKey = { key: "volumesFrom", asked: (service) => list(service.volumesFrom) };
const INTERACTIVE: UnsupportedKey = { key: "interactive", asked: (service) => flag(service.interactive) };
const CPU_SHARES: UnsupportedKey = { key: "cpuShares", asked: (service) => number(service.cpuShares) };
const INSTANCES: UnsupportedKey = {
  key: "instances",
  instead: "set it to 1",
  asked: ({ instances }) => (instances > 1 ? String(instances) : undefined),
};
const MARATHON_APP: UnsupportedKey = {
  key: "marathon.app",
  asked: ({ marathonApp }) => list(Object.keys(marathonApp ?? {})),
};

const docker: PlatformTraits<DockerLocation> = {
  sharesHostAddress: true,
  hasHosts: true,
  filtersSources: false,
  workloads: ["image", "redis"],
  unsupported: [INSTANCES, MARATHON_APP],
  nameLimit: 63,
  hosts: (location) => location.hosts,
  addresses: (location, host) =>
    Object.entries(location.hosts)
      .filter(([name]) => host === undefined || name === host)
      .map(([, { address }]) => address),
  forwarderLacks: () => undefined,
  mapsPortsOnDemand: () => true,
  calico: "endpoint",
  calicoLacks: () => undefined,
  hasHostEndpoints: () => false,
  // The engine checks inside the container.
  healthSources: () => [],
  loginSources: () => [],
};

const marathon: PlatformTraits<MarathonLocation> = {
  sharesHostAddress: true,
  hasHosts: false,
  filtersSources: false,
  workloads: ["image", "redis"],
  unsupported: [
    VOLUMES_FROM,
    INTERACTIVE,
    CPU_SHARES,
    {
      key: "volumes by name",
      instead: "write a path of the agents, or put the data where tasks reach it over the network",
      asked: ({ volumes }) => list(volumes.filter(({ source }) => "volume" in source).map(mountText)),
    },
    { key: "files", instead: "put them into the image", asked: ({ files }) => list(files.map(({ path }) => path)) },
    {
      key: "restartPolicy",
      instead: "write always: Marathon starts what ended again",
      asked: ({ container: { restartPolicy } }) => ["no", "on-failure"].find((name) => name === restartPolicy?.name),
    },
    {
      key: "healthCheck on a port that is none of its ports",
      instead: "list the port in openPorts",
      asked: ({ container: { healthCheck }, ports }) => checkedPort(healthCheck, ports),
    },
    {
      key: "portBindings with several host ports for one container port",
      asked: (service) =>
        bindings(
          service,
          (hostPort, containerPort) =>
            service.portBindings.some(
              (other) => other.containerPort === containerPort && other.hostPort !== hostPort,
            ) ||
            (service.directPorts.includes(containerPort) && hostPort !== containerPort),
        ),
    },
    {
      key: "instances",
      lackedBy: "the location",
      instead: "lower them, leave the host port to Marathon by openPorts, list all agents",
      asked: agentsForFixedPorts,
    },
    mesosLacks("links", ({ links }) => list(links.map(({ alias, target }) => `${alias} -> ${target}`)), {
      instead:
        'give it addresses by env: instead, e.g. $brooklyn:component("id").attributeWhenReady("host.subnet.address"), set containerizer: docker',
    }),
    mesosLacks("entrypoint", ({ entrypoint }) => list(entrypoint ?? []) && "a program of its own"),
    mesosLacks("what Docker gives a container", ({ container }) =>
      list(DOCKER_OPTIONS.filter((option) => container[option] !== undefined)),
    ),
    mesosLacks("containerName", ({ containerName }) => containerName),
    mesosLacks("privileged", ({ privileged }) => flag(privileged)),
  ],
  nameLimit: 63,
  hosts: () => ({}),
  addresses: (location) => Object.values(location.agents ?? {}).map(({ address }) => address),
  // Where Mesos' own containerizer runs them, links are refused anyway.
  forwarderLacks: (location) => (location.containerizer === "mesos" ? undefined : agentsLack(location)),
  mapsPortsOnDemand: ({ containerizer }) => containerizer === "mesos",
  calico: "endpoint",
  calicoLacks: (location) => (location.containerizer === "mesos" ? networkLacks(location) : agentsLack(location)),
  hasHostEndpoints: () => false,
  healthSources: ({ containerizer, healthSources, url }) => {
    // The agents check inside the container.
    if (containerizer === "mesos") return healthSources ?? [];
    const addresses = [url ?? []].flat().map((one) => new URL(one).hostname);
    // A tunnel's end here is no address of Marathon.
    const own = addresses.every((address) => isIPv4(address) && !address.startsWith("127."));
    return healthSources ?? (own && addresses.length > 0 ? addresses.map((address) => `${address}/32`) : undefined);
  },
  loginSources: () => [],
};

/** Instances with the same host port need an agent each: more of them than the agents that the location names. */
function agentsForFixedPorts(
  { instances, portBindings, directPorts }: Service,
  { agents = {} }: MarathonLocation,
): string | undefined {
  const known = Object.keys(agents).length;
  const fixed = [...new Set([...portBindings.map(({ hostPort }) => hostPort), ...directPorts])];
  if (fixed.length === 0 || known === 0 || instances <= known) return undefined;
  return `${instances}, each on an agent of its own for host port ${fixed.join(", ")}, of ${known} named agents`;
}

/** Options that are parameters of Docker's. */
const DOCKER_OPTIONS = [
  "hostname",
  "user",
  "workingDir",
  "labels",
  "init",
  "readOnly",
  "capAdd",
  "capDrop",
  "tmpfs",
  "stopSignal",
] as const satisfies readonly (keyof ContainerOptions)[];

/** Marathon checks ports that the app has. */
function checkedPort(check: ContainerOptions["healthCheck"], ports: readonly number[]): string | undefined {
  if (check === undefined || check === "none" || !("port" in check.test)) return undefined;
  return ports.includes(check.test.port) ? undefined : String(check.test.port);
}

function agentsLack({ agents = {} }: MarathonLocation): Lack | undefined {
  if (Object.keys(agents).length > 0) return undefined;
  return {
    what: "agents (the Docker endpoints of the Mesos agents)",
    remedy: (path) => `list them under ${path}.agents`,
  };
}

function networkLacks({ network }: MarathonLocation): Lack | undefined {
  if (network !== undefined) return undefined;
  return {
    what: "network (the agents' CNI network of Calico's plugin)",
    remedy: (path) => `name it under ${path}.network`,
  };
}

/** What Mesos' own containerizer lacks: it takes no parameters of Docker's. */
function mesosLacks(
  key: string,
  asked: (service: Service) => string | undefined,
  more: Pick<UnsupportedKey, "instead"> = {},
): UnsupportedKey<MarathonLocation> {
  return {
    key,
    lackedBy: "Mesos' own containerizer",
    ...more,
    asked: (service, { containerizer }) => (containerizer === "mesos" ? asked(service) : undefined),
  };
}

const openstack: PlatformTraits<OpenStackLocation> = {
  sharesHostAddress: false,
  hasHosts: false,
  filtersSources: true,
  workloads: ["redis"],
  unsupported: [
    { key: "entrypoint", asked: (service) => list(service.entrypoint ?? []) && "a program of its own" },
    { key: "commands", asked: (service) => list(service.commands ?? []) && "arguments of its own" },
    {
      key: "volumes",
      asked: ({ volumes }) => list(volumes.map(mountText)),
    },
    VOLUMES_FROM,
    { key: "privileged", asked: (service) => flag(service.privileged) },
    INTERACTIVE,
    CPU_SHARES,
    INSTANCES,
    MARATHON_APP,
    { key: "memory", asked: (service) => number(service.memoryBytes) },
    {
      key: "portBindings that change the port",
      asked: (service) => bindings(service, (hostPort, containerPort) => hostPort !== containerPort),
    },
  ],
  nameLimit: 63,
  hosts: () => ({}),
  // Floating addresses exist only once the machines do.
  addresses: () => [],
  forwarderLacks: () => undefined,
  mapsPortsOnDemand: () => true,
  calico: "set",
  calicoLacks: () => undefined,
  hasHostEndpoints: ({ hostEndpoints }) => hostEndpoints,
  healthSources: () => [],
  loginSources: ({ sshSources }) => sshSources,
};

const PLATFORMS: Readonly<Record<Platform, PlatformTraits<never>>> = { docker, marathon, openstack };

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
