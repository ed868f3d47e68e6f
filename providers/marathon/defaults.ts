import type { AppDefinition } from "./api";

type Json = Readonly<Record<string, unknown>>;

/** Health checks that Marathon does itself, unlike those of the agents. */
const MARATHON_CHECKS = ["HTTP", "HTTPS", "TCP"];

/**
 * The definition as Marathon would show it, with every default that does not depend on its version, sets in one order and
 * numbers that Marathon assigns as they were given. Two definitions mean the same app if this makes them equal.
 */
export function withDefaults(app: AppDefinition): Json {
  const given = withoutNull(app) as Json;
  const networks = objects(given["networks"]).map((network) => ({ mode: "container", labels: {}, ...network }));
  const mode = String(networks[0]?.mode ?? "host");
  const container = containerOf(given, mode);
  const stateful = objects(container?.["volumes"]).some((volume) => "persistent" in volume || "external" in volume);
  const ports = mode === "host" ? { portDefinitions: portDefinitions(given["portDefinitions"]) } : {};
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
    upgradeStrategy: stateful
      ? { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 }
      : { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
    ...without(given, ["networks", "container", "portDefinitions", "requirePorts"]),
    ...("killSelection" in given && { killSelection: String(given["killSelection"]).toUpperCase() }),
    ...("check" in given && { check: taskCheck(given["check"]) }),
    ...("unreachableStrategy" in given && { unreachableStrategy: unreachableStrategy(given["unreachableStrategy"]) }),
    ...ports,
    ...(container && { container }),
    networks: networks.length > 0 ? networks : [{ mode: "host", labels: {} }],
    requirePorts: mode === "host" && given["requirePorts"] === true,
    constraints: sorted(given["constraints"]),
    dependencies: sorted(given["dependencies"]),
    fetch: objects(given["fetch"]).map((item) => ({ extract: true, executable: false, cache: false, ...item })),
    healthChecks: sorted(objects(given["healthChecks"]).map(healthCheck)),
    readinessChecks: objects(given["readinessChecks"]).map(readinessCheck),
    ...(given["acceptedResourceRoles"] !== undefined && {
      acceptedResourceRoles: sorted(given["acceptedResourceRoles"]),
    }),
  };
}

function containerOf(given: Json, mode: string): Json | undefined {
  const container = given["container"] as Json | undefined;
  if (!container && mode === "host") return undefined;
  const { docker, volumes, portMappings, ...rest } = container ?? { type: "MESOS" };
  return {
    type: "DOCKER",
    ...rest,
    ...(docker !== undefined && {
      docker: { privileged: false, forcePullImage: false, parameters: [], ...(docker as Json) },
    }),
    volumes: objects(volumes).map(volume),
    ...(mode !== "host" && { portMappings: mappings(portMappings, mode) }),
  };
}

function mappings(value: unknown, mode: string): Json[] {
  const assigned = mode === "container/bridge" ? { hostPort: 0 } : {};
  const given = value === undefined ? [{ name: "default" }] : objects(value);
  return given.map((mapping) => ({
    containerPort: 0,
    servicePort: 0,
    protocol: "tcp",
    labels: {},
    ...assigned,
    ...mapping,
  }));
}

function portDefinitions(value: unknown): Json[] {
  const given = value === undefined ? [{ name: "default" }] : objects(value);
  return given.map((definition) => ({ port: 0, protocol: "tcp", labels: {}, ...definition }));
}

function volume(given: Json): Json {
  const { mode, persistent, external, ...rest } = given;
  return {
    ...rest,
    mode: String(mode).toUpperCase(),
    ...(isObject(persistent) && { persistent: { type: "root", constraints: [], ...persistent } }),
    ...(isObject(external) && { external: { shared: false, ...external } }),
  };
}

function taskCheck(given: unknown): unknown {
  if (!isObject(given)) return given;
  const { http } = given;
  return {
    intervalSeconds: 60,
    timeoutSeconds: 20,
    delaySeconds: 15,
    ...given,
    ...(isObject(http) && { http: { scheme: "HTTP", ...http } }),
  };
}

function unreachableStrategy(given: unknown): unknown {
  return isObject(given) ? { inactiveAfterSeconds: 0, expungeAfterSeconds: 0, ...given } : given;
}

function healthCheck(given: Json): Json {
  const protocol = String(given["protocol"] ?? "HTTP").toUpperCase();
  const addressed = protocol === "COMMAND" || "port" in given || "portIndex" in given;
  return {
    gracePeriodSeconds: 300,
    intervalSeconds: 60,
    timeoutSeconds: 20,
    maxConsecutiveFailures: 3,
    delaySeconds: 15,
    ipProtocol: "IPv4",
    ...(addressed ? {} : { portIndex: 0 }),
    ...without(given, ["ignoreHttp1xx", ...(protocol.endsWith("TCP") ? ["path"] : [])]),
    ...(MARATHON_CHECKS.includes(protocol) && { delaySeconds: 15 }),
    protocol,
  };
}

function readinessCheck(given: Json): Json {
  return {
    name: "readinessCheck",
    protocol: "HTTP",
    path: "/",
    portName: "http-api",
    intervalSeconds: 30,
    timeoutSeconds: 10,
    httpStatusCodesForReady: [200],
    preserveLastResponse: false,
    ...given,
  };
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Marathon keeps no order in these; the order of their JSON texts is as good as any. */
function sorted(value: unknown): unknown[] {
  return Array.isArray(value)
    ? value.map(ordered).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    : [];
}

function ordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function without(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** A copy without null and undefined, which mean "not given" to Marathon. */
export function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null && item !== undefined).map(withoutNull);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, child]) => child !== null && child !== undefined);
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutNull(child)]));
}
