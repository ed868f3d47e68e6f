import { type AppSpec, isHostMode, type Network } from "./app";
import type { Problem } from "./schema";

/** The rules for `networks` alone and together with the container. */
export function networkProblems(app: AppSpec): Problem[] {
  const problems: Problem[] = [];
  const add = (error: string): void => {
    if (!problems.some((problem) => problem.error === error)) problems.push({ path: "/networks", error });
  };
  const networks = app.networks;
  const modes = networks.map((network) => network.mode);
  const containers = modes.filter((mode) => mode === "container").length;
  if (networks.length > 1 && containers !== networks.length)
    add("May specify a single host network, single bridge network, or else 1-to-n container networks");
  for (const network of networks) {
    if (network.mode === "host" && (network.name || network.labels)) add("Host networks may not have names or labels");
    if (network.mode === "container/bridge" && network.name) add("Bridge networks may not have names");
    if (network.mode === "container" && !network.name)
      add("Network name must be specified when container network is selected.");
  }
  if (hasDuplicates(networks)) add("Duplicate networks are not allowed");
  if (app.container?.type === "DOCKER" && containers > 1)
    problems.push({
      path: "/",
      error: "may only specify a single container network when using the Docker container engine",
    });
  return problems;
}

/** The rules for port definitions and port mappings. */
export function portProblems(app: AppSpec): Problem[] {
  const problems: Problem[] = [];
  if (isHostMode(app)) {
    const definitions = app.portDefinitions ?? [];
    if (repeats(definitions.map((definition) => definition.port).filter((port) => port !== 0)))
      problems.push({ path: "/portDefinitions", error: "Ports must be unique." });
    if (repeats(definitions.flatMap((definition) => definition.name ?? [])))
      problems.push({ path: "/portDefinitions", error: "Port names must be unique." });
    return problems;
  }
  const mappings = app.container?.portMappings ?? [];
  if (repeats(mappings.flatMap((mapping) => mapping.name ?? [])))
    problems.push({ path: "/container/portMappings", error: "Port names must be unique." });
  const names = new Set(app.networks.flatMap((network) => network.name ?? []));
  mappings.forEach((mapping, index) => {
    const strangers = (mapping.networkNames ?? []).filter((name) => !names.has(name));
    if (strangers.length > 0)
      problems.push({
        path: `/container/portMappings(${index})`,
        error: `networkNames must be a subset of the networks' names: ${strangers.join(", ")}`,
      });
  });
  return problems;
}

function hasDuplicates(networks: readonly Network[]): boolean {
  return repeats(networks.flatMap((network) => (network.mode === "container" ? (network.name ?? []) : [])));
}

function repeats(values: readonly (string | number)[]): boolean {
  return new Set(values).size < values.length;
}
