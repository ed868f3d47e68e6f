import { z } from "zod";
import { command } from "../definition/check-fields";
import { anyPort, filled, labels, name } from "../definition/container-fields";
import { FIELDS } from "../definition/fields";
import { chosen, decimal, flag, has, listOf, long, object, oneOf, text, whole } from "../definition/schema";

const path = text({ least: 1, most: 1024 });
const seconds = whole();
const fraction = decimal(0, 1);
const field = (key: string): z.ZodType => FIELDS[key] ?? z.never();

const endpoint = object(
  { name },
  {
    containerPort: whole(1, 65_535),
    hostPort: anyPort,
    protocol: listOf(oneOf("tcp", "udp")),
    labels,
    networkNames: listOf(filled),
  },
  { protocol: [], labels: {}, networkNames: [] },
);

const healthCheck = object(
  {},
  {
    http: object({ endpoint: name }, { path, scheme: oneOf("HTTP", "HTTPS") }, { scheme: "HTTP" }),
    tcp: object({ endpoint: name }),
    exec: object({ command }),
    gracePeriodSeconds: seconds,
    intervalSeconds: seconds,
    maxConsecutiveFailures: seconds,
    timeoutSeconds: seconds,
    delaySeconds: seconds,
  },
  {
    gracePeriodSeconds: 300,
    intervalSeconds: 60,
    maxConsecutiveFailures: 3,
    timeoutSeconds: 20,
    delaySeconds: 15,
  },
);

const limit = chosen((value) => (typeof value === "string" ? oneOf("unlimited") : decimal()));

const container = object(
  {
    name,
    resources: object({ cpus: decimal(), mem: decimal() }, { disk: decimal(), gpus: whole() }, { disk: 0, gpus: 0 }),
  },
  {
    exec: object({ command }, { overrideEntrypoint: flag }),
    endpoints: listOf(endpoint),
    image: object(
      { kind: oneOf("DOCKER", "APPC"), id: path },
      { forcePull: flag, pullConfig: object({ secret: filled }), labels },
      { forcePull: false, labels: {} },
    ),
    environment: field("env"),
    user: text(),
    healthCheck,
    volumeMounts: listOf(object({ name, mountPath: path }, { readOnly: flag }, { readOnly: false })),
    artifacts: field("fetch"),
    labels,
    lifecycle: object({}, { killGracePeriodSeconds: decimal() }),
    tty: flag,
    linuxInfo: z.looseObject({}),
    resourceLimits: object({}, { cpus: limit, mem: limit }),
  },
  { endpoints: [], environment: {}, volumeMounts: [], artifacts: [], labels: {}, tty: false },
);

const persistent = object(
  { size: long },
  { type: oneOf("root", "path", "mount"), maxSize: long, constraints: listOf(listOf(text(), 2)) },
  { type: "root", constraints: [] },
);
const hostVolume = object({ name, host: filled });
const secretVolume = object({ name, secret: filled });
const persistentVolume = object({ name, persistent });
const ephemeralVolume = object({ name });
const volume = chosen((value) => {
  if (has(value, "host")) return hostVolume;
  if (has(value, "secret")) return secretVolume;
  return has(value, "persistent") ? persistentVolume : ephemeralVolume;
});

const scheduling = object(
  {},
  {
    backoff: object(
      {},
      { backoff: decimal(), backoffFactor: decimal(1), maxLaunchDelay: decimal() },
      { backoff: 1, backoffFactor: 1.15, maxLaunchDelay: 300 },
    ),
    upgrade: object(
      {},
      { minimumHealthCapacity: fraction, maximumOverCapacity: fraction },
      { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
    ),
    placement: object(
      {},
      {
        constraints: listOf(object({ fieldName: text(), operator: text() }, { value: text() })),
        acceptedResourceRoles: listOf(text()),
      },
      { constraints: [], acceptedResourceRoles: [] },
    ),
    killSelection: field("killSelection"),
    unreachableStrategy: field("unreachableStrategy"),
  },
);

/** Every field of a pod's definition in the API of 1.4 to 1.11, each with its form and its own defaults. */
export const POD_FIELDS: Readonly<Record<string, z.ZodType>> = {
  containers: listOf(container, 1),
  user: filled,
  environment: field("env"),
  labels,
  secrets: field("secrets"),
  volumes: listOf(volume),
  networks: field("networks"),
  scaling: object({ kind: oneOf("fixed") }, { instances: whole(), maxInstances: whole() }, { instances: 1 }),
  scheduling,
  executorResources: field("executorResources"),
  role: filled,
  linuxInfo: z.looseObject({}),
  legacySharedCgroups: flag,
};

/** Fields that newer versions show whatever was asked for, and older ones never. */
export const VERSION_FIELDS: readonly string[] = ["role", "linuxInfo", "legacySharedCgroups"];
