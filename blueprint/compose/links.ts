import { componentNode, entryOf, listNode, mapNode, textNode } from "../yaml/make";
import { type Entry, find, isNull, type Node, quote, textOf } from "../yaml/nodes";
import { type ComposeService, checkKeys, ignored, isTrue, refuse, unsupported } from "./translator";

const CONDITIONS = ["service_started", "service_healthy"];
const FORM = "write a list of services, or a map of service to { condition: service_healthy }";

interface Wish {
  readonly alias: string;
  readonly target: string;
  readonly node: Node;
}

/** `depends_on` and `links`: the services that this one needs and may reach, under their names and aliases. */
export function translateLinks(service: ComposeService): readonly Entry[] {
  const wishes = new Map<string, Wish>();
  const targets = [...dependencies(service), ...links(service)];
  for (const wish of [...targets, ...targets.flatMap((one) => networkAliases(one, service))]) {
    if (!wishes.has(wish.alias)) wishes.set(wish.alias, wish);
  }
  const [first] = wishes.values();
  if (first === undefined) return [];
  const entries = [...wishes.values()].map(({ alias, target, node }) => entryOf(alias, componentNode(target, node.at)));
  return [entryOf("links", mapNode(entries, first.node.at))];
}

function dependencies(service: ComposeService): readonly Wish[] {
  const entry = find(service.node, "depends_on");
  if (entry === undefined) return [];
  const { key, value } = entry;
  if (value.kind === "scalar") return refuse(value, key, service, "a list or a map of services", FORM);
  const names =
    value.kind === "list"
      ? value.items.map((node) => ({ name: textOf(node) ?? "", node, required: true }))
      : value.entries.map((one) => ({
          name: one.key,
          node: textNode(one.key, one.keyAt),
          required: isRequired(one, service),
        }));
  return names.flatMap(({ name, node, required }) => target(name, name, node, key, required, service));
}

function isRequired({ key, value }: Entry, service: ComposeService): boolean {
  if (isNull(value)) return true;
  if (value.kind !== "map") {
    refuse(value, `depends_on.${key}`, service, "a map", FORM);
    return true;
  }
  checkKeys(value, `depends_on.${key}`, ["condition", "restart", "required"], service);
  const condition = find(value, "condition");
  if (condition && !CONDITIONS.includes(textOf(condition.value) ?? "")) {
    unsupported(
      condition.value.at,
      `the condition ${quote(textOf(condition.value) ?? "")} of depends_on`,
      service,
      `use ${CONDITIONS.join(" or ")}: a service that ends is no service here; run what it does in the image's entrypoint`,
    );
  }
  const restart = find(value, "restart");
  if (restart && isTrue(restart.value)) {
    ignored(restart.keyAt, "restart of depends_on", service, "remove it: what changes for a service is made anew");
  }
  const required = find(value, "required");
  return required === undefined || isTrue(required.value);
}

function links(service: ComposeService): readonly Wish[] {
  const entry = find(service.node, "links");
  if (entry === undefined) return [];
  const { key, value } = entry;
  const form = "write a list such as [db, db:database]";
  if (value.kind !== "list") return refuse(value, key, service, "a list", form);
  return value.items.flatMap((node) => {
    const [name = "", alias = name, ...more] = (textOf(node) ?? "").split(":");
    if (name === "" || more.length > 0) return refuse(node, key, service, "services with aliases", form);
    return target(name, alias, node, key, true, service);
  });
}

function target(
  name: string,
  alias: string,
  node: Node,
  key: string,
  required: boolean,
  service: ComposeService,
): readonly Wish[] {
  if (service.names.has(name)) return [{ alias, target: name, node }];
  if (!required) return ignored(node.at, `${key} on ${quote(name)}`, service, "remove it: there is no such service");
  service.context.problems.error(
    "unknown-link-target",
    node.at,
    `${key} of service '${service.name}' names ${quote(name)}, which is no service that takes part`,
    `services that take part: ${[...service.names].sort().join(", ")}; those with profiles do if COMPOSE_PROFILES of the file .env names one`,
  );
  return [];
}

/** The names that a target has on networks, under which its consumers know it as well. */
function networkAliases({ target, node }: Wish, service: ComposeService): readonly Wish[] {
  const aliases = service.aliases.get(target) ?? [];
  return aliases.map((alias) => ({ alias, target, node }));
}

/** Aliases on the networks of a service. */
export function aliasesOf(service: ComposeService["node"]): readonly string[] {
  const networks = find(service, "networks")?.value;
  if (networks?.kind !== "map") return [];
  return networks.entries.flatMap(({ value }) => {
    const aliases = value.kind === "map" ? find(value, "aliases")?.value : undefined;
    return aliases?.kind === "list" ? aliases.items.flatMap((item) => textOf(item) ?? []) : [];
  });
}

/** `networks`: who may reach whom follows from links, so that names and aliases are all that is taken of them. */
export function translateNetworks({ key, value }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind === "scalar") return refuse(value, key, service, "a list or a map of networks", "write e.g. [back]");
  const names = value.kind === "list" ? value.items.map((item) => ({ name: textOf(item) ?? "", at: item.at })) : [];
  const keys = value.kind === "map" ? value.entries.map((entry) => ({ name: entry.key, at: entry.keyAt })) : [];
  for (const { name, at } of [...names, ...keys]) {
    if (name === "default" || service.networks.has(name)) continue;
    service.context.problems.error(
      "unknown-network",
      at,
      `${key} of service '${service.name}' names ${quote(name)}, which the file does not have`,
      `list it under networks of the file: ${name}:`,
    );
  }
  if (value.kind === "list") return [];
  for (const { key: name, value: settings } of value.entries) {
    if (settings.kind === "map")
      checkKeys(settings, `networks.${name}`, ["aliases", "priority", "gw_priority"], service);
  }
  return [];
}

/** `network_mode`: the default or nothing. */
export function translateNetworkMode({ key, value, keyAt }: Entry, service: ComposeService): readonly Entry[] {
  if (textOf(value) === "bridge") return [];
  return unsupported(
    keyAt,
    `${key} ${quote(textOf(value) ?? "")}`,
    service,
    "remove it, and say by depends_on what it needs",
  );
}

/** `volumes_from`: names of the containers. */
export function translateVolumesFrom({ key, value }: Entry, service: ComposeService): readonly Entry[] {
  const form = "write a list of services";
  if (value.kind !== "list") return refuse(value, key, service, "a list", form);
  const names = value.items.flatMap((item) => {
    const [, container, name, mode] = /^(container:)?([^:]+)(?::(ro|rw))?$/.exec(textOf(item) ?? "") ?? [];
    if (name === undefined) return refuse(item, key, service, "services", form);
    if (container || mode === "ro") return unsupported(item.at, `${key} ${quote(textOf(item) ?? "")}`, service, form);
    return [textNode(name, item.at)];
  });
  return [entryOf("volumesFrom", listNode(names, value.at))];
}
