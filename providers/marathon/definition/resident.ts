import { isDeepStrictEqual } from "node:util";
import { containsUnknown } from "../../runtime/unknown";
import type { AppDefinition } from "../api";
import { isObject, type Json, objects } from "./json";
import { isHostMode, normalForm } from "./normal-form";

/** What belongs to the reservation of an app with persistent volumes, beside these. */
const RESERVED = ["cpus", "mem", "disk", "gpus", "requirePorts"] as const;

export function isResident(app: AppDefinition): boolean {
  return persistentVolumes(app).length > 0;
}

/**
 * The fields in which two definitions differ although Marathon lets none of them change while an app has persistent
 * volumes: the volumes themselves, resources, and ports of the host. Empty for others, and where values are unknown.
 */
export function unchangeable(before: AppDefinition, after: AppDefinition): readonly string[] {
  const [one, other] = [normalForm(before), normalForm(after)];
  if (!isResident(one) && !isResident(other)) return [];
  const differ = (a: unknown, b: unknown) => !containsUnknown(a) && !containsUnknown(b) && !isDeepStrictEqual(a, b);
  return [
    ...(differ(persistentVolumes(one), persistentVolumes(other)) ? ["container.volumes"] : []),
    ...RESERVED.filter((field) => differ(one[field], other[field])),
    ...(differ(hostPorts(one), hostPorts(other)) ? ["ports of the host"] : []),
  ];
}

function persistentVolumes(app: AppDefinition): readonly Json[] {
  const container = app["container"];
  return objects(isObject(container) ? container["volumes"] : undefined)
    .filter((volume) => "persistent" in volume)
    .toSorted((a, b) => (String(a["containerPath"]) < String(b["containerPath"]) ? -1 : 1));
}

/** Ports of the host that are asked for by number. */
function hostPorts(app: Json): readonly unknown[] {
  const container = app["container"];
  const ports = isHostMode(app)
    ? objects(app["requirePorts"] === true ? app["portDefinitions"] : undefined).map(({ port }) => port)
    : objects(isObject(container) ? container["portMappings"] : undefined).flatMap(({ hostPort }) => hostPort ?? []);
  return [...new Set(ports)].toSorted();
}
