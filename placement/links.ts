import { isIP } from "node:net";
import type { Diagnostic, Link } from "../blueprint/model";
import type { Settings } from "../settings/schema";
import type { PlannedLink, PlannedPort, Route } from "./model";
import { platformOf } from "./platforms";
import { type SitedService, sameHost } from "./sites";
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
    const route = chooseRoute(consumer, target, context.ports.get(link.target) ?? []);
    checkPorts(consumer, link, target, route, context.problems);
    checkForwarder(consumer, link, target, route, context.problems);
    checkSources(consumer, link, target, context);
    return [{ alias: link.alias, target: link.target, ports: target.service.ports, route }];
  });
}

function chooseRoute(consumer: SitedService, target: SitedService, ports: readonly PlannedPort[]): Route {
  if (sameHost(consumer.site, target.site)) {
    return "alias";
  }
  const { site } = target;
  if (!site.traits.sharesHostAddress) {
    return "hosts";
  }
  const ownPorts = target.service.ports.every((own) =>
    ports.some(({ port, hostPort }) => port === own && hostPort === own),
  );
  return ownPorts && !isNamedHost(target) ? "hosts" : "forward";
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
  problems: Diagnostic[],
): void {
  if (target.service.ports.length > 0) {
    return;
  }
  const beside = route === "alias";
  problems.push({
    severity: beside ? "warning" : "error",
    code: "link-without-ports",
    message: beside
      ? `service '${consumer.service.id}' links to '${link.target}', which declares no port: the name '${link.alias}' resolves, but there are no link variables`
      : `${describe(consumer, link)}: '${link.target}' declares no port, and nothing can be carried between locations without one`,
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
  const { site } = consumer;
  const lacks = route === "forward" ? site.traits.forwarderLacks(site.location) : undefined;
  if (lacks === undefined) {
    return;
  }
  const named = isNamedHost(target);
  problems.push({
    severity: "error",
    code: "no-forwarder-host",
    message: `${describe(consumer, link)}: '${link.target}' answers ${named ? "at a host name" : "behind another port"}, and ${platformOf(site.location)} location '${site.name}' has no ${lacks} where a forwarder could stand`,
    remedy: `list them under clocker:locations.${site.name}.agents, or give '${link.target}' directPorts: [${target.service.ports.join(", ")}]${named ? " and its host an IP address" : ""}`,
    at: link.at,
  });
}

function checkSources(
  consumer: SitedService,
  link: Link,
  { site: targetSite }: SitedService,
  { settings, problems }: LinkContext,
): void {
  const { site } = consumer;
  if (!targetSite.traits.filtersSources || targetSite.name === site.name) {
    return;
  }
  const from = { location: site.name, ...(site.host !== undefined && { host: site.host }) };
  if (sourcesOf(from, settings).length > 0) {
    return;
  }
  problems.push({
    severity: "error",
    code: "unknown-sources",
    message: `${describe(consumer, link)}: ${platformOf(targetSite.location)} location '${targetSite.name}' lets in known addresses only, and those that traffic of '${site.name}' comes from are not known`,
    remedy: `write them as ranges under clocker:locations.${site.name}.sources`,
    at: link.at,
  });
}
