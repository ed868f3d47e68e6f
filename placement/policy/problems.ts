import type { Diagnostic } from "../../blueprint/model";
import { isTcp, portTexts, samePort } from "../../blueprint/port";
import { type Guarded, type PolicyContext, portsOf } from "./context";
import { publishedAt } from "./published";
import { ipv4Ranges } from "./ranges";

/** What of a service cannot be enforced, or would let nobody through. */
export function policyProblems(service: Guarded, context: PolicyContext): Diagnostic[] {
  return [
    ...unguarded(service),
    ...undeclaredPorts(service, context),
    ...publishedToNobody(service, context),
    ...unknownHealthSources(service),
  ];
}

function unguarded({ id, role, placed, traits, location }: Guarded): Diagnostic[] {
  if (role !== "unguarded") {
    return [];
  }
  const lacks = traits.calicoLacks(location);
  if (lacks === undefined) {
    return [];
  }
  return [
    {
      severity: "error",
      code: "not-enforceable",
      message: `nothing can enforce the links of service '${id}' on ${placed.platform} location '${placed.location}': it has no ${lacks.what}`,
      remedy: `${lacks.remedy(`clocker:locations.${placed.location}`)}, place the service elsewhere, or remove clocker:network.calico`,
      at: placed.service.at,
    },
  ];
}

/** A plan made from another state of the target: what it does not listen on cannot be let through by name. */
function undeclaredPorts({ id, placed, links }: Guarded, { services }: PolicyContext): Diagnostic[] {
  return placed.links.flatMap(({ alias, target, ports }): Diagnostic[] => {
    const provider = services.get(target);
    const declared = provider === undefined ? [] : portsOf(provider);
    const missing = ports.filter((port) => !declared.some((one) => samePort(one, port)));
    return missing.length === 0
      ? []
      : [
          {
            severity: "error",
            code: "undeclared-link-port",
            message: `service '${id}' links to port ${portTexts(missing)} of '${target}' as '${alias}', which '${target}' does not declare`,
            remedy: `write openPorts: in service '${target}'; it declares ${portTexts(declared) || "none"}`,
            at: links.get(target)?.at ?? placed.service.at,
          },
        ];
  });
}

function publishedToNobody(service: Guarded, { settings }: PolicyContext): Diagnostic[] {
  const { id, role, placed } = service;
  const ports = portsOf(service, "published");
  const { sources } = settings.network;
  if (role !== "endpoint" || ports.length === 0 || ipv4Ranges(sources).length > 0) {
    return [];
  }
  const why = sources.length === 0 ? "clocker:network.sources is empty" : "clocker:network.sources has no IPv4 range";
  return [
    {
      severity: "warning",
      code: "published-to-nobody",
      message: `service '${id}' publishes port ${portTexts(ports)} on '${placed.location}', but ${why}: only services that link to it get through`,
      remedy: "list who may reach it under clocker:network.sources; 0.0.0.0/0 is everybody",
      at: publishedAt(service, ports[0]),
    },
  ];
}

function unknownHealthSources(service: Guarded): Diagnostic[] {
  const { id, role, placed, traits, location } = service;
  if (role !== "endpoint" || !portsOf(service).some(isTcp) || traits.healthSources(location) !== undefined) {
    return [];
  }
  return [
    {
      severity: "warning",
      code: "unknown-health-sources",
      message: `health checks of service '${id}' are let through from known addresses only, and the URL of ${placed.platform} location '${placed.location}' does not hold the address that they come from`,
      remedy: `write the addresses under clocker:locations.${placed.location}.healthSources; an empty list if the agents alone check`,
      at: placed.service.at,
    },
  ];
}
