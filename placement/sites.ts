import { containerService } from "../blueprint/entity/container-form";
import { entityOf } from "../blueprint/entity/table";
import { isCloud, remedyOf } from "../blueprint/location-spec";
import type { Blueprint, Diagnostic, LocationReference, Service } from "../blueprint/model";
import { settingsProblem } from "../settings/problem";
import type { Location, Settings } from "../settings/schema";
import { listNames } from "../wording/names";
import { didYouMean } from "../wording/suggest";
import { platformOf, traitsOf } from "./platform/platforms";
import type { PlatformTraits } from "./platform/traits";

/** Where a service goes. */
export interface Site {
  readonly name: string;
  readonly location: Location;
  readonly traits: PlatformTraits;
  readonly host?: string;
}

/** A service with its site; software on a platform of containers is in the form of one. */
export interface SitedService {
  readonly service: Service;
  readonly site: Site;
}

/** True if the two share a host and with it the application's network there. */
export function sameHost(a: Site, b: Site): boolean {
  return a.traits.hasHosts && a.name === b.name && a.host === b.host;
}

/** `location` or `location/host`, as `clocker:placement` writes it. */
export function siteLabel(site: Pick<Site, "name" | "host">): string {
  return site.host === undefined ? site.name : `${site.name}/${site.host}`;
}

/**
 * Brooklyn 0.9's rule: a service's own location wins, else the application's; the stack's `clocker:placement` overrides both.
 * Services without exactly one known location are left out and named in diagnostics.
 */
export function chooseSites(blueprint: Blueprint, settings: Settings, problems: Diagnostic[]): SitedService[] {
  const ids = new Set(blueprint.services.map((service) => service.id));
  for (const id of Object.keys(settings.placement)) {
    if (!ids.has(id)) {
      problems.push(
        settingsProblem(
          "error",
          "unknown-placement-service",
          `clocker:placement.${id}`,
          `clocker:placement places service '${id}', which the blueprint does not have${didYouMean(id, ids)}`,
          `use one of the blueprint's services (${listNames(ids)}) or remove the entry: pulumi config rm --path 'clocker:placement.${id}'`,
        ),
      );
    }
  }
  return blueprint.services.flatMap((service) => {
    const placement = Object.hasOwn(settings.placement, service.id) ? settings.placement[service.id] : undefined;
    const site =
      placement === undefined
        ? blueprintSite(service, blueprint, settings, problems)
        : placementSite(service, placement, settings, problems);
    if (site === undefined) return [];
    if (!site.traits.workloads.includes("image")) return [{ service, site }];
    problems.push(...machineKeys(service, site));
    return [{ service: containerService(service), site }];
  });
}

/** What is set of a service's software that containers cannot honour. */
function machineKeys(service: Service, site: Site): Diagnostic[] {
  const { id, workload, at } = service;
  if (workload.kind !== "software") return [];
  const { title, parameters } = entityOf(workload.entity);
  const given = parameters.filter(({ name, machinesOnly, default: preset = "" }) => {
    const setting = workload.settings[name];
    return machinesOnly && !(setting?.kind === "literal" && setting.value === preset);
  });
  return given.map(({ name }) => ({
    severity: "error",
    code: "unsupported-key",
    message: `${name} of service '${id}' has no effect at location '${site.name}': ${title} runs in a container there`,
    remedy: "remove it, or place the service on machines",
    at,
  }));
}

function blueprintSite(
  service: Service,
  blueprint: Blueprint,
  settings: Settings,
  problems: Diagnostic[],
): Site | undefined {
  const own = service.locations.length > 0;
  const references = own ? service.locations : blueprint.locations;
  const [reference, ...others] = references;
  if (reference === undefined) {
    problems.push({
      severity: "error",
      code: "no-location",
      message: `service '${service.id}' has no location, and neither has the application`,
      remedy: `write location: in the blueprint or set clocker:placement.${service.id}; known locations: ${listNames(Object.keys(settings.locations))}`,
      at: service.at,
    });
    return undefined;
  }
  if (others.some(({ name, host }) => name !== reference.name || host !== reference.host)) {
    const names = [...new Set(references.map(({ name }) => name))];
    problems.push({
      severity: "error",
      code: "ambiguous-location",
      message: `service '${service.id}' has ${names.length} locations ${own ? "" : "from the application "}(${names.join(", ")}), but is one process`,
      remedy: `keep one of them or set clocker:placement.${service.id} to one`,
      at: reference.at,
    });
    return undefined;
  }
  const location = findLocation(reference.name, settings);
  if (location === undefined) {
    reportUnknown(own ? `service '${service.id}'` : "the application", reference, settings, problems);
    return undefined;
  }
  const wrong = references.find((one) => one.type !== undefined && !isOfType(location, one.type));
  if (wrong !== undefined) {
    reportType(own ? `service '${service.id}'` : "the application", wrong, location, settings, problems);
    return undefined;
  }
  const site = makeSite(reference.name, location, reference.host);
  const hosts = site.traits.hasHosts ? Object.keys(site.traits.hosts(location)) : [];
  if (reference.host === undefined || hosts.includes(reference.host)) return site;
  problems.push({
    severity: "error",
    code: "unknown-host",
    message: `location '${reference.name}' has no host '${reference.host}', which service '${service.id}' asks for${didYouMean(reference.host, hosts)}`,
    remedy: `use one of its hosts (${listNames(hosts)}), or name the location alone`,
    at: reference.at,
  });
  return undefined;
}

/** With `mesos` and `marathon` Brooklyn means the same tasks: of the cluster's first framework that takes them, or of that one. */
function isOfType({ type }: Location, asked: NonNullable<LocationReference["type"]>): boolean {
  const tasks = ["mesos", "marathon"];
  return type === asked || (tasks.includes(type) && tasks.includes(asked));
}

function reportType(
  owner: string,
  { name, type, at }: LocationReference,
  location: Location,
  settings: Settings,
  problems: Diagnostic[],
): void {
  const message = `location '${name}' of ${owner} is of type ${location.type}, and '${type}:${name}' asks for ${type}`;
  if (problems.some((problem) => problem.message === message)) return;
  const fitting = Object.entries(settings.locations).filter(([, one]) => type !== undefined && isOfType(one, type));
  problems.push({
    severity: "error",
    code: "wrong-location-type",
    message,
    remedy: `write '${name}' alone if it is meant, or one of that type: ${listNames(fitting.map(([known]) => known))}`,
    at,
  });
}

/** An unknown location of the application concerns every service without its own, but is one mistake. */
function reportUnknown(owner: string, reference: LocationReference, settings: Settings, problems: Diagnostic[]): void {
  const known = Object.keys(settings.locations);
  if (isCloud(reference.name)) {
    reportCloud(owner, reference, known, problems);
    return;
  }
  const message = `unknown location '${reference.name}' of ${owner}${didYouMean(reference.name, known)}`;
  if (!problems.some((problem) => problem.message === message)) {
    problems.push({
      severity: "error",
      code: "unknown-location",
      message,
      remedy: `use one of ${listNames(known)}, or describe it under clocker:locations`,
      at: reference.at,
    });
  }
}

function reportCloud(
  owner: string,
  { name, at }: LocationReference,
  known: readonly string[],
  problems: Diagnostic[],
): void {
  const what = name.toLowerCase() === "localhost" ? "this machine" : "a cloud by its provider";
  const message = `location '${name}' of ${owner} means ${what} to Brooklyn, and clocker:locations has none of that name${didYouMean(name, known)}`;
  if (problems.some((problem) => problem.message === message)) return;
  problems.push({
    severity: "error",
    code: "provider-location",
    message,
    remedy: `${remedyOf(name)}; known locations: ${listNames(known)}`,
    at,
  });
}

function placementSite(
  service: Service,
  placement: string,
  settings: Settings,
  problems: Diagnostic[],
): Site | undefined {
  const path = `clocker:placement.${service.id}`;
  const [name = "", host, ...rest] = placement.split("/");
  const fail = (code: string, message: string, remedy: string): undefined => {
    problems.push(settingsProblem("error", code, path, message, remedy));
  };
  const known = Object.keys(settings.locations);
  const location = findLocation(name, settings);
  if (rest.length > 0) {
    return fail("unknown-location", `${path} is '${placement}'`, "write location, or location/host");
  }
  if (location === undefined) {
    return fail(
      "unknown-location",
      `unknown location '${name}' for service '${service.id}' in clocker:placement${didYouMean(name, known)}`,
      `use one of ${listNames(known)}, or describe it under clocker:locations`,
    );
  }
  const site = makeSite(name, location, host);
  const hosts = Object.keys(site.traits.hosts(location));
  if (host !== undefined && !site.traits.hasHosts) {
    return fail(
      "unknown-host",
      `${path} names host '${host}', but ${platformOf(location)} location '${name}' chooses where services run by itself`,
      `set it to '${name}'`,
    );
  }
  if (host !== undefined && !hosts.includes(host)) {
    return fail(
      "unknown-host",
      `unknown host '${host}' of location '${name}' for service '${service.id}' in clocker:placement${didYouMean(host, hosts)}`,
      `use one of ${listNames(hosts.map((other) => `${name}/${other}`))}, or describe it under clocker:locations.${name}.hosts`,
    );
  }
  return site;
}

function findLocation(name: string, settings: Settings): Location | undefined {
  return Object.hasOwn(settings.locations, name) ? settings.locations[name] : undefined;
}

/** Without a wish, the first host by name: the engine hands configuration over in alphabetical order, whatever the file's. */
function makeSite(name: string, location: Location, host?: string): Site {
  const traits = traitsOf(location);
  const chosen = host ?? Object.keys(traits.hosts(location)).sort()[0];
  return { name, location, traits, ...(chosen !== undefined && { host: chosen }) };
}
