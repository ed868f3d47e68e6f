import { z } from "zod";
import { healthChecks, readinessChecks, taskCheck } from "./check-fields";
import { anyPort, container, filled, labels, portName, portProtocol } from "./container-fields";
import { chosen, decimal, flag, listOf, long, mapOf, object, oneOf, text, whole } from "./schema";

const NETWORK_NAME = /^[a-z0-9]([-a-z0-9_]*[a-z0-9])?$/;
const EXECUTOR = /^((\/\/cmd)|(\/?[^/]+(\/[^/]+)*)|)$/;

const networkName = text({
  least: 1,
  most: 63,
  pattern: NETWORK_NAME,
  hint: "must consist of lower-case letters, digits, '-' and '_', the last two not at its ends",
});
const anyText = text();
const secret = object({ secret: anyText });
const environmentValue = chosen((value) => (typeof value === "object" ? secret : anyText));
const fraction = decimal(0, 1);
const amount = decimal();
const unlimited = oneOf("unlimited");
const limit = chosen((value) => (typeof value === "string" ? unlimited : amount));

/** Marathon takes every text for "disabled". */
const disabled = z.string().transform(() => "disabled");

const unreachable = object(
  {},
  { inactiveAfterSeconds: long, expungeAfterSeconds: long },
  { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
);

/** Every field of an app's definition in the API of 1.5 to 1.11, each with its form and its own defaults. */
export const FIELDS: Readonly<Record<string, z.ZodType>> = {
  instances: whole(),
  cpus: decimal(),
  mem: decimal(),
  disk: decimal(),
  gpus: whole(),
  cmd: text({ least: 1 }),
  args: listOf(text()),
  user: text(),
  env: mapOf(environmentValue),
  labels,
  secrets: mapOf(object({ source: filled })),
  networks: listOf(
    object(
      {},
      { mode: oneOf("host", "container", "container/bridge"), name: networkName, labels },
      { mode: "container", labels: {} },
    ),
  ),
  portDefinitions: listOf(
    object(
      {},
      { port: anyPort, protocol: portProtocol, name: portName, labels },
      { port: 0, protocol: "tcp", labels: {} },
    ),
  ),
  requirePorts: flag,
  container,
  constraints: listOf(listOf(text())),
  dependencies: listOf(filled),
  acceptedResourceRoles: listOf(text(), 1),
  fetch: listOf(
    object(
      { uri: text({ least: 1, most: 1024 }) },
      { extract: flag, executable: flag, cache: flag, destPath: text({ least: 1, most: 1024 }) },
      { extract: true, executable: false, cache: false },
    ),
  ),
  healthChecks,
  readinessChecks,
  check: taskCheck,
  upgradeStrategy: object({ minimumHealthCapacity: fraction, maximumOverCapacity: fraction }),
  killSelection: oneOf("YOUNGEST_FIRST", "OLDEST_FIRST"),
  unreachableStrategy: chosen((value) => (typeof value === "string" ? disabled : unreachable)),
  residency: object(
    {},
    { relaunchEscalationTimeoutSeconds: long, taskLostBehavior: oneOf("WAIT_FOREVER", "RELAUNCH_AFTER_TIMEOUT") },
    { relaunchEscalationTimeoutSeconds: 3600, taskLostBehavior: "WAIT_FOREVER" },
  ),
  backoffSeconds: whole(),
  backoffFactor: decimal(1),
  maxLaunchDelaySeconds: whole(),
  taskKillGracePeriodSeconds: whole(),
  executor: text({ pattern: EXECUTOR, hint: "must be empty, //cmd, or a path" }),
  executorResources: object(
    {},
    { cpus: decimal(0.1), mem: decimal(32), disk: decimal(10) },
    { cpus: 0.1, mem: 32, disk: 10 },
  ),
  resourceLimits: object({}, { cpus: limit, mem: limit }),
  role: filled,
  tty: flag,
};

/** Fields that some versions leave out in silence, and others take without ever showing them. */
export const UNSEEN_FIELDS: readonly string[] = ["executorResources", "resourceLimits", "role"];

/** What Marathon adds to a definition when it shows an app. */
export const READ_ONLY: readonly string[] = [
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
];
