import type { Blueprint, Diagnostic } from "../blueprint/model";
import { portTexts, sortPorts } from "../blueprint/port";
import type { Settings } from "../settings/schema";
import { planAliases } from "./aliases";
import { calicoRole } from "./calico";
import { capabilityProblems } from "./capabilities";
import { startingOrder, usesOf, volumesOwner } from "./dependencies";
import { type LinkContext, planLinks, readProblems } from "./links";
import type { PlacedService, PlacementResult, PlannedLink } from "./model";
import { planName, serviceName } from "./names";
import { platformOf } from "./platform/platforms";
import { planPorts } from "./ports";
import { sameServerProblems } from "./same-server";
import { chooseSites, type SitedService, sameHost, siteLabel } from "./sites";

/**
 * Decides for every service of a blueprint on which location and host it runs, under which name, behind which ports, and how its links
 * reach their targets. Pure and deterministic; all problems are reported at once.
 * @param stack Name of the Pulumi stack.
 */
export function place(blueprint: Blueprint, settings: Settings, stack: string): PlacementResult {
  const problems: Diagnostic[] = [];
  const physicalName = planName(blueprint.id, stack);
  const sited = chooseSites(blueprint, settings, problems);
  const byId = new Map(sited.map((one) => [one.service.id, one]));
  const uses = usesOf(blueprint);

  problems.push(...sited.flatMap(capabilityProblems), ...sameServerProblems(blueprint, sited));
  const ports = planPorts(sited, uses, settings, physicalName, problems);
  const context: LinkContext = { sited: byId, ports, settings, problems };
  const links = new Map(sited.map((one): [string, PlannedLink[]] => [one.service.id, planLinks(one, context)]));
  problems.push(...sited.flatMap((one) => networkProblems(one, links.get(one.service.id) ?? [], settings)));
  problems.push(...sited.flatMap((one) => readProblems(one, uses.reads.get(one.service.id) ?? [], context)));
  const aliases = planAliases(sited, links, problems);
  problems.push(...sited.flatMap((one) => volumeProblems(one, blueprint, byId)), ...namedVolumeProblems(sited));
  problems.push(...sited.flatMap((one) => publicationProblems(one, settings)));
  const { order, circle } = startingOrder(blueprint, uses);
  problems.push(
    ...circleProblems(
      circle.map(({ id }) => id),
      blueprint,
    ),
  );

  if (problems.some(({ severity }) => severity === "error")) {
    return { diagnostics: problems };
  }
  const services = order.flatMap(({ id }): PlacedService[] => {
    const { service, site } = byId.get(id) ?? {};
    return service === undefined || site === undefined
      ? []
      : [
          {
            service,
            physicalName: serviceName(physicalName, service.id, site.traits.nameLimit),
            location: site.name,
            platform: platformOf(site.location),
            ...(site.host !== undefined && { host: site.host }),
            ports: ports.get(service.id) ?? [],
            links: links.get(service.id) ?? [],
            aliases: aliases.get(service.id) ?? [],
            consumers: uses.consumers.get(service.id) ?? [],
          },
        ];
  });
  return { plan: { application: blueprint.id, stack, physicalName, services }, diagnostics: problems };
}

/** `marathon.app` may say which network the tasks join unless that is decided already; other platforms refuse all of it. */
function networkProblems(
  { service, site }: SitedService,
  links: readonly PlannedLink[],
  settings: Settings,
): Diagnostic[] {
  const { sharesHostAddress, hasHosts } = site.traits;
  if (service.marathonApp?.["networks"] === undefined || hasHosts || !sharesHostAddress) return [];
  const forwarded = links.find(({ route }) => route === "forward");
  const guarded = calicoRole(site.location, settings) === "endpoint";
  if (!guarded && forwarded === undefined) return [];
  const reason = guarded
    ? "its tasks are in Calico's"
    : `its link '${forwarded?.alias}' needs a forwarder in one of its own`;
  return [
    {
      severity: "error",
      code: "owned-field",
      message: `marathon.app of service '${service.id}' cannot set 'networks' on location '${site.name}': ${reason}`,
      remedy: "remove networks from marathon.app",
      at: service.at,
    },
  ];
}

/** A volume is one of one host's engine: services that name the same have to be there. */
function namedVolumeProblems(sited: readonly SitedService[]): Diagnostic[] {
  const first = new Map<string, SitedService>();
  return sited.flatMap((one) =>
    one.service.volumes.flatMap(({ source, at }): Diagnostic[] => {
      if (!("volume" in source)) return [];
      const other = first.get(source.volume) ?? one;
      first.set(source.volume, other);
      if (!one.site.traits.hasHosts || sameHost(one.site, other.site)) return [];
      return [
        {
          severity: "error",
          code: "volumes-elsewhere",
          message: `services '${other.service.id}' on '${siteLabel(other.site)}' and '${one.service.id}' on '${siteLabel(one.site)}' name the same volume '${source.volume}', which is on one host alone`,
          remedy: `place both on one host, e.g. clocker:placement.${one.service.id} = ${siteLabel(other.site)}, or name two volumes`,
          at,
        },
      ];
    }),
  );
}

/** Volumes of another service's container can only be mounted beside it. */
function volumeProblems(
  { service, site }: SitedService,
  blueprint: Blueprint,
  sited: ReadonlyMap<string, SitedService>,
): Diagnostic[] {
  return service.volumesFrom.flatMap((name): Diagnostic[] => {
    const owner = sited.get(volumesOwner(name, blueprint)?.id ?? "");
    if (owner === undefined || !site.traits.hasHosts || sameHost(site, owner.site)) {
      return [];
    }
    return [
      {
        severity: "error",
        code: "volumes-elsewhere",
        message: `service '${service.id}' on '${siteLabel(site)}' takes volumes from '${name}', which is service '${owner.service.id}' on '${siteLabel(owner.site)}'`,
        remedy: `place both on one host, e.g. clocker:placement.${service.id} = ${siteLabel(owner.site)}`,
        at: service.at,
      },
    ];
  });
}

function publicationProblems({ service, site }: SitedService, settings: Settings): Diagnostic[] {
  const published = sortPorts([
    ...service.portBindings.map(({ containerPort: port, protocol }) => ({ port, protocol })),
    ...service.directPorts,
  ]);
  if (!site.traits.filtersSources || published.length === 0 || settings.network.sources.length > 0) {
    return [];
  }
  return [
    {
      severity: "warning",
      code: "published-to-nobody",
      message: `service '${service.id}' publishes port ${portTexts(published)} on '${site.name}', but clocker:network.sources is empty: only services that link to it get through`,
      remedy: "list who may reach it under clocker:network.sources; 0.0.0.0/0 is everybody",
      at: service.at,
    },
  ];
}

function circleProblems(circle: readonly string[], blueprint: Blueprint): Diagnostic[] {
  const first = blueprint.services.find(({ id }) => id === circle[0]);
  return first === undefined
    ? []
    : [
        {
          severity: "error",
          code: "dependency-circle",
          message: `services ${circle.join(", ")} wait for each other, so that none of them can start`,
          remedy: "remove one of their links or sensor references",
          at: first.at,
        },
      ];
}
