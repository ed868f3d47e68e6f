import { isDeepStrictEqual } from "node:util";
import type { AppDefinition, LiveApp } from "./api";
import { FIELDS, UNSEEN_FIELDS } from "./definition/fields";
import { isObject, type Json, objects } from "./definition/json";
import { normalForm } from "./definition/normal-form";

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

/** What Marathon above 1.5 shows of an app with persistent volumes, whatever was asked for. */
const DERIVED_RESIDENCY = { relaunchEscalationTimeoutSeconds: 3600, taskLostBehavior: "WAIT_FOREVER" };

/** Whether both definitions mean the same app. */
export function sameApp(one: AppDefinition, other: AppDefinition): boolean {
  return isDeepStrictEqual(normalForm(one), normalForm(other));
}

/**
 * The definition of a live app, written like `wanted` wherever both mean the same: equal to `wanted` if nobody changed the
 * app, else different in the changed fields alone.
 */
export function definitionOf(live: LiveApp, wanted: AppDefinition): AppDefinition {
  const expected = normalForm(wanted);
  const actual = withoutAssigned(normalForm(live), expected);
  const result: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(actual)])) {
    const same = isDeepStrictEqual(actual[key], expected[key]) || isVersionDefault(key, actual[key], wanted);
    if (same || isUnseen(key, actual[key], live)) {
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

/** Whether this Marathon shows nothing of a field, whatever was asked for: it does not know it, or derives it. */
function isUnseen(key: string, actual: unknown, live: LiveApp): boolean {
  if (key === "residency") return actual === undefined || isDeepStrictEqual(actual, DERIVED_RESIDENCY);
  return actual === undefined && !(key in live) && (UNSEEN_FIELDS.includes(key) || !(key in FIELDS));
}

/** Takes out what Marathon chose because the definition left the choice: service ports and the default network's name. */
function withoutAssigned(live: Json, expected: Json): Json {
  const networks = objects(expected["networks"]);
  const { container } = live;
  const wanted: Json = isObject(expected["container"]) ? expected["container"] : {};
  return {
    ...live,
    networks: objects(live["networks"]).map(({ name, ...network }, index) =>
      name === undefined || (networks[index] && !("name" in networks[index])) ? network : { ...network, name },
    ),
    ...("portDefinitions" in live && {
      portDefinitions: unassigned(live["portDefinitions"], expected["portDefinitions"], "port"),
    }),
    ...(isObject(container) && {
      container: {
        // Marathon below 1.8 knows nothing of it.
        ...("linuxInfo" in wanted && { linuxInfo: wanted["linuxInfo"] }),
        ...container,
        ...("portMappings" in container && {
          portMappings: unassigned(container["portMappings"], wanted["portMappings"], "servicePort"),
        }),
      },
    }),
  };
}

function unassigned(live: unknown, wanted: unknown, field: "port" | "servicePort"): unknown {
  const expected = objects(wanted);
  return objects(live).map((item, index) => (expected[index]?.[field] === 0 ? { ...item, [field]: 0 } : item));
}
