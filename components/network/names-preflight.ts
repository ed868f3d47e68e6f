import type { Diagnostic } from "../../blueprint/model";
import { calicoRole, hasOwnAddress } from "../../placement/calico";
import type { Plan } from "../../placement/model";
import { DnsError } from "../../providers/dns/dns-error";
import { claimingStack, claimName, reverseName, serviceName } from "../../providers/dns/names";
import { textsAt, zonesServed } from "../../providers/dns/zones";
import { OpenStackClient } from "../../providers/openstack/client";
import { listFloatingRanges } from "../../providers/openstack/cloud";
import { blocksOf } from "../../settings/ipv4";
import type { DnsSettings } from "../../settings/network";
import { settingsProblem } from "../../settings/problem";
import type { Location, Settings } from "../../settings/schema";

const PATH = "clocker:network.dns";

export interface NamesPreflight {
  readonly diagnostics: readonly Diagnostic[];
  /** Locations whose services' addresses have a reverse zone on the name server. */
  readonly reverse: ReadonlySet<string>;
}

/** Where the own addresses of a location's services are; no ranges: nobody tells. */
interface Place {
  readonly location: string;
  readonly ranges: readonly string[];
}

/**
 * What can be known of names before anything is made: the name server answers, takes the key and has the forward zone, no other stack has
 * the application's names, and which addresses have a reverse zone there.
 */
export async function namesPreflight(settings: Settings, plan: Plan): Promise<NamesPreflight> {
  const { dns } = settings.network;
  if (dns === undefined) return { diagnostics: [], reverse: new Set() };
  try {
    const claim = claimName(plan.application, dns.domain);
    for (const { service } of plan.services) serviceName(service.id, plan.application, dns.domain);
    const places = await placesOf(settings, plan);
    const reverseNames = new Map(places.map((place) => [place, place.ranges.flatMap(blocksOf).map(reverseName)]));
    const zones = await zonesServed(dns, [claim, ...new Set([...reverseNames.values()].flat())]);
    if (zones.get(claim) === undefined) return refused([notServed(dns)]);
    const holders = (await textsAt(dns, claim)).map((text) => claimingStack(text) ?? text);
    const other = holders.find((stack) => stack !== plan.stack);
    if (other !== undefined) return refused([taken(plan, dns, claim, other)]);
    const [served, unserved] = [true, false].map((wanted) =>
      places.filter((place) => {
        const names = reverseNames.get(place) ?? [];
        return wanted === (names.length > 0 && names.every((name) => zones.get(name) !== undefined));
      }),
    );
    return {
      diagnostics: unserved?.length ? [withoutReverse(dns, unserved)] : [],
      reverse: new Set(served?.map(({ location }) => location)),
    };
  } catch (error) {
    return refused([unusable(error)]);
  }
}

async function placesOf(settings: Settings, plan: Plan): Promise<readonly Place[]> {
  const used = [...new Set(plan.services.map(({ location }) => location))];
  return Promise.all(
    used
      .filter((location) => hasOwnAddress({ location }, settings))
      .map(async (name) => ({ location: name, ranges: await rangesOf(settings.locations[name], settings) })),
  );
}

async function rangesOf(location: Location | undefined, settings: Settings): Promise<readonly string[]> {
  if (location === undefined) return [];
  if (calicoRole(location, settings) === "endpoint") return [settings.network.calico?.pool ?? ""];
  if (location.type !== "openstack") return [];
  if (location.floatingRanges !== undefined) return location.floatingRanges;
  // A cloud that does not answer is told by its own location.
  return OpenStackClient.login(location)
    .then((client) => listFloatingRanges(client, location.externalNetwork))
    .catch(() => []);
}

function refused(diagnostics: readonly Diagnostic[]): NamesPreflight {
  return { diagnostics, reverse: new Set() };
}

function unusable(error: unknown): Diagnostic {
  const code = error instanceof DnsError && error.code === "UNREACHABLE" ? "unreachable-name-server" : "no-names";
  const message = error instanceof Error ? error.message : String(error);
  return settingsProblem("error", code, PATH, message, "correct that, and run it again");
}

function notServed({ server, domain }: DnsSettings): Diagnostic {
  return settingsProblem(
    "error",
    "zone-not-served",
    `${PATH}.domain`,
    `name server ${server} serves no zone that holds '${domain}'`,
    "add that zone to it as its primary server, or choose another dns.server or dns.domain",
  );
}

function taken({ application, stack }: Plan, { domain }: DnsSettings, claim: string, holder: string): Diagnostic {
  return settingsProblem(
    "error",
    "names-taken",
    `${PATH}.domain`,
    `the names of application '${application}' below '${domain}' belong to stack '${holder}', this is stack '${stack}'`,
    `give each stack a domain of its own: pulumi config set --path '${PATH}.domain' ${stack}.${domain}; where '${holder}' is gone for good, or was renamed to this one, delete the TXT record ${claim}`,
  );
}

function withoutReverse({ server }: DnsSettings, places: readonly Place[]): Diagnostic {
  const ranges = places.map(({ location, ranges }) =>
    ranges.length > 0
      ? `${ranges.join(", ")} ('${location}')`
      : `the floating addresses of '${location}', whose ranges are not known`,
  );
  return settingsProblem(
    "warning",
    "no-reverse-zone",
    `${PATH}.server`,
    `name server ${server} serves no reverse zone for all of ${ranges.join(" and ")}: services there get no PTR records`,
    "add those zones below in-addr.arpa to it if addresses are to be resolved to names; ranges that a project may not see are told by floatingRanges of its location",
  );
}
