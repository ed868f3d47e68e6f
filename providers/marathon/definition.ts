import { z } from "zod";
import type { CheckFailure } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import type { AppDefinition } from "./api";
import { withoutNull } from "./defaults";

/** Labels that mark an app as made by one service of one stack. */
export const OWNER_LABELS = ["clocker.application", "clocker.stack", "clocker.service"] as const;

const RESERVED: Readonly<Record<string, string>> = {
  id: "write it as appId",
  version: "Marathon would roll back to that version; leave it out",
  ports: "use portDefinitions",
  uris: "use fetch",
  ipAddress: "use networks",
  residency: "Marathon derives it; leave it out",
  tasks: "Marathon shows it; leave it out",
  deployments: "Marathon shows it; leave it out",
};

const count = z.number().int().min(0);
const amount = z.number().min(0);
const list = z.array(z.unknown());
const texts = z.record(z.string(), z.string());

const FIELDS: Readonly<Record<string, z.ZodType>> = {
  instances: count,
  cpus: amount,
  mem: amount,
  disk: amount,
  gpus: count,
  cmd: z.string().min(1),
  args: z.array(z.string()),
  env: z.record(z.string(), z.union([z.string(), z.strictObject({ secret: z.string() })])),
  labels: texts,
  networks: z.array(
    z.looseObject({
      mode: z.enum(["host", "container", "container/bridge"]).optional(),
      name: z.string().optional(),
      labels: texts.optional(),
    }),
  ),
  portDefinitions: list,
  constraints: z.array(z.array(z.string()).min(2).max(3)),
  dependencies: z.array(z.string()),
  healthChecks: list,
  fetch: list,
  container: z.looseObject({
    docker: z
      .looseObject({
        image: z.string().min(1).optional(),
        network: z.undefined("use networks of the app").optional(),
        portMappings: z.undefined("use container.portMappings").optional(),
      })
      .optional(),
    portMappings: list.optional(),
    volumes: list.optional(),
  }),
};

/** A definition in the form that is kept and sent, and what is wrong with it. Unknown values pass. */
export function checkDefinition(value: unknown): { app: unknown; failures: readonly CheckFailure[] } {
  if (isUnknown(value)) return { app: value, failures: [] };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { app: value, failures: [{ property: "app", reason: "must be a Marathon app definition: an object" }] };
  }
  const app = normalized(withoutNull(value) as AppDefinition);
  return { app, failures: [...reserved(app), ...shapes(app), ...combinations(app), ...labels(app)] };
}

function normalized(app: AppDefinition): AppDefinition {
  return {
    ...app,
    instances: app["instances"] ?? 1,
    cpus: app["cpus"] ?? 1,
    mem: app["mem"] ?? 128,
    ...("env" in app && { env: asTexts(app["env"]) }),
    ...("labels" in app && { labels: asTexts(app["labels"]) }),
    ...(Array.isArray(app["dependencies"]) && { dependencies: app["dependencies"].map(absolute) }),
    ...(Array.isArray(app["healthChecks"]) && { healthChecks: app["healthChecks"].map(addressed) }),
    // Without a port of its own an app in host mode would be created with checks that never pass.
    ...(isHostMode(app) && !("portDefinitions" in app) && { portDefinitions: [DEFAULT_PORT] }),
  };
}

const DEFAULT_PORT = { port: 0, protocol: "tcp", name: "default" };

function isHostMode(app: AppDefinition): boolean {
  const networks = app["networks"];
  if (networks === undefined || (Array.isArray(networks) && networks.length === 0)) return true;
  return Array.isArray(networks) && networks[0]?.mode === "host";
}

function asTexts(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => [key, ["number", "boolean"].includes(typeof text) ? `${text}` : text]),
  );
}

function absolute(id: unknown): unknown {
  return typeof id !== "string" || id.startsWith("/") || isUnknown(id) ? id : `/${id}`;
}

function addressed(check: unknown): unknown {
  if (typeof check !== "object" || check === null) return check;
  if ("port" in check || "portIndex" in check || ("protocol" in check && check.protocol === "COMMAND")) return check;
  return { ...check, portIndex: 0 };
}

function reserved(app: AppDefinition): CheckFailure[] {
  return Object.keys(app)
    .filter((key) => key in RESERVED)
    .map((key) => ({ property: `app.${key}`, reason: `is not taken: ${RESERVED[key]}` }));
}

function shapes(app: AppDefinition): CheckFailure[] {
  return Object.entries(FIELDS).flatMap(([key, schema]) => {
    if (!(key in app) || containsUnknown(app[key])) return [];
    const result = schema.safeParse(app[key]);
    return (result.error?.issues ?? []).map((issue) => ({
      property: ["app", key, ...issue.path].join("."),
      reason: issue.message,
    }));
  });
}

function combinations(app: AppDefinition): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if ("cmd" in app && "args" in app) failures.push({ property: "app.cmd", reason: "and app.args exclude each other" });
  if (!("cmd" in app || "args" in app || "container" in app)) {
    failures.push({ property: "app", reason: "needs cmd, args or a container" });
  }
  const mappings = (app["container"] as { portMappings?: unknown } | undefined)?.portMappings;
  if (isHostMode(app) && Array.isArray(mappings) && mappings.length > 0) {
    failures.push({
      property: "app.container.portMappings",
      reason: "has no effect on the host's network: give networks, or portDefinitions instead",
    });
  }
  if (!isHostMode(app) && "portDefinitions" in app) {
    failures.push({
      property: "app.portDefinitions",
      reason: "belongs to the host's network: use container.portMappings",
    });
  }
  return failures;
}

function labels(app: AppDefinition): CheckFailure[] {
  const given = app["labels"];
  if (isUnknown(given)) return [];
  const missing = OWNER_LABELS.filter((label) => !(given as Record<string, unknown> | undefined)?.[label]);
  if (missing.length === 0) return [];
  return [{ property: "app.labels", reason: `must hold ${missing.join(", ")}: they mark the app as this stack's` }];
}
