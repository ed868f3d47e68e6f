import type { FrontEnd, FrontEndContext } from "../front-end";
import { namedBy } from "../naming";
import { entryOf, listNode, mapNode } from "../yaml/make";
import { find, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { ProjectVariables } from "./environment-files";
import { interpolate, type Variables } from "./interpolate";
import { aliasesOf } from "./links";
import { type Project, type ProjectService, readProject } from "./project";
import { LOCATION, translateService } from "./service";
import type { ComposeService } from "./translator";

/** Compose files (compose-spec), of which a stack deploys the services that take part without a profile or with an active one. */
export const COMPOSE: FrontEnd = {
  name: "Compose file",
  recognises: (root, file) =>
    root.entries.some(({ key, value }) => key === "services" && isMapOfServices(value)) ||
    ((find(root, "include") !== undefined || /(^|[/\\])(docker-)?compose[^/\\]*\.ya?ml$/.test(file)) &&
      !root.entries.some(({ key }) => key === "services")),
  translate(root, context) {
    const variables = new ProjectVariables(context);
    const { services: all, volumes, networks, secrets, configs } = readProject(root, variables, context);
    if (all.size === 0) return noServices(root, context);
    const active = withProfiles(all, variables, context);
    const shared = {
      names: new Set(active.keys()),
      volumes: new Set(volumes.keys()),
      networks: new Set(networks.keys()),
      aliases: new Map([...active].map(([name, { node }]) => [name, aliasesOf(node)])),
      secrets,
      configs,
    } satisfies Omit<ComposeService, "name" | keyof ProjectService>;
    const services = [...active].map(([name, service]) => translateService({ name, ...service, ...shared }));
    variables.tellUnused();
    const at = root.entries.find(({ key }) => key === "services")?.value.at ?? root.at;
    const written = (key: string) => {
      const entry = find(root, key);
      return entry && { ...entry, value: interpolate(entry.value, variables, context.problems) };
    };
    const location = written(LOCATION);
    const top = [
      ...namedBy(written("name")),
      ...(location ? [entryOf("location", location.value, location.keyAt)] : []),
    ];
    return mapNode([...top, entryOf("services", listNode(services, at))], root.at);
  },
};

/** CAMP has a list, whose services have types. */
function isMapOfServices(node: Node): boolean {
  if (node.kind !== "map" || node.entries.length === 0) return false;
  return node.entries.every(({ value }) => value.kind === "map" && !value.entries.some(({ key }) => key === "type"));
}

function noServices(root: MapNode, { problems }: FrontEndContext): undefined {
  const services = root.entries.find(({ key }) => key === "services")?.value;
  problems.error(
    "missing-services",
    services?.at ?? root.at,
    services === undefined
      ? "the Compose file has no services"
      : `the Compose file has no services, but ${show(services)}`,
    "write a map of services, each with an image",
  );
  return undefined;
}

/** Without those whose profiles are all inactive. */
function withProfiles(
  services: Project["services"],
  variables: Variables,
  { problems }: FrontEndContext,
): Project["services"] {
  const active = new Set((variables.get("COMPOSE_PROFILES") ?? "").split(",").map((name) => name.trim()));
  return new Map(
    [...services].filter(([name, { node }]) => {
      const entry = find(node, "profiles");
      const items = entry?.value.kind === "list" ? entry.value.items : [];
      const profiles = items.flatMap((item) => textOf(item) ?? []);
      if (entry === undefined || profiles.length === 0 || active.has("*")) return true;
      if (profiles.some((profile) => active.has(profile))) return true;
      problems.warning(
        "inactive-profile",
        entry.keyAt,
        `service ${quote(name)} is left out: of its profiles none is active (${profiles.join(", ")})`,
        `write COMPOSE_PROFILES=${profiles[0]} into the file .env beside this file to deploy it`,
      );
      return false;
    }),
  );
}
