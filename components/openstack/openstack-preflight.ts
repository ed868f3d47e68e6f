import type { Diagnostic } from "../../blueprint/model";
import type { Plan } from "../../placement/model";
import { LoginRefused, OpenStackClient } from "../../providers/openstack/client";
import { listExternalNetworks, listFlavors, listImages } from "../../providers/openstack/cloud";
import { settingsProblem } from "../../settings/problem";
import type { OpenStackLocation } from "../../settings/schema";
import { listNames } from "../../wording/names";
import { didYouMean } from "../../wording/suggest";
import { chooseFlavor, describeMinima } from "./flavor";

/** What can be known of an OpenStack location before anything is made: it lets us in and has the image, the flavors and the network. */
export async function openstackPreflight(
  location: string,
  settings: OpenStackLocation,
  plan: Plan,
): Promise<readonly Diagnostic[]> {
  if (!plan.services.some((placed) => placed.location === location)) return [];
  const path = `clocker:locations.${location}`;
  try {
    const client = await OpenStackClient.login(settings);
    const [flavors, images, networks] = await Promise.all([
      listFlavors(client),
      listImages(client),
      listExternalNetworks(client),
    ]);
    return [
      ...unknownName(location, "image", settings.image, images),
      ...unknownName(
        location,
        "flavor",
        settings.flavor,
        flavors.map(({ name }) => name),
      ),
      ...unknownName(location, "externalNetwork", settings.externalNetwork, networks),
      ...tooSmall(location, settings, plan, flavors),
    ];
  } catch (error) {
    const message = `location '${location}': ${error instanceof Error ? error.message : String(error)}`;
    if (error instanceof LoginRefused) {
      const remedy = "correct userName, password, projectName and the domains, or the application credential";
      return [settingsProblem("error", "openstack-login-refused", path, message, remedy)];
    }
    const remedy = "check authUrl, region and ca, and that the cloud's public endpoints are reachable from here";
    return [settingsProblem("error", "unreachable-openstack", `${path}.authUrl`, message, remedy)];
  }
}

const WORDS = { image: "image", flavor: "flavor", externalNetwork: "external network" } as const;

function unknownName(
  location: string,
  key: keyof typeof WORDS,
  wanted: string,
  known: readonly string[],
): Diagnostic[] {
  if (known.includes(wanted)) return [];
  const what = WORDS[key];
  return [
    settingsProblem(
      "error",
      `unknown-${what.replace(" ", "-")}`,
      `clocker:locations.${location}.${key}`,
      `location '${location}' has no ${what} '${wanted}'${didYouMean(wanted, known)}`,
      `use one of ${listNames(new Set(known))}: pulumi config set --path 'clocker:locations.${location}.${key}' <name>`,
    ),
  ];
}

function tooSmall(
  location: string,
  settings: OpenStackLocation,
  plan: Plan,
  flavors: Awaited<ReturnType<typeof listFlavors>>,
): Diagnostic[] {
  return plan.services.flatMap(({ service, location: place }): Diagnostic[] => {
    const { machine } = service;
    if (place !== location || machine === undefined) return [];
    if (chooseFlavor(flavors, settings.flavor, machine) !== undefined) return [];
    return [
      {
        severity: "error",
        code: "no-fitting-flavor",
        message: `location '${location}' has no flavor with ${describeMinima(machine)} for service '${service.id}'`,
        remedy: `lower provisioning.properties of '${service.id}', or have one made; there are ${listNames(flavors.map(({ name }) => name))}`,
        at: service.at,
      },
    ];
  });
}
