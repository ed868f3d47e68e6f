import { isIP } from "node:net";
import type { Diagnostic, Link } from "../blueprint/model";
import { isTcp, portTexts, samePort } from "../blueprint/port";
import type { Settings } from "../settings/schema";
import { calicoRole, reachesDirectly } from "./calico";
import type { SensorRead } from "./dependencies";
import type { PlannedLink, PlannedPort, Route } from "./model";
import { platformOf } from "./platform/platforms";
import { type Site, type SitedService, sameHost } from "./sites";
import { sourcesOf } from "./sources";

export interface LinkContext {
  readonly sited: ReadonlyMap<string, SitedService>;
  readonly ports: ReadonlyMap<string, readonly PlannedPort[]>;
  readonly settings: Settings;
  readonly problems: Diagnostic[];
}

/** The links of a service with their routes. Links to services without a site are left out: their problem is already named. */
export function planLinks(consumer: SitedService, context: LinkContext): PlannedLink[] {
  return consumer.service.links.flatMap((link) => {
    const target = context.sited.get(link.target);
    if (target === undefined) {
      return [];
    }
    const route = chooseRoute(consumer, target, context);
    checkPorts(consumer, link, target, route, context);
    checkForwarder(consumer, link, target, route, context.problems);
    checkSources(consumer, link, target, context);
    return [{ alias: link.alias, target: link.target, ports: target.service.ports, route }];
  });
}

function chooseRoute(consumer: SitedService, target: SitedService, context: LinkContext): Route {
  if (sameHost(consumer.site, target.site)) {
    return "alias";
  }
  const { service, site } = target;
  if (!site.traits.sharesHostAddress || reachesDirectly(consumer.site, site, context.settings)) {
    return "hosts";
  }
  const ports = context.ports.get(service.id) ?? [];
  const ownPorts = service.ports.every((own) =>
    ports.some((planned) => samePort(planned, own) && planned.hostPort === own.port),
  );
  // A forwarder passes over an instance that is gone, which names do not; but it carries TCP alone.
  const balanced =
    service.instances > 1 &&
    service.ports.every(isTcp) &&
    consumer.site.traits.forwarderLacks(consumer.site.location) === undefined;
  return ownPorts && !isNamedHost(target) && !balanced ? "hosts" : "forward";
}

/** True if the target's host is known by a name, which a hosts file does not take. */
function isNamedHost({ site }: SitedService): boolean {
  const host = site.host === undefined ? undefined : site.traits.hosts(site.location)[site.host];
  return host !== undefined && isIP(host.address) === 0;
}

function describe(consumer: SitedService, link: Link): string {
  return `cannot link service '${consumer.service.id}' to '${link.target}' as '${link.alias}'`;
}

function checkPorts(
  consumer: SitedService,
  link: Link,
  target: SitedService,
  route: Route,
  { settings, problems }: LinkContext,
): void {
  if (target.service.ports.length > 0) {
    return;
  }
  const guarded = calicoRole(target.site.location, settings) === "endpoint";
  const beside = route === "alias" && !guarded;
  problems.push({
    severity: beside ? "warning" : "error",
    code: "link-without-ports",
    message: beside
      ? `service '${consumer.service.id}' links to '${link.target}', which declares no port: the name '${link.alias}' resolves, but there are no link variables`
      : `${describe(consumer, link)}: '${link.target}' declares no port, and ${guarded ? "Calico lets nothing through to it" : "nothing can be carried between locations"} without one`,
    remedy: `write openPorts: in service '${link.target}'`,
    at: link.at,
  });
}

function checkForwarder(
  consumer: SitedService,
  link: Link,
  target: SitedService,
  route: Route,
  problems: Diagnostic[],
): void {
  if (route !== "forward") return;
  const { site } = consumer;
  const { ports } = target.service;
  const named = isNamedHost(target);
  const where = `'${link.target}' answers ${named ? "at a host name" : "behind another port"}`;
  const direct = `give '${link.target}' directPorts: [${portTexts(ports)}]${named ? " and its host an IP address" : ""}`;
  const datagrams = ports.filter((port) => !isTcp(port));
  const lacks = site.traits.forwarderLacks(site.location);
  if (datagrams.length > 0) {
    problems.push({
      severity: "error",
      code: "no-udp-forwarder",
      message: `${describe(consumer, link)}: ${where}, and a forwarder carries TCP, not port ${portTexts(datagrams)}`,
      remedy: `${direct}, place both on one host, or give both an address of their own by clocker:network.calico`,
      at: link.at,
    });
  } else if (lacks !== undefined) {
    problems.push({
      severity: "error",
      code: "no-forwarder-host",
      message: `${describe(consumer, link)}: ${where}, and ${platformOf(site.location)} location '${site.name}' has no ${lacks.what} where a forwarder could stand`,
      remedy: `${lacks.remedy(`clocker:locations.${site.name}`)}, or ${direct}`,
      at: link.at,
    });
  }
}

function checkSources(
  consumer: SitedService,
  link: Link,
  target: SitedService,
  { settings, problems }: LinkContext,
): void {
  if (admits(target.site, consumer.site, settings)) {
    return;
  }
  problems.push({
    severity: "error",
    code: "unknown-sources",
    message: `${describe(consumer, link)}: ${unknownSources(target.site, consumer.site)}`,
    remedy: sourcesRemedy(consumer.site),
    at: link.at,
  });
}

/** A service that reads another one's sensors may mean to connect to it: what is an error for a link is worth a warning here. */
export function readProblems(reader: SitedService, reads: readonly SensorRead[], context: LinkContext): Diagnostic[] {
  const linked = new Set(reader.service.links.map(({ target }) => target));
  const ids = [...new Set(reads.map(({ service }) => service))].filter((id) => !linked.has(id));
  return ids.flatMap((id): Diagnostic[] => {
    const target = context.sited.get(id);
    return target === undefined || admits(target.site, reader.site, context.settings)
      ? []
      : [
          {
            severity: "warning",
            code: "unknown-sources",
            message: `service '${reader.service.id}' reads sensors of '${id}', but could not connect to it: ${unknownSources(target.site, reader.site)}`,
            remedy: sourcesRemedy(reader.site),
            at: reader.service.at,
          },
        ];
  });
}

/** True if traffic between the two is not filtered by address, or its addresses are known. */
function admits(target: Site, from: Site, settings: Settings): boolean {
  if (!target.traits.filtersSources || target.name === from.name) {
    return true;
  }
  const consumer = { location: from.name, ...(from.host !== undefined && { host: from.host }) };
  return sourcesOf(consumer, settings).length > 0;
}

function unknownSources(target: Site, from: Site): string {
  return `${platformOf(target.location)} location '${target.name}' lets in known addresses only, and those that traffic of '${from.name}' comes from are not known`;
}

function sourcesRemedy({ name }: Site): string {
  return `write them as ranges under clocker:locations.${name}.sources`;
}
