import { nearest } from "../wording/suggest";
import { readAdjuncts } from "./adjuncts/read";
import { stemOfFile } from "./archive/member";
import type { Catalog } from "./catalog/catalog";
import { type Declared, declare, NOTHING_DECLARED } from "./declare";
import type { Problems } from "./diagnostics";
import { FLAGS, refuseFlags } from "./flags";
import { entitiesOf, flatten } from "./flatten";
import { asksNothing } from "./given";
import { readGroup } from "./group";
import { Entities } from "./hierarchy";
import { assignIds, type Identified, isId, makeId, refuseId } from "./ids";
import { configMap, configOfService, layOver, readInheritedConfig } from "./inheritance";
import { applicationKey } from "./keys";
import { APPLICATION_KEYS } from "./keys/structure-keys";
import { readLocations } from "./locations";
import type { Blueprint, Group, LocationReference, Overrides, Service } from "./model";
import { readOutputs } from "./outputs";
import { applyOverrides } from "./overrides";
import { checkReferences } from "./references";
import type { Scope } from "./scope";
import { type DraftService, readService, typeEntry } from "./service";
import { bare, findType, isGroupType } from "./types";
import { unwrap } from "./unwrap";
import { readText } from "./values";
import { type Entry, isNull, type MapNode, type Node, quote, show } from "./yaml/nodes";

export interface ApplicationOptions {
  readonly overrides: Overrides;
  readonly overridesSecret: boolean;
  /** Types beside those of the language. */
  readonly catalog: Catalog;
}

/** Reads a whole blueprint. What it gives is of use only if no error was found. */
export function readApplication(
  document: Node,
  file: string,
  options: ApplicationOptions,
  problems: Problems,
): Blueprint | undefined {
  if (document.kind !== "map") {
    problems.error(
      "bad-type",
      document.at,
      `the blueprint needs keys such as services, not ${show(document)}`,
      "write at least `services:` with a list of services",
    );
    return undefined;
  }
  const root = unwrap(document);
  const nested = flatten(root, problems);
  const identified = assignIds(
    nested.map(({ node }) => node),
    stemOf,
    problems,
  );
  const entities = entitiesOf(nested, identified);
  const services = applyOverrides(identified, options.overrides, options.overridesSecret, problems);
  const written = new Map(root.entries.map((entry) => [entry.key, entry]));
  const name = textOf(written.get("name"), problems);
  const id = readId(written.get("id"), problems) ?? (makeId(name ?? "") || makeId(stemOfFile(file)) || "application");
  const running = services.filter(({ node }) => !isGroup(node)).map((one) => one.id);
  const scope: Scope = {
    problems,
    service: "",
    services: new Set(running),
    entities,
    application: id,
    catalog: options.catalog,
  };
  const { node, below } = declare(root, NOTHING_DECLARED, scope);
  const keys = new Map(node.entries.map((entry) => [entry.key, entry]));
  for (const entry of node.entries) checkKey(entry, scope);
  const config = configMap(keys.get("brooklyn.config"), scope);
  const description = textOf(keys.get("description"), problems);
  const locationEntries = root.entries.filter((entry) => entry.key === "location" || entry.key === "locations");
  const { sensors } = readAdjuncts(node.entries, scope);
  const draft = {
    file,
    id,
    name: name ?? id,
    ...(description === undefined ? {} : { description }),
    locations: readLocations(locationEntries, scope),
    ...readEntities(services, { locations: [], defaults: config, declared: below }, scope),
    config: readInheritedConfig(config, scope),
    ...readOutputs(keys.get("outputs"), scope),
    ...(Object.keys(sensors).length > 0 && { sensors }),
  };
  checkReferences(draft, problems);
  return { ...draft, services: draft.services.filter(isComplete) };
}

interface Inherited {
  readonly locations: readonly LocationReference[];
  readonly defaults: MapNode | undefined;
  readonly declared: Declared;
}

/** Reads services and groups, each after the one that it is a child of: it has that one's configuration and location unless its own. */
function readEntities(identified: readonly Identified[], application: Inherited, scope: Scope) {
  const services: DraftService[] = [];
  const groups: Group[] = [];
  const inheritance = new Map<string, Inherited>([["", application]]);
  for (const { node: written, ...identity } of identified) {
    const { id } = identity;
    const own = { ...scope, service: id };
    const parent = scope.entities.parentOf(id) ?? "";
    const { locations, defaults, declared: above } = inheritance.get(parent) ?? application;
    const { node, below: declared } = declare(written, above, own);
    const one = { ...identity, node };
    const place = (written: readonly LocationReference[]) => (written.length > 0 ? written : locations);
    if (isGroup(one.node)) {
      const { group, ...below } = readGroup(one, own);
      groups.push(group);
      inheritance.set(id, {
        locations: place(below.locations),
        defaults: layOver(defaults, below.defaults),
        declared,
      });
      continue;
    }
    const read = readService(one, defaults, own);
    const service = { ...read, locations: place(read.locations), ...(parent !== "" && { parent }) };
    services.push(service);
    if (scope.entities.childrenOf(id).length === 0) continue;
    const below = configOfService(one, findType(typeText(one.node)), own);
    inheritance.set(id, { locations: service.locations, defaults: layOver(defaults, below), declared });
  }
  return { services, groups };
}

function isGroup(service: MapNode): boolean {
  return isGroupType(typeText(service));
}

function typeText(service: MapNode): string {
  const value = typeEntry(service)?.value;
  return value?.kind === "scalar" ? value.text : "";
}

function isComplete(service: DraftService): service is Service {
  return service.type !== undefined && service.workload !== undefined;
}

function checkKey(entry: Entry, scope: Scope): void {
  const { problems } = scope;
  const { key, keyAt, value } = entry;
  const treatment = applicationKey(key)?.treatment;
  if (treatment?.kind === "read") return;
  if (treatment?.kind === "ignored") {
    if (key === "brooklyn.tags" && (isNull(value) || asksNothing(value))) return;
    problems.warning("ignored-key", keyAt, `${key} of the application has no effect`, treatment.remedy);
    return;
  }
  if (treatment !== undefined && (isNull(value) || asksNothing(value))) return;
  if (key === FLAGS && refuseFlags(entry, scope)) return;
  if (treatment !== undefined) {
    problems.error("unsupported-key", keyAt, `${key} of the application is not supported`, treatment.remedy);
    return;
  }
  const names = APPLICATION_KEYS.map(({ name }) => name);
  const similar = nearest(key, names);
  const read = APPLICATION_KEYS.filter((one) => one.treatment.kind === "read").map(({ name }) => name);
  problems.error(
    "unknown-key",
    keyAt,
    `the application has the unknown key ${quote(key)}`,
    similar === undefined
      ? `use ${read.join(", ")}; keys of services belong to a service, or under brooklyn.config for all of them`
      : `did you mean '${similar}'?`,
  );
}

function stemOf(service: MapNode): string {
  const use = service.uses?.at(-1);
  if (use !== undefined) return makeId(use.written ?? use.id) || "service";
  const written = typeText(service);
  if (isGroupType(written)) return "group";
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
  const scope: Scope = {
    problems,
    service: "",
    services: new Set(),
    entities: new Entities(new Map()),
    application: "",
  };
  return readText(entry.value, { key: entry.key, scope }, "write a text");
}
