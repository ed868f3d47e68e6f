import {
  decimal,
  type Fields,
  firstOf,
  flag,
  forgiving,
  integer,
  isoDate,
  list,
  literal,
  object,
  optional,
  partial,
  plainObject,
  type Reader,
  record,
  required,
  set,
  text,
} from "./schema";

const PATH_ID =
  /^(\/?((\.\.)|(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9]))?($|\/))+$/;
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const NETWORK_NAME = /^[a-z0-9]([-a-z0-9_]*[a-z0-9])?$/;
const EXECUTOR = /^((\/\/cmd)|(\/?[^/]+(\/[^/]+)*)|)$/;

export const labels = record(text());
const count = integer({ min: 0 });
export const portNumber = integer({ min: 0, max: 65_535 });
const portName = text({ minLength: 1, pattern: NAME });
const filled = text({ minLength: 1 });
const shortPath = text({ minLength: 1, maxLength: 1024 });
const protocol = literal("tcp", "udp", "udp,tcp");
const readMode = literal("RO", "RW");

export const pathId = text({ minLength: 1, pattern: PATH_ID });

const portMapping = object({
  containerPort: optional(portNumber, 0),
  hostPort: optional(portNumber),
  labels: optional(labels, {}),
  name: optional(portName),
  protocol: optional(protocol, "tcp"),
  servicePort: optional(portNumber, 0),
  networkNames: optional(list(text())),
});

const docker = object({
  credential: optional(plainObject({ principal: required(text()), secret: optional(text()) })),
  pullConfig: optional(object({ secret: required(filled) })),
  forcePullImage: optional(flag, false),
  image: required(filled),
  network: optional(literal("BRIDGE", "HOST", "NONE", "USER")),
  parameters: optional(list(object({ key: required(filled), value: required(text()) })), []),
  portMappings: optional(list(portMapping)),
  privileged: optional(flag, false),
});

const persistentVolume = object({
  containerPath: required(filled),
  persistent: required(
    object({
      type: optional(literal("root", "path", "mount"), "root"),
      size: required(integer({ min: 0, long: true })),
      maxSize: optional(integer({ min: 0, long: true })),
      profileName: optional(text()),
      constraints: optional(set(list(text())), []),
    }),
  ),
  mode: required(readMode),
});
const externalVolume = object({
  containerPath: required(filled),
  external: required(
    object({
      size: optional(integer({ min: 0, long: true })),
      name: optional(text()),
      provider: optional(text()),
      options: optional(labels),
      shared: optional(flag, false),
    }),
  ),
  mode: required(readMode),
});
const secretVolume = object({ containerPath: required(filled), secret: required(filled) });
const hostVolume = object({
  containerPath: required(filled),
  hostPath: required(filled),
  mode: required(readMode),
});

const volume = firstOf(persistentVolume, externalVolume, secretVolume, hostVolume);

const appc = object({
  image: required(filled),
  id: optional(text({ minLength: 7 })),
  labels: optional(labels, {}),
  forcePullImage: optional(flag),
});

const container = object({
  type: optional(literal("MESOS", "DOCKER"), "DOCKER"),
  docker: optional(docker),
  appc: optional(appc),
  linuxInfo: optional(
    plainObject({
      seccomp: optional(plainObject({ profileName: optional(text()), unconfined: forgiving(flag, false) })),
    }),
  ),
  volumes: optional(list(volume), []),
  portMappings: optional(list(portMapping)),
});

export const environmentValue = firstOf(text(), plainObject({ secret: required(text()) }));

const unreachableStrategy = firstOf(
  (value, path, problems) => (text()(value, path, problems) === undefined ? undefined : "disabled"),
  object({
    inactiveAfterSeconds: optional(integer({ min: 0, long: true }), 0),
    expungeAfterSeconds: optional(integer({ min: 0, long: true }), 0),
  }),
);

const healthCheck = object({
  command: optional(plainObject({ value: required(text()) })),
  gracePeriodSeconds: optional(count, 300),
  ignoreHttp1xx: optional(flag),
  intervalSeconds: optional(count, 60),
  maxConsecutiveFailures: optional(count, 3),
  path: optional(text()),
  port: optional(portNumber),
  portIndex: optional(portNumber),
  protocol: optional(literal("HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_TCP", "MESOS_HTTP", "MESOS_HTTPS"), "HTTP"),
  ipProtocol: optional(literal("IPv4", "IPv6"), "IPv4"),
  timeoutSeconds: optional(integer(), 20),
  delaySeconds: optional(count, 15),
});

const command = firstOf(plainObject({ shell: required(text()) }), object({ argv: required(list(text())) }));

const check = object({
  http: optional(
    object({
      portIndex: optional(portNumber),
      port: optional(portNumber),
      path: optional(shortPath),
      scheme: optional(literal("HTTP", "HTTPS"), "HTTP"),
    }),
  ),
  tcp: optional(object({ portIndex: optional(portNumber), port: optional(portNumber) })),
  exec: optional(plainObject({ command: required(command) })),
  intervalSeconds: optional(count, 60),
  timeoutSeconds: optional(count, 20),
  delaySeconds: optional(count, 15),
});

const readinessCheck = object({
  name: optional(filled, "readinessCheck"),
  protocol: optional(literal("HTTP", "HTTPS"), "HTTP"),
  path: optional(shortPath, "/"),
  portName: optional(portName, "http-api"),
  intervalSeconds: optional(count, 30),
  timeoutSeconds: optional(integer({ min: 1 }), 10),
  httpStatusCodesForReady: optional(set(integer(), { minItems: 1 }), [200]),
  preserveLastResponse: optional(flag, false),
});

const discoveryPort = object({
  number: optional(portNumber, 0),
  name: required(portName),
  protocol: optional(protocol, "tcp"),
  labels: optional(labels, {}),
});

const ipAddress = object({
  discovery: optional(object({ ports: optional(list(discoveryPort), []) })),
  groups: optional(set(text()), []),
  labels: optional(labels, {}),
  networkName: optional(filled),
});

export const artifact = object({
  uri: required(shortPath),
  extract: optional(flag, true),
  executable: optional(flag, false),
  cache: optional(flag, false),
  destPath: optional(shortPath),
});

export const network = object({
  name: optional(text({ minLength: 1, maxLength: 63, pattern: NETWORK_NAME })),
  mode: optional(literal("container", "container/bridge", "host"), "container"),
  labels: optional(labels),
});

export const secret = object({ source: required(filled) });

/** The fields of an app as Marathon 1.8 reads them; `id` first, so that a body that is no object is reported there. */
const appFields: Fields = {
  id: required(pathId),
  acceptedResourceRoles: optional(set(text())),
  args: optional(list(text()), []),
  backoffFactor: optional(decimal({ min: 1 }), 1.15),
  backoffSeconds: optional(count, 1),
  cmd: optional(filled),
  constraints: optional(set(list(text())), []),
  container: optional(container),
  cpus: optional(decimal({ min: 0 }), 1),
  dependencies: optional(set(text()), []),
  disk: optional(decimal({ min: 0 }), 0),
  env: optional(record(environmentValue), {}),
  executor: optional(text({ pattern: EXECUTOR }), ""),
  executorResources: optional(
    object({
      cpus: optional(decimal({ min: 0.1 }), 0.1),
      mem: optional(decimal({ min: 32 }), 32),
      disk: optional(decimal({ min: 10 }), 10),
    }),
  ),
  fetch: optional(list(artifact), []),
  healthChecks: optional(set(healthCheck), []),
  check: optional(check),
  instances: optional(count, 1),
  labels: optional(labels, {}),
  maxLaunchDelaySeconds: optional(count, 300),
  mem: optional(decimal({ min: 0 }), 128),
  gpus: optional(count, 0),
  ipAddress: optional(ipAddress),
  networks: optional(list(network)),
  ports: optional(list(integer())),
  portDefinitions: optional(
    list(
      object({
        port: optional(portNumber, 0),
        labels: optional(labels),
        name: optional(portName),
        protocol: optional(protocol, "tcp"),
      }),
    ),
  ),
  readinessChecks: optional(list(readinessCheck), []),
  residency: optional(
    object({
      relaunchEscalationTimeoutSeconds: optional(integer({ min: 0, long: true }), 3600),
      taskLostBehavior: optional(literal("WAIT_FOREVER", "RELAUNCH_AFTER_TIMEOUT"), "WAIT_FOREVER"),
    }),
  ),
  requirePorts: optional(flag, false),
  secrets: optional(record(secret), {}),
  taskKillGracePeriodSeconds: optional(count),
  upgradeStrategy: optional(
    object({
      maximumOverCapacity: required(decimal({ min: 0, max: 1 })),
      minimumHealthCapacity: required(decimal({ min: 0, max: 1 })),
    }),
  ),
  uris: optional(list(text())),
  user: optional(text()),
  version: optional(isoDate),
  killSelection: optional(literal("YOUNGEST_FIRST", "OLDEST_FIRST"), "YOUNGEST_FIRST"),
  unreachableStrategy: optional(unreachableStrategy),
  tty: optional(flag),
};

export const readApp: Reader = object(appFields);

/** A partial update: what is left out stays out. */
export const readAppUpdate: Reader = object(partial(appFields));

const groupFields: Fields = {
  id: optional(pathId),
  apps: optional(list(readApp)),
  groups: optional(list((value, path, problems) => readGroup(value, path, problems))),
  dependencies: optional(set(text())),
  scaleBy: optional(decimal({ min: 0 })),
  version: optional(isoDate),
};

export const readGroup: Reader = object(groupFields);
