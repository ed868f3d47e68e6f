import { isIPv4 } from "node:net";
import type { ContainerOptions } from "../../blueprint/container/model";
import type { PortBinding, Service } from "../../blueprint/model";
import { numbersOf, samePort } from "../../blueprint/port";
import type { MarathonLocation } from "../../settings/schema";
import {
  BUILD,
  bindings,
  CPU_SHARES,
  flag,
  IMAGE_ID,
  INTERACTIVE,
  list,
  MACHINE_KEYS,
  mountText,
  VOLUMES_FROM,
} from "./asked";
import type { Lack, PlatformTraits, UnsupportedKey } from "./traits";

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

export const marathon: PlatformTraits<MarathonLocation> = {
  sharesHostAddress: true,
  hasHosts: false,
  filtersSources: false,
  workloads: ["image", "software"],
  unsupported: [
    IMAGE_ID,
    BUILD,
    VOLUMES_FROM,
    INTERACTIVE,
    CPU_SHARES,
    MACHINE_KEYS,
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
      asked: ({ container: { healthCheck }, ports }) => checkedPort(healthCheck, numbersOf(ports, "tcp")),
    },
    {
      key: "portBindings with several host ports for one container port",
      asked: (service) =>
        bindings(
          service,
          ({ hostPort, containerPort: port, protocol }) =>
            service.portBindings.some(
              (other) => samePort(containerPortOf(other), { port, protocol }) && other.hostPort !== hostPort,
            ) ||
            (service.directPorts.some((direct) => samePort(direct, { port, protocol })) && hostPort !== port),
        ),
    },
    {
      key: "portBindings of one number to several container ports",
      lackedBy: "Mesos, whose ports have no protocol,",
      instead: "give them host ports of different numbers",
      asked: (service) =>
        bindings(service, ({ hostPort, containerPort }) =>
          service.portBindings.some((other) => other.hostPort === hostPort && other.containerPort !== containerPort),
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
    mesosLacks(
      "what Docker gives a container",
      ({ container }) => list(DOCKER_OPTIONS.filter((option) => container[option] !== undefined)),
      { aliases: DOCKER_OPTIONS },
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
  const fixed = [...new Set([...portBindings.map(({ hostPort }) => hostPort), ...directPorts.map(({ port }) => port)])];
  if (fixed.length === 0 || known === 0 || instances <= known) return undefined;
  return `${instances}, each on an agent of its own for host port ${fixed.join(", ")}, of ${known} named agents`;
}

function containerPortOf({ containerPort: port, protocol }: PortBinding) {
  return { port, protocol };
}

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
  more: Pick<UnsupportedKey, "aliases" | "instead"> = {},
): UnsupportedKey<MarathonLocation> {
  return {
    key,
    lackedBy: "Mesos' own containerizer",
    ...more,
    asked: (service, { containerizer }) => (containerizer === "mesos" ? asked(service) : undefined),
  };
}
