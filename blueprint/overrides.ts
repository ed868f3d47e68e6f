import { nearest } from "../wording/suggest";
import type { Problems } from "./diagnostics";
import type { Identified } from "./ids";
import { configKey, topKey } from "./keys";
import type { Overrides, Position } from "./model";
import { listOf } from "./scope";
import { type Entry, isNull, type MapNode, nodeOf, show } from "./yaml/nodes";

const FILE = "clocker:overrides";

/** Puts the stack's keys in place of the blueprint's, whatever spelling either uses; an empty value removes a key. */
export function applyOverrides(
  services: readonly Identified[],
  overrides: Overrides,
  secret: boolean,
  problems: Problems,
): readonly Identified[] {
  const ids = new Set(services.map((service) => service.id));
  for (const id of Object.keys(overrides)) {
    if (ids.has(id)) continue;
    const similar = nearest(id, ids);
    problems.error(
      "unknown-override",
      { file: FILE, path: id },
      `no service has the id '${id}'`,
      `${similar ? `did you mean '${similar}'? ` : ""}services of this blueprint: ${listOf(ids)}`,
    );
  }
  return services.map((service) => {
    if (!Object.hasOwn(overrides, service.id)) return service;
    const at: Position = { file: FILE, path: service.id };
    const node = nodeOf(overrides[service.id], at, secret);
    if (node.kind !== "map") {
      problems.error("bad-type", at, `the override needs a map, not ${show(node)}`, "write blueprint keys and values");
      return service;
    }
    return { ...service, node: merge(service.node, node, problems) };
  });
}

function merge(service: MapNode, override: MapNode, problems: Problems): MapNode {
  let merged = service;
  for (const entry of override.entries) {
    if (entry.key === "brooklyn.children") {
      problems.error(
        "bad-override",
        entry.keyAt,
        "the children of a service cannot be overridden as a whole",
        "override each of them by its own id",
      );
    } else if (canonical(entry.key) === "id") {
      problems.error(
        "bad-override",
        entry.keyAt,
        "the id of a service cannot be overridden: other services and the stack refer to it",
        "change the id in the blueprint",
      );
    } else if (entry.key === "brooklyn.config" && entry.value.kind === "map") {
      for (const inner of entry.value.entries) merged = replaceConfig(merged, inner, problems);
    } else {
      merged = replace(merged, entry, problems);
    }
  }
  return merged;
}

function replace(service: MapNode, entry: Entry, problems: Problems): MapNode {
  warnNumericVersion(entry, problems);
  const name = canonical(entry.key);
  const own = topKey(entry.key) === undefined && configOf(service).some((one) => one.key === entry.key);
  if (own) return replaceConfig(service, entry, problems);
  const cleared = entry.key === "brooklyn.config" ? service : withoutConfig(service, name);
  const entries = [...cleared.entries.filter((one) => canonical(one.key) !== name), entry];
  return { ...cleared, entries };
}

function replaceConfig(service: MapNode, entry: Entry, problems: Problems): MapNode {
  warnNumericVersion(entry, problems);
  const name = configKey(entry.key)?.name ?? entry.key;
  const cleared = withoutConfig(service, name);
  const others = cleared.entries.filter((one) => one.key !== "brooklyn.config");
  const config = cleared.entries.find((one) => one.key === "brooklyn.config");
  const kept = isNull(entry.value) ? [] : [entry];
  const value: MapNode = {
    kind: "map",
    secret: false,
    at: config?.value.at ?? entry.value.at,
    entries: [...configOf(cleared), ...kept],
  };
  const keyAt = config?.keyAt ?? entry.keyAt;
  const outside = configKey(entry.key) ? others.filter((one) => canonical(one.key) !== name) : others;
  return { ...cleared, entries: [...outside, { key: "brooklyn.config", keyAt, value }] };
}

function withoutConfig(service: MapNode, name: string): MapNode {
  const entries = service.entries.map((entry) => {
    if (entry.key !== "brooklyn.config" || entry.value.kind !== "map") return entry;
    const kept = entry.value.entries.filter((one) => (configKey(one.key)?.name ?? one.key) !== name);
    return { ...entry, value: { ...entry.value, entries: kept } };
  });
  return { ...service, entries };
}

function configOf(service: MapNode): readonly Entry[] {
  const config = service.entries.find((entry) => entry.key === "brooklyn.config")?.value;
  return config?.kind === "map" ? config.entries : [];
}

function canonical(key: string): string {
  return topKey(key)?.name ?? key;
}

/** `3.0` reaches the program as 3: the configuration has no source text. */
function warnNumericVersion(entry: Entry, problems: Problems): void {
  const { value } = entry;
  if (canonical(entry.key) !== "install.version" || value.kind !== "scalar" || typeof value.value !== "number") return;
  problems.warning(
    "numeric-version",
    value.at,
    `install.version is a number, read as ${show(value)}: a trailing zero would be lost`,
    'quote the version in the stack file, e.g. "3.0"',
  );
}
