import type { AppSpec, HealthCheck } from "../model/app";
import { cannotNormalise } from "../model/errors";
import { type Migrated, onHost } from "../model/migrate";
import { isResident, type NormalisationContext } from "../model/normalise";
import { absolute, segments } from "../model/path-id";
import type { RawUpdate } from "../model/raw-app";
import type { Problem } from "../model/schema";
import { constraintProblems } from "./constraints";
import { containerProblems } from "./container";
import { pathProblems, specIdProblems } from "./ids";
import { definitionProblems, nameProblems, networkProblems } from "./networks";
import { roleProblems } from "./roles";
import { environmentProblems, featureProblem, onlyWith, secretProblems } from "./secrets";
import { isUri } from "./uri";
import { driverProblems, stayingProblems } from "./volumes";

/** What validation depends on besides the definition. */
export interface ValidationContext {
  readonly features: ReadonlySet<string>;
}

export type Contexts = NormalisationContext & ValidationContext;

const NEEDS_COMMAND = "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.";
const MIGRATION = "DCOS_PACKAGE_FRAMEWORK_NAME and DCOS_MIGRATION_API_PATH must be defined when using ";

/** The rules for an app in terms of the new fields. */
export function appProblems(app: Migrated, contexts: Contexts): Problem[] {
  const { features } = contexts;
  const around = { networks: app.networks, secrets: app.secrets, features };
  const id = absolute(app.id, contexts.base);
  return [
    ...specIdProblems(id),
    ...dependencyProblems(app.dependencies, contexts),
    ...networkProblems(app.networks, contexts.defaultNetworkName),
    ...definitionProblems(app.portDefinitions ?? []),
    ...containerProblems(app.container, around),
    ...(Object.keys(app.secrets ?? {}).length > 0 && !features.has("secrets")
      ? [featureProblem("/secrets", "secrets")]
      : secretProblems(app.secrets, features)),
    ...environmentProblems(app.env, app.secrets, features),
    ...constraintProblems(app.constraints ?? []),
    ...checkProblems(app),
    ...readinessProblems(app),
    ...fetchProblems(app.fetch),
    ...roleProblems(app.acceptedResourceRoles, isResident(app)),
    ...driverProblems({ ...app, id } as AppSpec),
    ...(isResident(app) ? stayingProblems(app.upgradeStrategy) : []),
    ...wholeProblems(app, features).map((error) => ({ path: "/", error })),
    ...(segments(id).length === 0 ? [{ path: "/", error: "must not be root" }] : []),
    ...(isSingle(app) && app.upgradeStrategy ? singleProblems(app.upgradeStrategy) : []),
  ];
}

/** The rules for a partial update by itself; it is checked again as part of the app. */
export function updateProblems(update: RawUpdate, contexts: Contexts): Problem[] {
  const { features } = contexts;
  const networks = update.networks ?? [];
  const secrets = update.secrets;
  const problems = [
    ...(update.id === undefined ? [] : pathProblems(absolute(update.id), "/id")),
    ...dependencyProblems(update.dependencies, contexts),
    ...environmentProblems(update.env, secrets, features),
    ...(secrets ? onlyWith("secrets", "/secrets", features) : []),
    ...secretProblems(secrets, features),
    ...fetchProblems(update.fetch),
    ...definitionProblems(update.portDefinitions ?? []),
    ...containerProblems(update.container, { networks, secrets, features }),
    ...roleProblems(update.acceptedResourceRoles, update.residency !== undefined),
    ...nameProblems(networks, contexts.defaultNetworkName),
  ];
  const whole: [boolean, string][] = [
    [update.cmd?.length === 1, "must not be an empty string"],
    [
      networks.some(({ mode }) => mode === "host") && (update.container?.portMappings?.length ?? 0) > 0,
      "portMappings are not allowed with host-networking",
    ],
    [
      networks.some(({ mode }) => mode !== "host") && (update.portDefinitions?.length ?? 0) > 0,
      "portDefinitions are only allowed with host-networking",
    ],
    [
      update.version !== undefined && Object.keys(update).some((key) => key !== "id" && key !== "version"),
      "The 'version' field may only be combined with the 'id' field.",
    ],
  ];
  return [...problems, ...whole.filter(([fault]) => fault).map(([, error]) => ({ path: "/", error }))];
}

/** The rules that Marathon applies last, to the finished definition. */
export function definitionProblemsOf(app: AppSpec): Problem[] {
  const problems: Problem[] = (app.portDefinitions ?? []).flatMap(({ port }, index) =>
    port < 0 ? [{ path: `/portDefinitions(${index})/port`, error: `got ${port}, expected 0 or more` }] : [],
  );
  if (app.unreachableStrategy !== "disabled") {
    const { inactiveAfterSeconds: inactive, expungeAfterSeconds: expunge } = app.unreachableStrategy;
    if (inactive > expunge)
      problems.push({
        path: "/unreachableStrategy/inactiveAfterSeconds",
        error: `inactiveAfterSeconds (${inactive}) must be less or equal to expungeAfterSeconds, which is ${expunge}`,
      });
  }
  const single = isSingle(app) ? singleProblems(app.upgradeStrategy) : [];
  if (single.length > 0) problems.push({ path: "/isSingleInstance", error: "must be false" }, ...single);
  return problems;
}

/** Faults that Marathon meets only while it converts a valid body, hence as a 500. */
export function assertConvertible(app: AppSpec): void {
  for (const check of app.healthChecks ?? []) {
    if (check.protocol === "COMMAND" && !check.command)
      throw cannotNormalise("illegal protocol COMMAND for non-command health check");
    if (check.protocol !== "COMMAND" && check.command)
      throw cannotNormalise(`illegal protocol ${check.protocol} specified with command`);
  }
  for (const constraint of app.constraints ?? [])
    if (constraint[1] !== constraint[1]?.toUpperCase())
      throw cannotNormalise(`illegal constraint specification ${constraint.join(",")}`);
}

function wholeProblems(app: Migrated, features: ReadonlySet<string>): string[] {
  const { container, labels } = app;
  const command = app.cmd !== undefined;
  const args = (app.args ?? []).length > 0;
  const docker = container?.type === "DOCKER";
  const image = docker
    ? container.docker !== undefined && !container.appc
    : (container?.docker === undefined) !== (container?.appc === undefined);
  const api = labels.DCOS_MIGRATION_API_VERSION;
  const graphics = app.gpus > 0;
  const faults: [unknown, string][] = [
    [!(command !== args || (!(command && args) && image)), NEEDS_COMMAND],
    // The rule wants a length above one, although it speaks of empty strings.
    [app.cmd?.length === 1, "must not be an empty string"],
    [(app.healthChecks ?? []).filter(byMesos).length > 1, "AppDefinition can contain at most one Mesos health check"],
    [graphics && docker, "GPU resources only work with the Mesos containerizer"],
    [graphics && !features.has("gpu_resources"), featureProblem("/", "gpu_resources").error],
    [
      api && !(api === "v1" && labels.DCOS_PACKAGE_FRAMEWORK_NAME && labels.DCOS_MIGRATION_API_PATH),
      `${MIGRATION}DCOS_MIGRATION_API_VERSION`,
    ],
    [isSingle(app) && app.instances > 1, "Single instance app may only have one instance"],
    [
      docker && app.networks.filter(({ mode }) => mode === "container").length > 1,
      "may only specify a single container network when using the Docker container engine",
    ],
    [
      isResident(app) && app.unreachableStrategy !== undefined && app.unreachableStrategy !== "disabled",
      "unreachableStrategy must be disabled for resident tasks",
    ],
  ];
  return faults.filter(([fault]) => fault).map(([, error]) => error);
}

function dependencyProblems(ids: readonly string[] | undefined, { base }: Contexts): Problem[] {
  return (ids ?? []).flatMap((id, index) => pathProblems(absolute(id, base), `/dependencies(${index})`));
}

function fetchProblems(fetch: RawUpdate["fetch"]): Problem[] {
  return (fetch ?? []).flatMap(({ uri }, index) =>
    isUri(uri) ? [] : [{ path: `/fetch(${index})/uri`, error: "URI has invalid syntax." }],
  );
}

function checkProblems(app: Migrated): Problem[] {
  const problems: Problem[] = [];
  const ports = (app.container?.portMappings ?? app.portDefinitions ?? []).length;
  app.healthChecks?.forEach((check, index) => {
    const path = `/healthChecks(${index})`;
    const { port, portIndex } = check;
    const known = portIndex === undefined ? port !== undefined || ports === 1 : portIndex < ports;
    if (byMarathon(check) && !known)
      problems.push({
        path,
        error: "Health check port indices must address an element of the ports array or container port mappings.",
      });
    if (check.ipProtocol === "IPv6" && !(byMesos(check) && app.container?.type === "DOCKER"))
      problems.push({
        path,
        error: "IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health checks",
      });
  });
  return problems;
}

function readinessProblems(app: Migrated): Problem[] {
  const checks = app.readinessChecks ?? [];
  const problems: Problem[] =
    checks.length > 1 ? [{ path: "/readinessChecks/size", error: `got ${checks.length}, expected 1 or less` }] : [];
  const ports = onHost(app.networks) ? (app.portDefinitions ?? []) : (app.container?.portMappings ?? []);
  checks.forEach(({ portName, timeoutSeconds, intervalSeconds }, index) => {
    const path = `/readinessChecks(${index})`;
    if (!ports.some((port) => port.name === portName))
      problems.push({ path: `${path}/portName`, error: `No port definition reference for portName ${portName}` });
    if (timeoutSeconds >= intervalSeconds)
      problems.push({
        path: `${path}/timeoutSeconds`,
        error: `got ${timeoutSeconds}, expected less than ${intervalSeconds}`,
      });
  });
  return problems;
}

function byMesos({ protocol }: HealthCheck): boolean {
  return protocol.startsWith("MESOS_");
}

function byMarathon({ protocol, command }: HealthCheck): boolean {
  return !command && (protocol === "HTTP" || protocol === "HTTPS" || protocol === "TCP");
}

function isSingle({ labels }: Pick<AppSpec, "labels">): boolean {
  return labels.MARATHON_SINGLE_INSTANCE_APP === "true";
}

function singleProblems(strategy: AppSpec["upgradeStrategy"]): Problem[] {
  return (["minimumHealthCapacity", "maximumOverCapacity"] as const).flatMap((key) =>
    strategy[key] === 0
      ? []
      : [{ path: `/upgradeStrategy/${key}`, error: `got ${double(strategy[key])}, expected 0.0` }],
  );
}

function double(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
