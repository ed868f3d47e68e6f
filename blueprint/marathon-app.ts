import { nearest } from "../wording/suggest";
import type { Structure } from "./model";
import { subject } from "./scope";
import { readStructure } from "./structure";
import { type Reading, readMap } from "./values";
import { type Entry, isNull, quote } from "./yaml/nodes";

const IMAGE = "the service's type names the image";
const PORTS = "write openPorts, directPorts or portBindings: the links need them";
const COMMAND = "write entrypoint and commands";
const NETWORKS = "write networks beside container";
const SHOWN = "Marathon sets it; remove it";

/** What is Clocker's in an app definition, by the path below `marathon.app`, with what to do instead. */
const OWNED: Readonly<Record<string, string>> = {
  id: "it is made of the application, the stack and the service; remove it",
  instances: "write instances beside marathon.app",
  cmd: COMMAND,
  args: COMMAND,
  executor: "the task is a container; remove it",
  ports: PORTS,
  portDefinitions: PORTS,
  requirePorts: PORTS,
  ipAddress: NETWORKS,
  uris: "write fetch",
  storeUrls: "write fetch",
  version: SHOWN,
  versionInfo: SHOWN,
  deployments: SHOWN,
  tasks: SHOWN,
  "container.type": "the location's containerizer says it; remove it",
  "container.portMappings": PORTS,
  "container.docker.image": IMAGE,
  "container.docker.network": NETWORKS,
  "container.docker.portMappings": PORTS,
  "container.docker.privileged": "write privileged beside marathon.app",
};

const FIELDS: ReadonlySet<string> = new Set([
  "acceptedResourceRoles",
  "backoffFactor",
  "backoffSeconds",
  "constraints",
  "container",
  "cpus",
  "dependencies",
  "disk",
  "env",
  "fetch",
  "gpus",
  "healthChecks",
  "killSelection",
  "labels",
  "maxLaunchDelaySeconds",
  "mem",
  "networks",
  "readinessChecks",
  "residency",
  "secrets",
  "taskKillGracePeriodSeconds",
  "tty",
  "unreachableStrategy",
  "upgradeStrategy",
  "user",
]);

/** Labels of this kind say whose an app is. */
const OWN_LABEL = /^clocker\./;
const REMEDY = "write fields of Marathon's app definition, e.g. { constraints: [[hostname, UNIQUE]] }";

/** `marathon.app`: fields of Marathon's app definition. Those that Clocker owns, and unknown ones, are refused by name. */
export function readMarathonApp(
  node: Entry["value"],
  reading: Reading,
): Readonly<Record<string, Structure>> | undefined {
  const map = readMap(node, reading, REMEDY);
  const fields = (map?.entries ?? []).flatMap((entry): [string, Structure][] => {
    if (!isKnown(entry, reading) || hasOwned(entry, "", reading)) return [];
    const value = readStructure(entry.value, `${reading.key}.${entry.key}`, reading.scope);
    return value === undefined ? [] : [[entry.key, value]];
  });
  return map && Object.fromEntries(fields);
}

function isKnown({ key, keyAt }: Entry, { key: name, scope }: Reading): boolean {
  if (FIELDS.has(key) || Object.hasOwn(OWNED, key)) return true;
  const similar = nearest(key, FIELDS);
  scope.problems.error(
    "unknown-key",
    keyAt,
    `${subject(name, scope)} has ${quote(key)}, which is no field of Marathon's app definition`,
    similar === undefined ? REMEDY : `did you mean '${similar}'?`,
  );
  return false;
}

/** Tells what of a field is Clocker's; maps that are added to what is derived have to be maps here already. */
function hasOwned({ key, keyAt, value }: Entry, above: string, reading: Reading): boolean {
  const path = `${above}${key}`;
  const { scope } = reading;
  const ownLabel = above === "labels." && OWN_LABEL.test(key) ? "it says whose the app is; remove it" : undefined;
  const remedy = Object.hasOwn(OWNED, path) ? OWNED[path] : ownLabel;
  if (remedy !== undefined) {
    scope.problems.error(
      "owned-field",
      keyAt,
      `${subject(reading.key, scope)} cannot set ${quote(path)}, which is Clocker's`,
      remedy,
    );
    return true;
  }
  if (!["container", "container.docker", "env", "labels"].includes(path) || isNull(value)) return false;
  const map = readMap(value, { ...reading, key: `${reading.key}.${path}` }, REMEDY);
  if (map === undefined) return true;
  return map.entries.filter((entry) => hasOwned(entry, `${path}.`, reading)).length > 0;
}
