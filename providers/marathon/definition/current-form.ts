import type { CheckFailure } from "../../runtime/handler";
import type { AppDefinition } from "../api";
import { entries, isObject, type Json, list, objects, without } from "./json";

interface Translation {
  readonly app: AppDefinition;
  readonly failures: readonly CheckFailure[];
}

/** Network name that Marathon takes for the agents' bridge, unless its `--mesos_bridge_name` says otherwise. */
const MESOS_BRIDGE = "mesos-bridge";
const ARCHIVE = /\.(tar|tar\.gz|tar\.bz2|tar\.xz|gz|tgz|tbz2|txz|zip)$/;

/**
 * A definition of the API before 1.5 (`ports`, `uris`, `ipAddress`, `docker.network`, `docker.portMappings`) written in
 * that of 1.5, as Marathon does it, and which of its fields exclude each other. A definition of 1.5 stays as it is.
 */
export function currentForm(given: AppDefinition): Translation {
  const { ports, uris, ipAddress, ...rest } = given;
  const networks = networksOf(given);
  const container = containerOf(given);
  const app = {
    ...rest,
    ...(networks && { networks }),
    ...(container !== undefined && { container }),
    ...(ports !== undefined && !("portDefinitions" in rest) && { portDefinitions: definitionsOf(ports) }),
    ...(uris !== undefined && list(rest["fetch"]).length === 0 && { fetch: fetchOf(uris) }),
  };
  return { app, failures: exclusions(given) };
}

function networksOf(given: AppDefinition): readonly Json[] | undefined {
  const { ipAddress } = given;
  const network = String(dockerOf(given)?.["network"] ?? "").toUpperCase();
  if (network === "HOST") return [{ mode: "host" }];
  if (network === "BRIDGE") return [{ mode: "container/bridge" }];
  if (network !== "USER" && !isObject(ipAddress)) return undefined;
  const address = isObject(ipAddress) ? ipAddress : {};
  const { networkName: name, labels } = address;
  if (network !== "USER" && name === MESOS_BRIDGE) return [{ mode: "container/bridge" }];
  return [{ mode: "container", ...(name !== undefined && { name }), ...(entries(labels).length > 0 && { labels }) }];
}

function containerOf(given: AppDefinition): unknown {
  const { container, ipAddress } = given;
  const discovered = discoveryPorts(given);
  if (container === undefined && !isObject(ipAddress)) return undefined;
  if (container !== undefined && !isObject(container)) return container;
  const docker = dockerOf(given);
  const mappings = docker?.["portMappings"] ?? (discovered.length > 0 ? discovered : undefined);
  return {
    ...(container ?? { type: "MESOS" }),
    ...(docker && { docker: without(docker, ["network", "portMappings"]) }),
    ...(mappings !== undefined && container?.["portMappings"] === undefined && { portMappings: mappings }),
  };
}

function discoveryPorts({ ipAddress }: AppDefinition): readonly Json[] {
  const discovery = isObject(ipAddress) ? ipAddress["discovery"] : undefined;
  return objects(isObject(discovery) ? discovery["ports"] : undefined).map(
    ({ number: containerPort = 0, ...port }) => ({
      containerPort,
      ...port,
    }),
  );
}

function definitionsOf(ports: unknown): unknown {
  return Array.isArray(ports) ? ports.map((port: unknown) => ({ port })) : ports;
}

function fetchOf(uris: unknown): unknown {
  return Array.isArray(uris) ? uris.map((uri: unknown) => ({ uri, extract: ARCHIVE.test(String(uri)) })) : uris;
}

function dockerOf({ container }: AppDefinition): Json | undefined {
  const docker = isObject(container) ? container["docker"] : undefined;
  return isObject(docker) ? docker : undefined;
}

function exclusions(given: AppDefinition): CheckFailure[] {
  const { ports, portDefinitions, networks, ipAddress, uris, container } = given;
  const docker = dockerOf(given);
  const inDocker = isObject(container) && String(container["type"] ?? "DOCKER").toUpperCase() === "DOCKER";
  const failures: CheckFailure[] = [];
  const refuse = (property: string, reason: string) => failures.push({ property: `app.${property}`, reason });
  if (docker && "network" in docker) {
    const modes = ["BRIDGE", "HOST", "NONE", "USER"];
    const mode = String(docker["network"]).toUpperCase();
    if (!modes.includes(mode) || mode === "NONE")
      refuse(
        "container.docker.network",
        "Marathon supports BRIDGE, HOST and USER alone; better give networks of the app",
      );
    if (networks !== undefined)
      refuse("container.docker.network", "and networks exclude each other: leave this one out");
    if (!inDocker) refuse("container.docker.network", "is for containers of type DOCKER: give networks of the app");
  }
  const old = list(docker?.["portMappings"]);
  if (old.length > 0 && !inDocker)
    refuse("container.docker.portMappings", "are for containers of type DOCKER: use container.portMappings");
  if (old.length > 0 && isObject(container) && list(container["portMappings"]).length > 0)
    refuse("container.docker.portMappings", "and container.portMappings exclude each other: leave these out");
  if (ipAddress !== undefined && list(networks).length > 0)
    refuse("ipAddress", "and networks exclude each other: leave ipAddress out");
  if (ipAddress !== undefined && (list(ports).length > 0 || list(portDefinitions).length > 0))
    refuse("ipAddress", "and ports of the host exclude each other: give networks and container.portMappings instead");
  if (discoveryPorts(given).length > 0 && container !== undefined && inDocker)
    refuse("ipAddress.discovery", "is not for containers of type DOCKER: use container.portMappings");
  if (discoveryPorts(given).length > 0 && isObject(container) && list(container["portMappings"]).length > 0)
    refuse("ipAddress.discovery", "and container.portMappings exclude each other: leave ipAddress out");
  const numbers = objects(portDefinitions).map(({ port = 0 }) => port);
  if (list(ports).length > 0 && numbers.length > 0 && String(numbers) !== String(ports))
    refuse("ports", "and portDefinitions name other ports: leave ports out");
  if (list(uris).length > 0 && list(given["fetch"]).length > 0)
    refuse("uris", "and fetch exclude each other: write all in fetch");
  return failures;
}
