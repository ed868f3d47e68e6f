import type { Network, PortDefinition, PortMapping } from "../model/app";
import type { Problem } from "../model/schema";

export const NAMES_NEEDED =
  "networkNames must be a single item list when hostPort is specified and more than 1 container network is defined";

/** The rules for `networks` alone; `defaultName` is what a container network without a name would get. */
export function networkProblems(networks: readonly Network[], defaultName: string | undefined): Problem[] {
  const of = (mode: Network["mode"]): Network[] => networks.filter((network) => network.mode === mode);
  const named = (network: Network): boolean => network.name !== undefined;
  const containers = of("container");
  const kinds = [of("host"), of("container/bridge"), containers].filter((list) => list.length > 0).length;
  const unnamed = containers.filter((network) => !named(network)).length;
  const labelled = (network: Network): boolean => Object.keys(network.labels ?? {}).length > 0;
  const faults: [boolean, string][] = [
    [of("host").some((network) => named(network) || labelled(network)), "Host networks may not have names or labels"],
    [of("container/bridge").some(named), "Bridge networks may not have names"],
    [unnamed > 1 || repeats(networks.flatMap(({ name }) => name ?? [])), "Duplicate networks are not allowed"],
    [
      kinds > 1 || of("host").length > 1 || of("container/bridge").length > 1,
      "May specify a single host network, single bridge network, or else 1-to-n container networks",
    ],
  ];
  const problems = faults.filter(([fault]) => fault).map(([, error]) => ({ path: "/networks", error }));
  return [...problems, ...nameProblems(networks, defaultName)];
}

/** Container networks need a name, their own or the default. */
export function nameProblems(networks: readonly Network[], defaultName: string | undefined): Problem[] {
  const missing = networks.some(({ mode, name }) => mode === "container" && name === undefined);
  if (!missing || defaultName !== undefined) return [];
  return [{ path: "/networks", error: "Network name must be specified when container network is selected." }];
}

export function definitionProblems(definitions: readonly PortDefinition[]): Problem[] {
  const problems: Problem[] = [];
  if (repeats(definitions.flatMap(({ name }) => name ?? [])))
    problems.push({ path: "/portDefinitions", error: "Port names must be unique." });
  if (repeats(definitions.map(({ port }) => port).filter((port) => port !== 0)))
    problems.push({ path: "/portDefinitions", error: "Ports must be unique." });
  return problems;
}

export function mappingProblems(mappings: readonly PortMapping[], networks: readonly Network[]): Problem[] {
  const problems: Problem[] = [];
  if (repeats(mappings.flatMap(({ name }) => name ?? [])))
    problems.push({ path: "/container/portMappings", error: "Port names must be unique." });
  const several = networks.filter(({ mode }) => mode === "container").length > 1;
  const known = networks.flatMap(({ name }) => name ?? []);
  mappings.forEach(({ hostPort, networkNames = [] }, index) => {
    const path = `/container/portMappings(${index})`;
    if (several && hostPort !== undefined && networkNames.length !== 1) problems.push({ path, error: NAMES_NEEDED });
    problems.push(...strangers(networkNames, known, path));
  });
  return problems;
}

/** Names that are none of the known ones. */
export function strangers(names: readonly string[], known: readonly string[], path: string): Problem[] {
  return names.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [{ path: `${path}/networkNames(${index})`, error: `is not one of (${known.join(",")})` }],
  );
}

export function repeats(values: readonly (string | number)[]): boolean {
  return new Set(values).size < values.length;
}
