import { nearest } from "../wording/suggest";
import type { Problems } from "./diagnostics";
import { readValue } from "./dsl/expression";
import { asksNothing, isHonoured, readConfig } from "./given";
import { assignIds, isId, makeId, refuseId } from "./ids";
import { inheritedKey } from "./keys";
import { readLocations } from "./locations";
import type { Blueprint, Expression, Overrides, Service } from "./model";
import { applyOverrides } from "./overrides";
import { checkReferences } from "./references";
import { type Scope, subject } from "./scope";
import { type DraftService, readService, typeEntry } from "./service";
import { bare, findType } from "./types";
import { readText } from "./values";
import { type Entry, isNull, type MapNode, type Node, quote, show } from "./yaml/nodes";

const LATER = "it is not supported yet; remove it";
const READ = ["id", "name", "description", "location", "locations", "services", "brooklyn.config"];
const IGNORED = ["origin", "artifacts", "wrappedApp", "brooklyn.catalog"];
const UNSUPPORTED: Readonly<Record<string, string>> = {
  "brooklyn.policies": LATER,
  "brooklyn.enrichers": LATER,
  "brooklyn.initializers": LATER,
  "brooklyn.children": "list the children under services",
  "brooklyn.parameters": "write the values under brooklyn.config",
  "brooklyn.flags": "write its keys under brooklyn.config",
  "brooklyn.tags": LATER,
};

export interface ApplicationOptions {
  readonly overrides: Overrides;
  readonly overridesSecret: boolean;
}

/** Reads a whole blueprint. What it gives is of use only if no error was found. */
export function readApplication(
  root: Node,
  file: string,
  options: ApplicationOptions,
  problems: Problems,
): Blueprint | undefined {
  if (root.kind !== "map") {
    problems.error(
      "bad-type",
      root.at,
      `the blueprint needs keys such as services, not ${show(root)}`,
      "write at least `services:` with a list of services",
    );
    return undefined;
  }
  const keys = new Map(root.entries.map((entry) => [entry.key, entry]));
  for (const entry of root.entries) checkKey(entry, problems);
  const services = applyOverrides(
    assignIds(readServices(keys.get("services"), root, problems), stemOf, problems),
    options.overrides,
    options.overridesSecret,
    problems,
  );
  const name = textOf(keys.get("name"), problems);
  const base = file.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "");
  const id = readId(keys.get("id"), problems) ?? (makeId(name ?? "") || makeId(base) || "application");
  const scope: Scope = { problems, service: "", services: new Set(services.map((one) => one.id)), application: id };
  const config = configMap(keys.get("brooklyn.config"), scope);
  const description = textOf(keys.get("description"), problems);
  const locationEntries = root.entries.filter((entry) => entry.key === "location" || entry.key === "locations");
  const locations = readLocations(locationEntries, scope);
  const draft = {
    file,
    id,
    name: name ?? id,
    ...(description === undefined ? {} : { description }),
    locations,
    services: services.map((service) => readService(service, config, { ...scope, service: service.id })),
    config: readApplicationConfig(config, scope),
  };
  checkReferences(draft, problems);
  return { ...draft, services: draft.services.filter(isComplete) };
}

function isComplete(service: DraftService): service is Service {
  return service.type !== undefined && service.workload !== undefined;
}

function checkKey(entry: Entry, problems: Problems): void {
  const { key, keyAt, value } = entry;
  if (READ.includes(key)) return;
  if (IGNORED.includes(key)) {
    problems.warning("ignored-key", keyAt, `${key} of the application has no effect`, "remove it");
    return;
  }
  const remedy = Object.hasOwn(UNSUPPORTED, key) ? UNSUPPORTED[key] : undefined;
  if (remedy !== undefined && (isNull(value) || asksNothing(value))) return;
  if (remedy !== undefined) {
    problems.error("unsupported-key", keyAt, `${key} of the application is not supported`, remedy);
    return;
  }
  const similar = nearest(key, [...READ, ...IGNORED, ...Object.keys(UNSUPPORTED)]);
  problems.error(
    "unknown-key",
    keyAt,
    `the application has the unknown key ${quote(key)}`,
    similar === undefined
      ? `use ${READ.join(", ")}; keys of services belong to a service, or under brooklyn.config for all of them`
      : `did you mean '${similar}'?`,
  );
}

function readServices(entry: Entry | undefined, root: MapNode, problems: Problems): readonly MapNode[] {
  const remedy = "write a list of services, each with `- type: ...`";
  if (entry === undefined || isNull(entry.value)) {
    problems.error("missing-services", entry?.keyAt ?? root.at, "the blueprint has no services", remedy);
    return [];
  }
  const { value } = entry;
  if (value.kind !== "list") {
    problems.error("bad-type", value.at, `services needs a list, not ${show(value)}`, remedy);
    return [];
  }
  if (value.items.length === 0) {
    problems.error("missing-services", value.at, "the blueprint has no services", remedy);
  }
  return value.items.flatMap((item, index) => {
    if (item.kind === "map") return [item];
    problems.error("bad-type", item.at, `service ${index + 1} needs a map, not ${show(item)}`, remedy);
    return [];
  });
}

function stemOf(service: MapNode): string {
  const value = typeEntry(service)?.value;
  const written = value?.kind === "scalar" ? value.text : "";
  return makeId(findType(written)?.stem(bare(written)) ?? "") || "service";
}

function readId(entry: Entry | undefined, problems: Problems): string | undefined {
  if (entry === undefined || isNull(entry.value)) return undefined;
  const { value } = entry;
  if (value.kind === "scalar" && isId(value.text)) return value.text;
  refuseId(value, "the id of the application", problems);
  return undefined;
}

function textOf(entry: Entry | undefined, problems: Problems): string | undefined {
  if (entry === undefined || isNull(entry.value)) return undefined;
  const scope: Scope = { problems, service: "", services: new Set(), application: "" };
  return readText(entry.value, { key: entry.key, scope }, "write a text");
}

function configMap(entry: Entry | undefined, scope: Scope): MapNode | undefined {
  if (entry === undefined) return undefined;
  const entries = readConfig(entry, scope);
  for (const inner of entries) {
    const definition = inheritedKey(inner.key);
    if (definition === undefined || isNull(inner.value) || !isHonoured(inner, definition, scope)) continue;
    if (definition.inherited) continue;
    scope.problems.error(
      "not-inherited",
      inner.keyAt,
      `${subject(inner.key, scope)} is not passed on to services`,
      "write the key on each service that needs it",
    );
  }
  return { kind: "map", entries, secret: false, at: entry.value.at };
}

/** The application's values; lists and maps are left out where services inherit them and read them there. */
function readApplicationConfig(config: MapNode | undefined, scope: Scope): Readonly<Record<string, Expression>> {
  const values = (config?.entries ?? []).flatMap(({ key, value }): [string, Expression][] => {
    if (inheritedKey(key) !== undefined && value.kind !== "scalar") return [];
    return [[key, readValue(value, `brooklyn.config.${key}`, scope) ?? { kind: "literal", value: null }]];
  });
  return Object.fromEntries(values);
}
