import type { z } from "zod";
import type { CheckFailure } from "../../runtime/handler";
import { containsUnknown, isUnknown } from "../../runtime/unknown";
import type { AppDefinition } from "../api";
import { absoluteId } from "../ids";
import { OWNER_LABELS } from "../owner";
import { containerRules } from "./container-rules";
import { currentForm } from "./current-form";
import { FIELDS, READ_ONLY } from "./fields";
import { healthRules } from "./health-rules";
import { isObject, list, objects, without, withoutNull } from "./json";
import { networkRules } from "./network-rules";
import { declaredPorts, isHostMode, normalForm } from "./normal-form";
import { notesOn } from "./notes";
import { placementRules } from "./placement-rules";

export interface Checked {
  /** The definition in the form that is kept and sent. */
  readonly app: unknown;
  readonly failures: readonly CheckFailure[];
  /** What Marathon takes and then leaves out: one sentence each. */
  readonly notes: readonly string[];
}

const DEFAULT_PORT = { port: 0, protocol: "tcp", name: "default" };

/**
 * A definition in the form that is kept and sent, and what is wrong with it: what Marathon 1.5 and newer would refuse
 * whatever its settings and other apps are. Unknown values pass. `appId` is the app's absolute id.
 */
export function checkDefinition(value: unknown, appId: unknown = undefined): Checked {
  if (isUnknown(value)) return { app: value, failures: [], notes: [] };
  if (!isObject(value)) {
    const failures = [{ property: "app", reason: "must be a Marathon app definition: an object" }];
    return { app: value, failures, notes: [] };
  }
  const given = withoutNull(value) as AppDefinition;
  const { app: current, failures: exclusions } = currentForm(without(given, ["id", ...READ_ONLY]));
  const app = complete(current);
  const basic = [...foreignId(given, appId), ...exclusions, ...forms(app), ...ownerLabels(app)];
  const failures = basic.length > 0 ? basic : rules(app, appId);
  return { app, failures, notes: failures.length > 0 ? [] : notesOn(given, app) };
}

/** With the defaults written out that users ask for first, and a port for each check, without which it never passes. */
function complete(app: AppDefinition): AppDefinition {
  const definition = {
    ...app,
    instances: app["instances"] ?? 1,
    cpus: app["cpus"] ?? 1,
    mem: app["mem"] ?? 128,
    ...("env" in app && { env: asTexts(app["env"]) }),
    ...("labels" in app && { labels: asTexts(app["labels"]) }),
    ...(Array.isArray(app["dependencies"]) && { dependencies: app["dependencies"].map(absolute) }),
    // Without a port of its own an app in host mode would be created with checks that never pass.
    ...(isHostMode(app) && !("portDefinitions" in app) && { portDefinitions: [DEFAULT_PORT] }),
  };
  const { healthChecks } = app;
  if (!Array.isArray(healthChecks) || checkablePorts(definition).length === 0) return definition;
  return { ...definition, healthChecks: healthChecks.map(addressed) };
}

/** Numbers and truth values as the texts that Marathon wants them to be. */
export function asTexts(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => [key, ["number", "boolean"].includes(typeof text) ? `${text}` : text]),
  );
}

function absolute(id: unknown): unknown {
  return typeof id === "string" && id !== "" && !containsUnknown(id) ? absoluteId(id) : id;
}

function addressed(check: unknown): unknown {
  if (!isObject(check) || "port" in check || "portIndex" in check) return check;
  return String(check["protocol"]).toUpperCase() === "COMMAND" ? check : { ...check, portIndex: 0 };
}

export function foreignId({ id }: AppDefinition, appId: unknown, noun: "app" | "pod" = "app"): CheckFailure[] {
  if (id === undefined || containsUnknown(id) || containsUnknown(appId)) return [];
  if (typeof id === "string" && absoluteId(id) === appId) return [];
  return [{ property: `${noun}.id`, reason: `is not taken: write it as ${noun}Id; it is ${JSON.stringify(id)}` }];
}

/** Fields that have not the form which Marathon takes. */
export function forms(
  definition: AppDefinition,
  noun: "app" | "pod" = "app",
  fields: Readonly<Record<string, z.ZodType>> = FIELDS,
): CheckFailure[] {
  return Object.entries(fields).flatMap(([key, schema]) => {
    if (!(key in definition)) return [];
    const issues = schema.safeParse(definition[key]).error?.issues ?? [];
    return issues.map(({ path, message }) => ({ property: [noun, key, ...path].join("."), reason: message }));
  });
}

/** The ports that health checks may count: the container that networks imply has none yet when Marathon judges the checks. */
function checkablePorts(definition: AppDefinition): readonly unknown[] {
  const implied = !isHostMode(definition) && !("container" in definition);
  return implied ? [] : declaredPorts(normalForm(definition));
}

function rules(definition: AppDefinition, appId: unknown): CheckFailure[] {
  const app = normalForm(definition);
  const subject = { app, appId: typeof appId === "string" && !containsUnknown(appId) ? appId : undefined };
  const checks = objects(definition["healthChecks"]).map((check) => normalCheck(definition, check));
  const findings = [
    ...containerRules(subject),
    ...networkRules(subject),
    ...healthRules(subject, checks, checkablePorts(definition).length),
    ...placementRules(subject, list(definition["constraints"])),
  ];
  return findings.filter(({ from }) => !containsUnknown(from)).map(({ property, reason }) => ({ property, reason }));
}

/** One check in normal form: normal form itself keeps no order. */
function normalCheck(definition: AppDefinition, check: unknown): unknown {
  return objects(normalForm({ ...definition, healthChecks: [check] })["healthChecks"])[0];
}

export function ownerLabels(definition: AppDefinition, noun: "app" | "pod" = "app"): CheckFailure[] {
  const given = definition["labels"];
  if (isUnknown(given)) return [];
  const missing = OWNER_LABELS.filter((label) => !(isObject(given) && given[label]));
  if (missing.length === 0) return [];
  return [
    { property: `${noun}.labels`, reason: `must hold ${missing.join(", ")}: they mark the ${noun} as this stack's` },
  ];
}
