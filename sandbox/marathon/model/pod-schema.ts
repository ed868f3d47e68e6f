import { artifact, environmentValue, labels, network, pathId, portNumber, secret } from "./app-schema";
import {
  decimal,
  firstOf,
  flag,
  integer,
  isoDate,
  list,
  literal,
  object,
  optional,
  plainObject,
  type Reader,
  record,
  required,
  text,
} from "./schema";

const count = integer({ min: 0 });
const filled = text({ minLength: 1 });
const name = text({ minLength: 1, maxLength: 63, pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ });
const path = text({ minLength: 1, maxLength: 1024 });
const scheme = literal("HTTP", "HTTPS");
const environment = record(environmentValue);

const command = firstOf(plainObject({ shell: required(text()) }), object({ argv: required(list(text())) }));

const healthCheck = object({
  http: optional(object({ endpoint: required(name), path: optional(path), scheme: optional(scheme) })),
  tcp: optional(object({ endpoint: required(name) })),
  exec: optional(plainObject({ command: required(command) })),
  gracePeriodSeconds: optional(count, 300),
  intervalSeconds: optional(count, 60),
  maxConsecutiveFailures: optional(count, 3),
  timeoutSeconds: optional(count, 20),
  delaySeconds: optional(count, 15),
});

const endpoint = object({
  name: required(name),
  containerPort: optional(integer({ min: 1, max: 65_535 })),
  hostPort: optional(portNumber),
  protocol: optional(list(text())),
  labels: optional(labels),
  networkNames: optional(list(text())),
});

const container = object({
  name: required(name),
  exec: optional(plainObject({ command: required(command), overrideEntrypoint: optional(flag) })),
  resources: required(
    object({
      cpus: required(decimal({ min: 0 })),
      mem: required(decimal({ min: 0 })),
      disk: optional(decimal({ min: 0 }), 0),
      gpus: optional(count, 0),
    }),
  ),
  endpoints: optional(list(endpoint)),
  image: optional(
    object({
      kind: required(literal("DOCKER", "APPC")),
      id: required(path),
      pullConfig: optional(object({ secret: required(filled) })),
      forcePull: optional(flag),
      labels: optional(labels),
    }),
  ),
  environment: optional(environment),
  user: optional(text()),
  healthCheck: optional(healthCheck),
  volumeMounts: optional(list(object({ name: required(name), mountPath: required(path), readOnly: optional(flag) }))),
  artifacts: optional(list(artifact)),
  labels: optional(labels),
  lifecycle: optional(object({ killGracePeriodSeconds: optional(decimal({ min: 0 })) })),
  tty: optional(flag),
});

const volume = firstOf(
  object({ name: required(name), host: required(filled) }),
  object({ name: required(name), secret: required(filled) }),
  object({
    name: required(name),
    persistent: required(
      object({
        type: optional(literal("root", "path", "mount"), "root"),
        size: required(integer({ min: 0, long: true })),
        maxSize: optional(integer({ min: 0, long: true })),
        constraints: optional(list(list(text())), []),
      }),
    ),
  }),
  object({ name: required(name) }),
);

const constraint = object({
  fieldName: required(text()),
  operator: required(literal("UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "UNLIKE", "MAX_PER", "IS")),
  value: optional(text()),
});

const unreachableStrategy = firstOf(
  (value, at, problems) => (text()(value, at, problems) === undefined ? undefined : "disabled"),
  object({
    inactiveAfterSeconds: optional(integer({ min: 0, long: true }), 0),
    expungeAfterSeconds: optional(integer({ min: 0, long: true }), 0),
  }),
);

/** The fields of a pod as Marathon 1.8 reads them. */
export const readPod: Reader = object({
  id: required(pathId),
  labels: optional(labels),
  version: optional(isoDate),
  user: optional(text()),
  environment: optional(environment),
  containers: required(list(container)),
  secrets: optional(record(secret)),
  volumes: optional(list(volume)),
  networks: optional(list(network)),
  scaling: optional(
    object({ kind: required(literal("fixed")), instances: optional(count, 1), maxInstances: optional(count) }),
  ),
  scheduling: optional(
    object({
      backoff: optional(
        object({
          backoff: optional(decimal({ min: 0 }), 1),
          backoffFactor: optional(decimal({ min: 1 }), 1.15),
          maxLaunchDelay: optional(decimal({ min: 0 }), 300),
        }),
      ),
      upgrade: optional(
        object({
          minimumHealthCapacity: optional(decimal({ min: 0, max: 1 }), 1),
          maximumOverCapacity: optional(decimal({ min: 0, max: 1 }), 1),
        }),
      ),
      placement: optional(
        object({ constraints: optional(list(constraint)), acceptedResourceRoles: optional(list(text())) }),
      ),
      killSelection: optional(literal("YOUNGEST_FIRST", "OLDEST_FIRST")),
      unreachableStrategy: optional(unreachableStrategy),
    }),
  ),
  executorResources: optional(
    object({
      cpus: optional(decimal({ min: 0.1 }), 0.1),
      mem: optional(decimal({ min: 32 }), 32),
      disk: optional(decimal({ min: 10 }), 10),
    }),
  ),
});
