import type { Diagnostic, Port, Position, Service } from "../blueprint/model";
import { comparePorts, portText, samePort, tcpPort } from "../blueprint/port";
import type { Settings } from "../settings/schema";
import { calicoRole, reachesDirectly } from "./calico";
import type { Uses } from "./dependencies";
import type { PlannedPort } from "./model";
import { stableNumber } from "./names";
import { type SitedService, siteLabel } from "./sites";

/** Host ports that are taken, as texts, by the address of the host: two locations may name one host. */
type Taken = Map<string, Map<string, string>>;

interface FixedPort {
  readonly port: Port;
  readonly hostPort: Port;
  readonly at: Position;
}

/** The ports of every service by id. Host ports are the same for the same plan name, service and port, as long as no other one claims them. */
export function planPorts(
  sited: readonly SitedService[],
  uses: Uses,
  settings: Settings,
  plan: string,
  problems: Diagnostic[],
): ReadonlyMap<string, readonly PlannedPort[]> {
  const taken: Taken = new Map();
  for (const service of sited) {
    reserveFixed(service, taken, problems);
  }
  const context: PortContext = {
    sited: new Map(sited.map((one) => [one.service.id, one])),
    uses,
    settings,
    plan,
    taken,
    problems,
  };
  const planned = new Map<string, readonly PlannedPort[]>();
  // By id, so that the order of services in the blueprint changes no port.
  for (const one of [...sited].sort((a, b) => (a.service.id < b.service.id ? -1 : 1))) {
    const fixed = fixedPorts(one.service);
    const ports = one.service.ports.flatMap((port): PlannedPort[] => {
      const own = fixed.filter((candidate) => samePort(candidate.port, port));
      if (own.length > 0) {
        return own.map(({ hostPort }) => ({ ...port, hostPort: hostPort.port, published: true }));
      }
      const hostPort = openPort(one, port, context);
      return [{ ...port, ...(hostPort !== undefined && { hostPort }), published: false }];
    });
    planned.set(one.service.id, ports);
  }
  return planned;
}

/** `portBindings` and `directPorts`, by host port, without repetitions. */
function fixedPorts(service: Service): FixedPort[] {
  const all: FixedPort[] = [
    ...service.portBindings.map(({ containerPort, hostPort, protocol, at }) => ({
      port: { port: containerPort, protocol },
      hostPort: { port: hostPort, protocol },
      at,
    })),
    ...service.directPorts.map((port) => ({ port, hostPort: port, at: service.at })),
  ];
  return all
    .filter(
      (one, index) =>
        all.findIndex((other) => samePort(other.port, one.port) && samePort(other.hostPort, one.hostPort)) === index,
    )
    .sort((a, b) => comparePorts(a.hostPort, b.hostPort));
}

function hostAddress({ site }: SitedService): string | undefined {
  return site.host === undefined ? undefined : site.traits.hosts(site.location)[site.host]?.address;
}

function takenOn(address: string, taken: Taken): Map<string, string> {
  let ports = taken.get(address);
  if (ports === undefined) {
    ports = new Map();
    taken.set(address, ports);
  }
  return ports;
}

function reserveFixed(sited: SitedService, taken: Taken, problems: Diagnostic[]): void {
  const address = hostAddress(sited);
  const ports = address === undefined ? new Map<string, string>() : takenOn(address, taken);
  for (const { hostPort, port, at } of fixedPorts(sited.service)) {
    const holder = ports.get(portText(hostPort));
    if (holder !== undefined) {
      problems.push({
        severity: "error",
        code: "port-clash",
        message: `host port ${portText(hostPort)} of '${siteLabel(sited.site)}' for port ${portText(port)} of service '${sited.service.id}' is already taken by ${holder}`,
        remedy: "give one of them another host port in portBindings, or place one on another host",
        at,
      });
    } else {
      ports.set(portText(hostPort), `port ${portText(port)} of service '${sited.service.id}'`);
    }
  }
}

interface PortContext {
  readonly sited: ReadonlyMap<string, SitedService>;
  readonly uses: Uses;
  readonly settings: Settings;
  readonly plan: string;
  readonly taken: Taken;
  readonly problems: Diagnostic[];
}

function openPort(one: SitedService, port: Port, context: PortContext): PlannedPort["hostPort"] {
  const { traits, location } = one.site;
  if (!traits.sharesHostAddress) {
    return port.port;
  }
  const address = hostAddress(one);
  const reached = isReached(one, port, context);
  if (address === undefined) {
    const onDemand = calicoRole(location, context.settings) === "endpoint" && traits.mapsPortsOnDemand(location);
    return onDemand && !reached ? undefined : "dynamic";
  }
  return reached ? freePort(one, port, takenOn(address, context.taken), context) : undefined;
}

/** True if a service that cannot reach the port itself links here, or anybody reads a sensor that tells the host port. */
function isReached(one: SitedService, port: Port, { sited, uses, settings }: PortContext): boolean {
  const { id } = one.service;
  return (uses.consumers.get(id) ?? []).some((name) => {
    const consumer = sited.get(name);
    return (
      consumer !== undefined &&
      ((consumer.service.links.some(({ target }) => target === id) &&
        !reachesDirectly(consumer.site, one.site, settings)) ||
        (uses.reads.get(name) ?? []).some(
          (read) => read.service === id && tellsHostPort(one.service, read.sensor, port),
        ))
    );
  });
}

function tellsHostPort({ publishes }: Service, sensor: string, port: Port): boolean {
  const published = publishes[sensor.replace(/^mapped\./, "")];
  if (published !== undefined) return "port" in published && samePort(tcpPort(published.port), port);
  const [, named] = /^(?:mapped\.)?docker\.port\.(\d+(?:\/udp)?)$/.exec(sensor) ?? [];
  return named === undefined ? sensor.startsWith("mapped.") : named === portText(port);
}

function freePort(
  { service, site }: SitedService,
  port: Port,
  taken: Map<string, string>,
  { settings, plan, problems }: PortContext,
): number | undefined {
  const { from, to } = settings.network.portRange;
  const size = to - from + 1;
  const start = stableNumber(`${plan}/${service.id}/${portText(port)}`, size);
  for (let step = 0; step < size; step++) {
    const candidate = from + ((start + step) % size);
    const name = portText({ ...port, port: candidate });
    if (!taken.has(name)) {
      taken.set(name, `port ${portText(port)} of service '${service.id}'`);
      return candidate;
    }
  }
  problems.push({
    severity: "error",
    code: "port-range-exhausted",
    message: `no host port is left on '${siteLabel(site)}' for port ${portText(port)} of service '${service.id}'`,
    remedy: `widen clocker:network.portRange (now ${from} to ${to}) or spread the services over more hosts`,
    at: service.at,
  });
  return undefined;
}
