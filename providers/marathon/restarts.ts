import { isDeepStrictEqual } from "node:util";
import { containsUnknown } from "../runtime/unknown";
import type { AppDefinition } from "./api";
import { isObject, type Json, objects } from "./definition/json";
import { isHostMode, normalForm } from "./definition/normal-form";

/** What Marathon does to the tasks of an app whose definition changes, and the fields that make it do so. */
export interface Effect {
  /** `nothing`: no step at all. `scale`: tasks are started or stopped, the others go on. `restart`: all are replaced. */
  readonly kind: "nothing" | "scale" | "restart";
  readonly fields: readonly string[];
}

/** Range that Marathon takes service ports from by default; an app keeps a port of it when it asks for any. */
const SERVICE_PORTS = { least: 10_000, most: 20_000 };

/** Fields that Marathon stores with the app but does not compare. */
const NOT_COMPARED = ["executorResources", "residency"];

/** What 1.8 fills in where a definition says nothing, beside what every version does. */
function completed(app: AppDefinition): Json {
  const unreachableStrategy = { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 };
  return { maxLaunchDelaySeconds: 300, unreachableStrategy, ...normalForm(app) };
}

/**
 * What replacing one definition by the other does, by the rule of Marathon 1.8: other `instances` alone scale, any other
 * change restarts all tasks, unless there are to be none. Of an app that runs, `before` is what
 * `definitionOf` gives. A value that is unknown counts as changed.
 */
export function effectOf(before: AppDefinition, after: AppDefinition): Effect {
  const [old, wanted] = [completed(before), completed(after)];
  const next = withKeptPorts(old, wanted);
  const fields = [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .filter((field) => !isDeepStrictEqual(old[field], next[field]) || containsUnknown(next[field]))
    .sort();
  const compared = fields.filter((field) => field !== "instances" && !NOT_COMPARED.includes(field));
  if (fields.length === 0) return { kind: "nothing", fields };
  if (next["instances"] === 0) return { kind: "scale", fields };
  if (compared.length > 0) return { kind: "restart", fields: fields.filter((field) => !NOT_COMPARED.includes(field)) };
  return fields.includes("instances") ? { kind: "scale", fields: ["instances"] } : { kind: "nothing", fields };
}

/** The effect as a sentence, e.g. `all 3 tasks are replaced, because cpus and env change`. */
export function effectText({ kind, fields }: Effect, before: AppDefinition, after: AppDefinition): string {
  const [from, to] = [before["instances"] ?? 1, after["instances"] ?? 1];
  const names = new Intl.ListFormat("en", { type: "conjunction" }).format(fields);
  const because = `because ${names} ${fields.length === 1 ? "changes" : "change"}`;
  if (kind === "nothing") return `no task restarts: Marathon does nothing when only ${names || "its order"} changes`;
  if (kind === "restart") {
    const unsure = containsUnknown(after) ? " or is not known before the update" : "";
    return `all tasks restart, ${because}${unsure}`;
  }
  if (to === 0) return from === 0 ? "no task restarts, for none is to run" : `all tasks stop, for instances becomes 0`;
  return `no task restarts: instances change from ${from} to ${containsUnknown(to) ? "a number not known yet" : to}`;
}

/** The definition with the service ports that it leaves to Marathon and the app has already, in order of their places. */
function withKeptPorts(old: Json, wanted: Json): Json {
  const asked = servicePorts(wanted);
  const kept = servicePorts(old).filter(
    (port) => port === 0 || (port >= SERVICE_PORTS.least && port <= SERVICE_PORTS.most && !asked.includes(port)),
  );
  const ports = asked.map((port) => (port === 0 ? (kept.shift() ?? 0) : port));
  if (isHostMode(wanted)) return { ...wanted, portDefinitions: numbered(wanted["portDefinitions"], "port", ports) };
  const container = wanted["container"];
  if (!isObject(container)) return wanted;
  const portMappings = numbered(container["portMappings"], "servicePort", ports);
  return { ...wanted, container: { ...container, portMappings } };
}

function servicePorts(app: Json): number[] {
  const { container } = app;
  return isHostMode(app)
    ? objects(app["portDefinitions"]).map(({ port }) => Number(port))
    : objects(isObject(container) ? container["portMappings"] : undefined).map(({ servicePort }) =>
        Number(servicePort),
      );
}

function numbered(value: unknown, field: string, ports: readonly number[]): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown, index) =>
    isObject(item) && item[field] === 0 ? { ...item, [field]: ports[index] } : item,
  );
}
