import { ADJUNCT_KEYS, type Adjuncts, readAdjuncts } from "./adjuncts/read";
import { readTags } from "./adjuncts/tags";
import { refusalOf } from "./catalog/unknown-type";
import { readFiles } from "./container/files";
import { readContainerOptions } from "./container/options";
import { readValue } from "./dsl/expression";
import { PHASE_COMMANDS } from "./entity/phases";
import { collectKeys, type Given } from "./given";
import type { Identified } from "./ids";
import { formatImage } from "./image";
import { readLatches } from "./latches";
import { readLinks } from "./links";
import { readLocations } from "./locations";
import { readMachine } from "./machine";
import { readMarathonApp } from "./marathon-app";
import type { Expression, Service } from "./model";
import { sortPorts, tcpPort } from "./port";
import { readPortKeys } from "./port-keys";
import { readPortBindings, readPorts } from "./ports";
import { readDuration, readMemory } from "./quantities";
import { type Scope, subject } from "./scope";
import { bare, findType, TYPE_FORMS } from "./types";
import { type Reading, readBoolean, readInteger, readingOf, readList, readMap, readText, refuse } from "./values";
import { readVolumeMappings, readVolumes, readVolumesFrom } from "./volumes";
import { type Entry, isExpression, isNull, type MapNode, type Node, quote } from "./yaml/nodes";

const CONTAINER_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?$/;
/** Stands for a value that has a problem of its own, so that those who refer to it have none. */
const UNREADABLE: Expression = { kind: "literal", value: null };
/** Bounds of the kernel for the relative weight. */
const CPU_SHARES = { min: 2, max: 262_144 };
const INSTANCES = { min: 1, max: 10_000 };

/** A service as far as it could be read; complete unless its type is missing or wrong. */
export type DraftService = Omit<Service, "type" | "workload"> & Partial<Pick<Service, "type" | "workload">>;

/** Reads one service; `defaults` is the application's `brooklyn.config`. */
export function readService(service: Identified, defaults: MapNode | undefined, scope: Scope): DraftService {
  const { id, node } = service;
  const written = typeEntry(node);
  const typeText =
    written?.value.kind === "scalar" && typeof written.value.value === "string" ? written.value.value : undefined;
  const type = typeText === undefined ? undefined : findType(typeText);
  if (type === undefined) refuseType(written, node, scope);
  const given = collectKeys(node, defaults, type, scope);
  const { keys } = given;
  const at = <T>(name: string, read: (value: Node, reading: Reading) => T): T | undefined => {
    const entry = keys.get(name)?.[0];
    return entry && !isNull(entry.value) ? read(entry.value, readingOf(entry, scope)) : undefined;
  };
  const workload =
    type === undefined || written === undefined || typeText === undefined
      ? undefined
      : type.read(bare(typeText), written.value, keys, scope);
  const config = readOwnConfig(given, workload, scope);
  const byKeys = readPortKeys({ ...plainValues(defaults), ...config });
  const portBindings = at("docker.container.portBindings", readPortBindings) ?? [];
  const directPorts = [
    ...(at("docker.container.directPorts", readPorts) ?? []),
    ...(at("docker.container.directPorts.configKeys", byKeys) ?? []),
  ];
  const direct = portBindings.length > 0 ? [] : directPorts;
  if (direct.length < directPorts.length) warnDirectPorts(keys, scope);
  const openPorts = [
    ...(at("docker.container.openPorts", readPorts) ?? []),
    ...(at("docker.container.openPorts.configKeys", byKeys) ?? []),
  ];
  const bound = portBindings.map(({ containerPort: port, protocol }) => ({ port, protocol }));
  const own = type && workload ? type.ports(workload).map(tcpPort) : [];
  const read = {
    locations: readLocations(keys.get("location") ?? [], scope),
    links: at("docker.container.links", readLinks) ?? [],
    ports: sortPorts([...openPorts, ...direct, ...bound, ...own]),
    directPorts: direct,
    portBindings,
    env: at("docker.container.environment", readEnvironment) ?? {},
    entrypoint: at("docker.image.entrypoint", readWords),
    commands: at("docker.image.commands", readWords),
    containerName: at("docker.container.name", readContainerName),
    volumes: [
      ...(at("docker.container.volumes.export", readVolumes) ?? []),
      ...(at("docker.host.volumes", readVolumeMappings) ?? []),
    ],
    files: at("docker.container.files", readFiles) ?? [],
    container: readContainerOptions(at),
    volumesFrom: at("docker.container.volumes.import", readVolumesFrom) ?? [],
    cpuShares: at("docker.cpuShares", (value, reading) => readInteger(value, reading, CPU_SHARES)),
    memoryBytes: at("docker.memory", readMemory),
    privileged: at("docker.container.privileged", readBoolean) ?? false,
    interactive: at("docker.container.interactive", readBoolean) ?? false,
    latches: readLatches(at),
    machineKeys: PHASE_COMMANDS.filter((name) => workload?.kind === "software" && name in workload.settings),
    publishes: workload?.kind === "software" ? workload.publishes : {},
    startTimeoutSeconds: at("start.timeout", readDuration) ?? type?.startTimeoutSeconds ?? 0,
    instances: at("instances", (value, reading) => readInteger(value, reading, INSTANCES)) ?? 1,
    marathonApp: at("marathon.app", readMarathonApp),
    machine: at("provisioning.properties", readMachine),
    config,
  };
  const adjuncts = readAdjuncts(
    Object.keys(ADJUNCT_KEYS).flatMap((key) => keys.get(key)?.[0] ?? []),
    scope,
  );
  checkRestart(adjuncts, read.container, scope);
  const tags = at("brooklyn.tags", readTags);
  const container = tags ? { ...read.container, labels: { ...tags, ...read.container.labels } } : read.container;
  const sensors = Object.keys(adjuncts.sensors).length > 0 ? adjuncts.sensors : undefined;
  const name = at("name", (value, reading) => readText(value, reading, "write the service's name"));
  const description = at("description", (value, reading) => readText(value, reading, "write a text"));
  return withoutAbsent({ id, name, description, type: typeText, workload, ...read, container, sensors, at: node.at });
}

/** The entry of a service that names its type, in any of the three spellings. */
export function typeEntry(service: MapNode): Entry | undefined {
  return service.entries.find((entry) => ["type", "serviceType", "service_type"].includes(entry.key));
}

function refuseType(entry: Entry | undefined, service: MapNode, scope: Scope): void {
  if (entry === undefined || isNull(entry.value)) {
    scope.problems.error(
      "missing-type",
      service.at,
      `service '${scope.service}' has no type`,
      `write \`type:\` with ${TYPE_FORMS}`,
    );
    return;
  }
  const refusal = refusalOf(entry.value, scope.catalog);
  if (refusal === undefined) return;
  const { code, reason, remedy } = refusal;
  scope.problems.error(code, entry.value.at, `service '${scope.service}' has ${reason}`, remedy);
}

function warnDirectPorts(keys: Given["keys"], scope: Scope): void {
  const entry = keys.get("docker.container.directPorts")?.[0];
  if (entry === undefined) return;
  scope.problems.warning(
    "ignored-key",
    entry.keyAt,
    `${subject(entry.key, scope)} has no effect beside portBindings, as in Brooklyn`,
    "add these ports to portBindings, e.g. { 8080: 8080 }, and remove the key",
  );
}

function readEnvironment(node: Node, reading: Reading): Readonly<Record<string, Expression>> {
  const map = readMap(node, reading, "write a map of variables, e.g. { MODE: production }");
  const variables: [string, Expression][] = [];
  for (const { key, keyAt, value } of map?.entries ?? []) {
    if (key === "" || /[=\s\0]/.test(key)) {
      reading.scope.problems.error(
        "bad-variable",
        keyAt,
        `${subject(reading.key, reading.scope)} has the variable ${quote(key)}, which cannot be a name`,
        "use letters, digits and underscores",
      );
      continue;
    }
    const expression = readValue(value, `${reading.key}.${key}`, reading.scope);
    if (expression !== undefined) variables.push([key, expression]);
  }
  return Object.fromEntries(variables);
}

/** `entrypoint`, `commands`: words, never one text, since nothing here splits a command line. */
function readWords(node: Node, reading: Reading): readonly Expression[] | undefined {
  const items = readList(node, reading, 'write a list of words, e.g. ["redis-server", "--appendonly", "yes"]');
  return items?.flatMap((item, index) => {
    const word = readValue(item, `${reading.key}[${index}]`, reading.scope);
    return word === undefined ? [] : [word];
  });
}

function readContainerName(node: Node, reading: Reading): string | undefined {
  const remedy =
    "use up to 63 letters, digits, hyphens, underscores and dots, beginning and ending with a letter or digit";
  const name = readText(node, reading, remedy);
  if (name === undefined || CONTAINER_NAME.test(name)) return name;
  return refuse(node, reading, "a name", remedy, "bad-name");
}

/** What stands above the service as single values. */
function plainValues(defaults: MapNode | undefined): Service["config"] {
  return Object.fromEntries(
    (defaults?.entries ?? []).flatMap(({ key, value }): [string, Expression][] =>
      value.kind === "scalar" && !isExpression(value) ? [[key, { kind: "literal", value: value.value }]] : [],
    ),
  );
}

/** The user's own keys, and the single values of known ones, for `config("key")`. */
function readOwnConfig(given: Given, workload: Service["workload"] | undefined, scope: Scope): Service["config"] {
  const known = [...given.keys].flatMap(([name, [entry]]): [string, Expression][] => {
    if (entry === undefined || entry.value.kind !== "scalar" || isExpression(entry.value)) return [];
    if (!/^(?:instances$|(?:docker|start)\.(?!.*Ports$))/.test(name)) return [];
    const { key, scope: where } = readingOf(entry, scope);
    return [[name, readValue(entry.value, key, where) ?? UNREADABLE]];
  });
  const own = given.own.flatMap(({ key, value }): [string, Expression][] => {
    // A type that is refused may have had such keys.
    if (workload === undefined && value.kind !== "scalar" && !isExpression(value)) return [[key, UNREADABLE]];
    return [[key, readValue(value, `brooklyn.config.${key}`, scope) ?? UNREADABLE]];
  });
  return Object.fromEntries([...known, ...own, ...effectiveConfig(given, workload)]);
}

/** What is in force, also where the blueprint writes it within the type, as a range of ports or not at all. */
function effectiveConfig(given: Given, workload: Service["workload"] | undefined): readonly [string, Expression][] {
  const isSecret = (...names: string[]) => names.some((name) => given.keys.get(name)?.[0]?.value.secret);
  const value = (secret: boolean, scalar: string | number): Expression => ({
    kind: secret ? "secret" : "literal",
    value: scalar,
  });
  if (workload?.kind === "software") return Object.entries(workload.settings);
  if (workload === undefined) return [];
  const { tag, digest: _, ...name } = workload.image;
  const secret = isSecret("type", "docker.image.name", "docker.image.tag", "docker.registry.url");
  const named: [string, Expression] = ["docker.image.name", value(secret, formatImage(name))];
  return tag === undefined ? [named] : [named, ["docker.image.tag", value(secret, tag)]];
}

function checkRestart({ restarters }: Adjuncts, { restartPolicy }: Service["container"], scope: Scope): void {
  if (restartPolicy?.name !== "no") return;
  for (const { at } of restarters) {
    scope.problems.error(
      "conflicting-policy",
      at,
      `service '${scope.service}' has a ServiceRestarter, and its restartPolicy is no`,
      "remove one of the two",
    );
  }
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, child]) => child !== undefined)) as T;
}
