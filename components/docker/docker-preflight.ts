import type { Diagnostic } from "../../blueprint/model";
import { portText, samePort } from "../../blueprint/port";
import type { PlacedService, Plan } from "../../placement/model";
import { type CheckResult, checkDockerHost, imageAvailable, portHolders } from "../../providers/docker/preflight";
import type { DockerLocation } from "../../settings/schema";
import { labelsOf } from "../labels";
import { workloadImage } from "../software/workload-image";
import { isPulled, unpulledProblems } from "./image-preflight";

/**
 * What can be known of a docker location before anything is made: each used host answers and takes the credentials, each image is there
 * or can be pulled, no fixed host port is held by something that is not ours.
 */
export async function dockerPreflight(
  location: string,
  settings: DockerLocation,
  plan: Plan,
): Promise<readonly Diagnostic[]> {
  const services = plan.services.filter((placed) => placed.location === location);
  const hosts = [...new Set(services.map((placed) => placed.host ?? ""))];
  const found = await Promise.all(
    hosts.map(async (name): Promise<Diagnostic[]> => {
      const host = settings.hosts[name];
      if (host === undefined) {
        return [];
      }
      const path = `clocker:locations.${location}.hosts.${name}`;
      const checked = await checkDockerHost(host);
      if (!checked.ok) {
        return [
          problem(
            "unreachable-docker-host",
            path,
            `docker host '${name}' (${host.url}): ${checked.problem}`,
            checked.remedy,
          ),
        ];
      }
      const here = services.filter((placed) => placed.host === name);
      const images = new Set(here.filter(isPulled).map(({ service }) => workloadImage(service.workload)));
      const [available, unpulled, holders] = await Promise.all([
        Promise.all(
          [...images].map(async (image) => [image, await imageAvailable(host, image, settings.registries)] as const),
        ),
        Promise.all(here.map((placed) => unpulledProblems(placed, name, host))),
        portHolders(host, here.flatMap(fixedPorts), labelsOf(plan)),
      ]);
      const known: KnownHost = { name, images: new Map(available), holders };
      return [...unpulled.flat(), ...here.flatMap((placed) => serviceProblems(placed, known))];
    }),
  );
  return found.flat();
}

/** What its engine said, asked once for all services there. */
interface KnownHost {
  readonly name: string;
  readonly images: ReadonlyMap<string, CheckResult>;
  /** Containers of others by the port that they hold, e.g. `80/tcp`. */
  readonly holders: ReadonlyMap<string, string>;
}

/** As the engine writes them, e.g. `80/tcp`. */
function fixedPorts({ ports }: PlacedService): string[] {
  return ports.flatMap(({ hostPort, protocol }) => (typeof hostPort === "number" ? [`${hostPort}/${protocol}`] : []));
}

function serviceProblems(placed: PlacedService, host: KnownHost): Diagnostic[] {
  const { service } = placed;
  const image = workloadImage(service.workload);
  const diagnostics: Diagnostic[] = [];
  const available = isPulled(placed) ? host.images.get(image) : undefined;
  if (available?.ok === false) {
    diagnostics.push({
      severity: "error",
      code: "image-missing",
      message: `image '${image}' of service '${service.id}' is not on docker host '${host.name}' and cannot be pulled: ${available.problem}`,
      remedy: "correct the image's name or tag, push it to its registry, or load it on the host",
      at: service.at,
    });
  }
  if (available?.ok && available.warning !== undefined) {
    diagnostics.push({
      severity: "warning",
      code: "image-unknown",
      message: `service '${service.id}' on docker host '${host.name}': ${available.warning}`,
      remedy: "the update fails unless the host can pull the image by then; correct its name, or load it on the host",
      at: service.at,
    });
  }
  for (const { hostPort, ...own } of placed.ports) {
    const holder = host.holders.get(`${hostPort}/${own.protocol}`);
    if (holder === undefined || typeof hostPort !== "number") continue;
    const held = { ...own, port: hostPort };
    diagnostics.push({
      severity: "error",
      code: "port-taken",
      message: `port ${portText(held)} of docker host '${host.name}', wanted for port ${portText(own)} of service '${service.id}', is held by container '${holder}'`,
      remedy:
        "choose another host port (portBindings, clocker:network.portRange) or another host, or stop that container",
      at:
        service.portBindings.find((binding) => samePort(held, { ...binding, port: binding.hostPort }))?.at ??
        service.at,
    });
  }
  return diagnostics;
}

function problem(code: string, path: string, message: string, remedy: string): Diagnostic {
  return { severity: "error", code, message, remedy, at: { file: "stack configuration", path } };
}
