import { isDeepStrictEqual } from "node:util";
import type { AppDefinition } from "../api";
import { absoluteId } from "../ids";
import { FIELDS, READ_ONLY } from "./fields";
import { canonicalText, isObject, type Json, list, objects, without, withoutNull } from "./json";

const DEFAULT_DEFINITION = { port: 0, protocol: "tcp", labels: {}, name: "default" };

/** Health checks that Marathon does itself, unlike those of the agents. */
export const MARATHON_CHECKS: readonly unknown[] = ["HTTP", "HTTPS", "TCP"];

/**
 * The definition as Marathon would show it, with every default that does not depend on its version or settings, without
 * what it drops, and sets in one order. Two definitions mean the same app if this makes them equal. Unknown values stay,
 * and so do fields that have not the form which Marathon takes.
 */
export function normalForm(app: AppDefinition): Json {
  const given = read(app);
  const unnamed = given["networks"] === undefined || isDeepStrictEqual(given["networks"], []);
  const networks = unnamed ? [{ mode: "host", labels: {} }] : given["networks"];
  const host = isHostMode(given);
  const { portDefinitions = [DEFAULT_DEFINITION], container: _, ...rest } = given;
  const container = containerOf(given, host);
  const hasPorts = declaredPorts({ networks, portDefinitions, container }).length > 0;
  const volumes = objects(isObject(container) ? container["volumes"] : undefined);
  const resident = volumes.some((volume) => "persistent" in volume);
  const stateful = resident || volumes.some((volume) => "external" in volume);
  return {
    instances: 1,
    cpus: 1,
    mem: 128,
    disk: 0,
    gpus: 0,
    executor: "",
    backoffSeconds: 1,
    backoffFactor: 1.15,
    tty: false,
    killSelection: "YOUNGEST_FIRST",
    args: [],
    env: {},
    labels: {},
    secrets: {},
    fetch: [],
    upgradeStrategy: stateful
      ? { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 }
      : { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
    ...(resident && { unreachableStrategy: "disabled" }),
    ...rest,
    networks,
    requirePorts: host && given["requirePorts"] === true,
    ...(host && { portDefinitions }),
    ...(container !== undefined && { container }),
    constraints: asSet(given["constraints"]),
    dependencies: asSet(list(given["dependencies"]).map((id) => (typeof id === "string" ? absoluteId(id) : id))),
    healthChecks: asSet(objects(given["healthChecks"]).map((check) => healthCheck(check, hasPorts))),
    readinessChecks: objects(given["readinessChecks"]).map((check) => ({
      ...check,
      httpStatusCodesForReady: asSet(check["httpStatusCodesForReady"]),
    })),
    ...("acceptedResourceRoles" in given && { acceptedResourceRoles: asSet(given["acceptedResourceRoles"]) }),
  };
}

/** Whether tasks use the agent's own network, which is so if no other is named. */
export function isHostMode(app: AppDefinition): boolean {
  const { networks } = app;
  if (networks === undefined) return true;
  if (!Array.isArray(networks)) return false;
  const [network] = networks;
  return networks.length === 0 || (isObject(network) && String(network["mode"]).toLowerCase() === "host");
}

/** The ports that health checks count by index, as normal form has them. */
export function declaredPorts(normal: Json): readonly Json[] {
  const container = normal["container"];
  return objects(isHostMode(normal) ? normal["portDefinitions"] : isObject(container) && container["portMappings"]);
}

function read(app: AppDefinition): Json {
  const given = without(withoutNull(app) as Json, ["id", ...READ_ONLY]);
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const result = FIELDS[key]?.safeParse(value);
      return [key, result?.success ? result.data : value];
    }),
  );
}

function containerOf(given: Json, host: boolean): unknown {
  const { container } = given;
  if (container === undefined) {
    return host ? undefined : { type: "MESOS", volumes: [], portMappings: mappings(given, {}) };
  }
  if (!isObject(container)) return container;
  return host ? without(container, ["portMappings"]) : { ...container, portMappings: mappings(given, container) };
}

/** Port definitions beside container networks become bare mappings where they are more than the mappings. */
function mappings(given: Json, { portMappings }: Json): unknown {
  if (portMappings !== undefined && !Array.isArray(portMappings)) return portMappings;
  const bare = { containerPort: 0, servicePort: 0, protocol: "tcp", labels: {}, networkNames: [] };
  const written = portMappings === undefined ? [{ ...bare, name: "default" }] : objects(portMappings);
  const definitions = objects(given["portDefinitions"]);
  const bridge = objects(given["networks"]).some(({ mode }) => mode === "container/bridge");
  return Array.from({ length: Math.max(written.length, definitions.length) }, (_, index) => {
    const mapping: Json = written[index] ?? bare;
    return {
      ...(bridge && { hostPort: 0 }),
      ...mapping,
    };
  });
}

function healthCheck(given: Json, hasPorts: boolean): Json {
  const { protocol } = given;
  const addressed = !hasPorts || protocol === "COMMAND" || "port" in given || "portIndex" in given;
  const pathless = protocol === "COMMAND" || protocol === "TCP" || protocol === "MESOS_TCP";
  return {
    ...(addressed ? {} : { portIndex: 0 }),
    ...without(given, ["ignoreHttp1xx", ...(pathless ? ["path"] : [])]),
    ...(MARATHON_CHECKS.includes(protocol) && { delaySeconds: 15 }),
  };
}

/** Marathon keeps neither order nor repetitions in these; the order of their texts is as good as any. */
function asSet(value: unknown): readonly unknown[] {
  const byText = new Map(list(value).map((item) => [canonicalText(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
