import { isDeepStrictEqual } from "node:util";
import type { AppDefinition, LiveApp } from "./api";
import { withDefaults } from "./defaults";

/** What Marathon adds to a definition when it shows an app. */
const READ_ONLY = new Set([
  "id",
  "version",
  "versionInfo",
  "tasks",
  "tasksStaged",
  "tasksRunning",
  "tasksHealthy",
  "tasksUnhealthy",
  "deployments",
  "lastTaskFailure",
  "taskStats",
  "tasksStats",
  "readinessCheckResults",
]);

/** Values that some version of Marathon fills in where nothing was given; an empty list stands for any value. */
const VERSION_DEFAULTS: Readonly<Record<string, readonly unknown[]>> = {
  maxLaunchDelaySeconds: [300, 3600],
  unreachableStrategy: [
    { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    { inactiveAfterSeconds: 300, expungeAfterSeconds: 600 },
    "disabled",
  ],
  acceptedResourceRoles: [["*"]],
  role: [],
  residency: [],
  executorResources: [],
};

/** Whether both definitions mean the same app. */
export function sameApp(one: AppDefinition, other: AppDefinition): boolean {
  return isDeepStrictEqual(withDefaults(one), withDefaults(other));
}

/**
 * The definition of a live app, written like `wanted` wherever both mean the same: equal to `wanted` if nobody changed the
 * app, else different in the changed fields alone.
 */
export function definitionOf(live: LiveApp, wanted: AppDefinition): AppDefinition {
  const expected = withDefaults(wanted);
  const actual = withoutAssigned(withDefaults(live), expected);
  const result: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(actual)])) {
    if (READ_ONLY.has(key)) continue;
    if (isDeepStrictEqual(actual[key], expected[key]) || isVersionDefault(key, actual[key], wanted)) {
      if (key in wanted) result[key] = wanted[key];
    } else if (actual[key] !== undefined) {
      result[key] = actual[key];
    }
  }
  return result;
}

/** Whether a live app is what `wanted` asks for. */
export function isLike(live: LiveApp, wanted: AppDefinition): boolean {
  return isDeepStrictEqual(definitionOf(live, wanted), wanted);
}

function isVersionDefault(key: string, actual: unknown, wanted: AppDefinition): boolean {
  const defaults = VERSION_DEFAULTS[key];
  if (!defaults || key in wanted) return false;
  return defaults.length === 0 || defaults.some((value) => isDeepStrictEqual(value, actual));
}

/** Takes out what Marathon chose because the definition left the choice: service ports and the default network's name. */
function withoutAssigned(
  live: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const container = live["container"] as { portMappings?: unknown } | undefined;
  const wanted = expected["container"] as { portMappings?: unknown } | undefined;
  const networks = expected["networks"] as Record<string, unknown>[];
  return {
    ...live,
    networks: (live["networks"] as Record<string, unknown>[]).map(({ name, ...network }, index) =>
      name === undefined || (networks[index] && !("name" in networks[index])) ? network : { ...network, name },
    ),
    ...("portDefinitions" in live && {
      portDefinitions: unassigned(live["portDefinitions"], expected["portDefinitions"], "port"),
    }),
    ...(container?.portMappings !== undefined && {
      container: {
        ...container,
        portMappings: unassigned(container.portMappings, wanted?.portMappings, "servicePort"),
      },
    }),
  };
}

function unassigned(live: unknown, wanted: unknown, field: "port" | "servicePort"): unknown {
  const expected = (Array.isArray(wanted) ? wanted : []) as Record<string, unknown>[];
  const actual = live as Record<string, unknown>[];
  return actual.map((item, index) => (expected[index]?.[field] === 0 ? { ...item, [field]: 0 } : item));
}
