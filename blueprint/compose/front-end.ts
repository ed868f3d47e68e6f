import type { FrontEnd, FrontEndContext } from "../front-end";
import { namedBy } from "../naming";
import { entryOf, listNode, mapNode } from "../yaml/make";
import { type Entry, find, isNull, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { ProjectVariables } from "./environment-files";
import { Extender, type Services, servicesIn } from "./extends";
import { contentsOf } from "./files";
import { interpolate, type Variables } from "./interpolate";
import { aliasesOf } from "./links";
import { LOCATION, translateService } from "./service";
import type { ComposeService } from "./translator";

const TOP = ["name", "services", "volumes", "networks", "secrets", "configs", "version"];

/** Compose files (compose-spec), of which a stack deploys the services that take part without a profile or with an active one. */
export const COMPOSE: FrontEnd = {
  name: "Compose file",
  recognises: (root, file) =>
    root.entries.some(({ key, value }) => key === "services" && isMapOfServices(value)) ||
    (/(^|[/\\])(docker-)?compose[^/\\]*\.ya?ml$/.test(file) && !root.entries.some(({ key }) => key === "services")),
  translate(root, context) {
    const variables = new ProjectVariables(context);
    const document = interpolate(root, variables, context.problems) as MapNode;
    checkTop(document, context);
    const all = servicesIn(document);
    if (all.size === 0) return noServices(document, context);
    const extended = extend(all, variables, context);
    const active = withProfiles(extended, variables, context);
    const shared = {
      names: new Set(active.keys()),
      volumes: new Set(entriesOf(document, "volumes").map(({ key }) => key)),
      aliases: new Map([...active].map(([name, node]) => [name, aliasesOf(node)])),
      secrets: contentsOf(entriesOf(document, "secrets"), true, variables, context),
      configs: contentsOf(entriesOf(document, "configs"), false, variables, context),
      variables,
      context,
    } satisfies Omit<ComposeService, "name" | "node">;
    const services = [...active].map(([name, node]) => translateService({ name, node, ...shared }));
    variables.tellUnused();
    const at = document.entries.find(({ key }) => key === "services")?.value.at ?? document.at;
    const location = find(document, LOCATION);
    const top = [
      ...namedBy(find(document, "name")),
      ...(location ? [entryOf("location", location.value, location.keyAt)] : []),
    ];
    return mapNode([...top, entryOf("services", listNode(services, at))], document.at);
  },
};

/** CAMP has a list, whose services have types. */
function isMapOfServices(node: Node): boolean {
  if (node.kind !== "map" || node.entries.length === 0) return false;
  return node.entries.every(({ value }) => value.kind === "map" && !value.entries.some(({ key }) => key === "type"));
}

function checkTop(root: MapNode, { problems }: FrontEndContext): void {
  for (const { key, keyAt, value } of root.entries) {
    if (TOP.includes(key) || key.startsWith("x-") || isNull(value)) continue;
    problems.error(
      "unsupported-key",
      keyAt,
      `${quote(key)} of the Compose file is not supported`,
      key === "include" ? "write the services into one file, or take them in by extends" : `use ${TOP.join(", ")}`,
    );
  }
  for (const { key, keyAt, value } of entriesOf(root, "networks")) {
    if (value.kind !== "map" || value.entries.length === 0 || key === "default") continue;
    problems.warning(
      "ignored-key",
      keyAt,
      `the settings of network ${quote(key)} have no effect: who may reach whom follows from depends_on and links`,
      "say in the stack's clocker:network what the network is like",
    );
  }
  for (const { key, value } of entriesOf(root, "volumes")) {
    for (const entry of value.kind === "map" ? value.entries : []) {
      if (["labels", "name"].includes(entry.key) || entry.key.startsWith("x-")) continue;
      problems.error(
        "unsupported-key",
        entry.keyAt,
        `${quote(entry.key)} of volume ${quote(key)} is not supported`,
        "a volume is one of the host's engine, made with the service; remove the key",
      );
    }
  }
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

function extend(services: Services, variables: Variables, context: FrontEndContext): ReadonlyMap<string, MapNode> {
  const extender = new Extender(services, variables, context);
  return new Map(
    [...services.keys()].flatMap((name): [string, MapNode][] => {
      const node = extender.resolve(name);
      return node === undefined ? [] : [[name, node]];
    }),
  );
}

/** Without those whose profiles are all inactive. */
function withProfiles(
  services: ReadonlyMap<string, MapNode>,
  variables: Variables,
  { problems }: FrontEndContext,
): ReadonlyMap<string, MapNode> {
  const active = new Set((variables.get("COMPOSE_PROFILES") ?? "").split(",").map((name) => name.trim()));
  return new Map(
    [...services].filter(([name, node]) => {
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

function entriesOf(root: MapNode, key: string): readonly Entry[] {
  const value: Node | undefined = find(root, key)?.value;
  return value?.kind === "map" ? value.entries : [];
}
