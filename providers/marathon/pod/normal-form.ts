import { isDeepStrictEqual } from "node:util";
import type { AppDefinition } from "../api";
import { canonicalText, isObject, type Json, list, objects, without, withoutNull } from "../definition/json";
import { POD_FIELDS, VERSION_FIELDS } from "./fields";

/** A pod as Marathon's API takes it, without `id`. */
export type PodDefinition = AppDefinition;

/** A pod as Marathon shows it. */
export interface LivePod extends PodDefinition {
  readonly id: string;
  readonly version: string;
}

/**
 * The definition as Marathon would show it, with every default that does not depend on its version or settings, and sets in
 * one order. Unknown values stay, and so do fields that have not the form which Marathon takes.
 */
export function normalPod(pod: PodDefinition): Json {
  const given = read(pod);
  const resident = objects(given["volumes"]).some((volume) => "persistent" in volume);
  const scheduling = isObject(given["scheduling"]) ? given["scheduling"] : {};
  const placement = isObject(scheduling["placement"]) ? scheduling["placement"] : {};
  const { networks = [], containers } = given;
  const mapped = objects(networks).some(({ mode }) => mode === "container");
  return {
    labels: {},
    environment: {},
    secrets: {},
    volumes: [],
    scaling: { kind: "fixed", instances: 1 },
    executorResources: { cpus: 0.1, mem: 32, disk: 10 },
    ...given,
    networks,
    containers: Array.isArray(containers) ? containers.map((container) => completed(container, mapped)) : containers,
    scheduling: {
      backoff: { backoff: 1, backoffFactor: 1.15, maxLaunchDelay: 300 },
      upgrade: resident
        ? { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 }
        : { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
      killSelection: "YOUNGEST_FIRST",
      unreachableStrategy: resident ? "disabled" : { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
      ...scheduling,
      placement: {
        constraints: asSet(placement["constraints"]),
        acceptedResourceRoles: asSet(placement["acceptedResourceRoles"]),
      },
    },
  };
}

/** Ports of the host that are not named are found by Marathon; on networks of containers none are wanted then. */
function completed(container: unknown, mapped: boolean): unknown {
  if (!isObject(container) || !Array.isArray(container["endpoints"])) return container;
  const endpoints = container["endpoints"].map((endpoint: unknown) =>
    isObject(endpoint)
      ? { ...(!mapped && { hostPort: 0 }), ...endpoint, protocol: asSet(endpoint["protocol"]) }
      : endpoint,
  );
  return { ...container, endpoints };
}

/** Whether both definitions mean the same pod. */
export function samePod(one: PodDefinition, other: PodDefinition): boolean {
  return isDeepStrictEqual(normalPod(one), normalPod(other));
}

/** Fields that differ, of which `scaling` alone starts or stops instances and keeps the others. */
export function changedFields(before: PodDefinition, after: PodDefinition): string[] {
  const [old, wanted] = [normalPod(before), normalPod(after)];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(wanted)])];
  return fields.filter((field) => !isDeepStrictEqual(old[field], wanted[field])).sort();
}

/** The definition of a live pod, written like `wanted` wherever both mean the same. */
export function podOf(live: LivePod, wanted: PodDefinition): PodDefinition {
  const expected = normalPod(wanted);
  const actual = withoutAssigned(normalPod(live), expected);
  const result: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(actual)])) {
    if (isDeepStrictEqual(actual[key], expected[key]) || isUnseen(key, live, wanted)) {
      if (key in wanted) result[key] = wanted[key];
    } else if (actual[key] !== undefined) {
      result[key] = actual[key];
    }
  }
  return result;
}

/** Whether a live pod is what `wanted` asks for. */
export function isLikePod(live: LivePod, wanted: PodDefinition): boolean {
  return isDeepStrictEqual(podOf(live, wanted), wanted);
}

function isUnseen(key: string, live: LivePod, wanted: PodDefinition): boolean {
  const versionBound = VERSION_FIELDS.includes(key) || !(key in POD_FIELDS);
  return versionBound && !(key in wanted && key in live);
}

/** Takes out the default network's name, which Marathon writes where the definition names none. */
function withoutAssigned(live: Json, expected: Json): Json {
  const wanted = objects(expected["networks"]);
  return {
    ...live,
    networks: objects(live["networks"]).map((network, index) =>
      wanted[index] && !("name" in wanted[index]) ? without(network, ["name"]) : network,
    ),
  };
}

function read(pod: PodDefinition): Json {
  const given = without(withoutNull(pod) as Json, ["id", "version"]);
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const result = POD_FIELDS[key]?.safeParse(value);
      return [key, result?.success ? result.data : value];
    }),
  );
}

function asSet(value: unknown): unknown {
  if (value !== undefined && !Array.isArray(value)) return value;
  const byText = new Map(list(value).map((item) => [canonicalText(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
