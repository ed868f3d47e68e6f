import { type AppSpec, type HealthCheck, isHostMode } from "./app";
import { cannotNormalise, throwIfAny } from "./errors";
import { absolute, hasValidSegments, SEGMENT_PATTERN, segments } from "./path-id";
import type { RawUpdate } from "./raw-app";
import type { Problem } from "./schema";
import { constraintProblems } from "./validate-constraints";
import { containerProblems, featureProblem, secretProblems } from "./validate-container";
import { networkProblems, portProblems } from "./validate-networks";

/** What validation depends on besides the definition. */
export interface ValidationContext {
  readonly features: ReadonlySet<string>;
}

const RESERVED = ["restart", "tasks", "versions"];
const NEEDS_COMMAND = "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.";

/** Old and new fields that exclude each other. Throws ApiError 422. */
export function validateAsSent(raw: RawUpdate): void {
  const problems: Problem[] = [];
  const networks = raw.networks !== undefined;
  if (networks && raw.container?.docker?.network)
    problems.push({ path: "/", error: "must not specify both container.docker.network and networks" });
  if (networks && raw.ipAddress) problems.push({ path: "/", error: "must not specify both networks and ipAddress" });
  if (raw.uris && raw.uris.length > 0 && raw.fetch && raw.fetch.length > 0)
    problems.push({ path: "/uris", error: "may not be set in conjunction with fetch" });
  if (raw.ipAddress?.discovery && raw.container?.type === "DOCKER" && raw.ipAddress.discovery.ports.length > 0)
    problems.push({ path: "/", error: "ipAddress/discovery is not allowed for Docker containers" });
  throwIfAny(problems);
}

/** The rules for one app in normal form. Throws ApiError 422, or 500 where Marathon fails to convert. */
export function validateApp(app: AppSpec, context: ValidationContext): void {
  const problems = [
    ...idProblems(app.id),
    ...commandProblems(app),
    ...networkProblems(app),
    ...portProblems(app),
    ...containerProblems(app, context.features),
    ...secretProblems(app, context.features),
    ...constraintProblems(app.constraints ?? []),
    ...checkProblems(app),
    ...readinessProblems(app),
    ...otherProblems(app, context.features),
  ];
  throwIfAny(problems);
  assertConvertible(app);
}

function idProblems(id: string): Problem[] {
  const path = absolute(id);
  const last = segments(path).at(-1);
  if (last === undefined)
    return [
      { path: "/id", error: "Path must contain at least one path element" },
      { path: "/", error: "must not be root" },
    ];
  if (!RESERVED.includes(last)) return [];
  return [{ path: "/id", error: `must not end with any of the following reserved keywords: ${RESERVED.join(", ")}` }];
}

function commandProblems(app: AppSpec): Problem[] {
  const command = app.cmd !== undefined;
  const args = app.args !== undefined;
  const image = app.container?.docker !== undefined;
  const missingDocker = app.container?.type === "DOCKER" && !app.container.docker;
  if ((command && args) || (!command && !args && !image && !missingDocker))
    return [{ path: "/", error: NEEDS_COMMAND }];
  // Marathon's rule wants a length above one, although it speaks of empty strings.
  if (app.cmd?.length === 1) return [{ path: "/", error: "must not be an empty string" }];
  return [];
}

function checkProblems(app: AppSpec): Problem[] {
  const problems: Problem[] = [];
  const checks = app.healthChecks ?? [];
  const ports = isHostMode(app) ? (app.portDefinitions ?? []).length : (app.container?.portMappings ?? []).length;
  checks.forEach((check, index) => {
    const path = `/healthChecks(${index})`;
    if (check.protocol !== "COMMAND" && check.portIndex !== undefined && check.portIndex >= ports)
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
  if (checks.filter(byMesos).length > 1)
    problems.push({ path: "/", error: "AppDefinition can contain at most one Mesos health check" });
  return problems;
}

function byMesos(check: HealthCheck): boolean {
  return check.protocol.startsWith("MESOS_");
}

function readinessProblems(app: AppSpec): Problem[] {
  const problems: Problem[] = [];
  const checks = app.readinessChecks ?? [];
  if (checks.length > 1)
    problems.push({ path: "/readinessChecks/size", error: `got ${checks.length}, expected 1 or less` });
  const ports = isHostMode(app) ? (app.portDefinitions ?? []) : (app.container?.portMappings ?? []);
  checks.forEach((check, index) => {
    const path = `/readinessChecks(${index})`;
    if (!ports.some((port) => port.name === check.portName))
      problems.push({
        path: `${path}/portName`,
        error: `No port definition reference for portName ${check.portName}`,
      });
    if (check.timeoutSeconds >= check.intervalSeconds)
      problems.push({
        path: `${path}/timeoutSeconds`,
        error: `got ${check.timeoutSeconds}, expected less than ${check.intervalSeconds}`,
      });
  });
  return problems;
}

function otherProblems(app: AppSpec, features: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  app.dependencies?.forEach((id, index) => {
    if (!hasValidSegments(id))
      problems.push({
        path: `/dependencies(${index})`,
        error: `must fully match regular expression '${SEGMENT_PATTERN}'`,
      });
  });
  app.fetch?.forEach((artifact, index) => {
    if (!isUri(artifact.uri)) problems.push({ path: `/fetch(${index})/uri`, error: "URI has invalid syntax." });
  });
  if (app.unreachableStrategy !== "disabled") {
    const { inactiveAfterSeconds, expungeAfterSeconds } = app.unreachableStrategy;
    if (inactiveAfterSeconds > expungeAfterSeconds)
      problems.push({
        path: "/unreachableStrategy/inactiveAfterSeconds",
        error:
          `inactiveAfterSeconds (${inactiveAfterSeconds}) must be less or equal to expungeAfterSeconds, ` +
          `which is ${expungeAfterSeconds}`,
      });
    if (app.residency) problems.push({ path: "/", error: "unreachableStrategy must be disabled for resident tasks" });
  }
  if (app.gpus > 0) {
    if (!features.has("gpu_resources")) problems.push(featureProblem("/", "gpu_resources"));
    else if (app.container?.type === "DOCKER")
      problems.push({ path: "/", error: "GPU resources only work with the Mesos containerizer" });
  }
  return [...problems, ...singleInstanceProblems(app)];
}

function singleInstanceProblems(app: AppSpec): Problem[] {
  if (app.labels.MARATHON_SINGLE_INSTANCE_APP !== "true") return [];
  const { minimumHealthCapacity: least, maximumOverCapacity: over } = app.upgradeStrategy;
  const problems: Problem[] = [];
  if (app.instances > 1) problems.push({ path: "/instances", error: `got ${app.instances}, expected 1 or less` });
  if (least !== 0)
    problems.push({ path: "/upgradeStrategy/minimumHealthCapacity", error: `got ${double(least)}, expected 0.0` });
  if (over !== 0)
    problems.push({ path: "/upgradeStrategy/maximumOverCapacity", error: `got ${double(over)}, expected 0.0` });
  return problems.length > 0 ? [{ path: "/isSingleInstance", error: "must be false" }, ...problems] : [];
}

/** Faults that Marathon meets only while it converts a valid body, hence as a 500. */
function assertConvertible(app: AppSpec): void {
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

function isUri(uri: string): boolean {
  return /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/.test(uri);
}

function double(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
