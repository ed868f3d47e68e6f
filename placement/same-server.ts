import type { Blueprint, Diagnostic } from "../blueprint/model";
import { platformOf } from "./platform/platforms";
import { type SitedService, sameHost, siteLabel } from "./sites";

/** Services of a SameServerEntity are on one Docker host, or there is an error for each that is elsewhere. */
export function sameServerProblems(blueprint: Blueprint, sited: readonly SitedService[]): readonly Diagnostic[] {
  return blueprint.groups
    .filter(({ sameServer }) => sameServer)
    .flatMap(({ id }) => {
      const below = sited.filter(({ service }) => isBelow(service.parent, id, blueprint));
      const [first] = below;
      return first === undefined ? [] : below.flatMap((one) => problemOf(one, first, id));
    });
}

function isBelow(parent: string | undefined, id: string, { groups, services }: Blueprint): boolean {
  for (let at = parent; at !== undefined; at = [...groups, ...services].find((one) => one.id === at)?.parent) {
    if (at === id) return true;
  }
  return false;
}

function problemOf({ service, site }: SitedService, first: SitedService, group: string): readonly Diagnostic[] {
  if (!site.traits.hasHosts) {
    return [
      {
        severity: "error",
        code: "platform-lacks-capability",
        message: `cannot place service '${service.id}' on ${platformOf(site.location)} location '${site.name}': SameServerEntity '${group}' keeps its services on one host, and which one it is cannot be said there`,
        remedy: `place '${group}' on a location of type docker, or make a BasicEntity of it if its services may be apart`,
        at: service.at,
      },
    ];
  }
  if (sameHost(site, first.site)) return [];
  return [
    {
      severity: "error",
      code: "same-server-apart",
      message: `SameServerEntity '${group}' has service '${first.service.id}' on '${siteLabel(first.site)}' and '${service.id}' on '${siteLabel(site)}'`,
      remedy: `place both on one host, e.g. clocker:placement.${service.id} = ${siteLabel(first.site)}`,
      at: service.at,
    },
  ];
}
