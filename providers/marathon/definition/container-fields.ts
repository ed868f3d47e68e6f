import { z } from "zod";
import { isObject } from "./json";
import { chosen, flag, has, listOf, long, mapOf, object, oneOf, text, whole } from "./schema";

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const NAME_HINT = "must consist of lower-case letters, digits and '-', not at its ends";

export const labels = mapOf(text());
export const filled = text({ least: 1 });
export const anyPort = whole(0, 65_535);
export const portName = text({ least: 1, pattern: NAME, hint: NAME_HINT });
export const portProtocol = oneOf("tcp", "udp", "udp,tcp");
/** A name of a container, endpoint, volume or network. */
export const name = text({ least: 1, most: 63, pattern: NAME, hint: NAME_HINT });
const volumeMode = oneOf("RO", "RW");

const portMappings = listOf(
  object(
    {},
    {
      containerPort: anyPort,
      hostPort: anyPort,
      servicePort: anyPort,
      protocol: portProtocol,
      name: portName,
      labels,
      networkNames: listOf(name),
    },
    { containerPort: 0, servicePort: 0, protocol: "tcp", labels: {}, networkNames: [] },
  ),
);

const docker = object(
  { image: filled },
  {
    forcePullImage: flag,
    privileged: flag,
    parameters: listOf(object({ key: filled, value: text() })),
    pullConfig: object({ secret: filled }),
    credential: object({ principal: text() }, { secret: text() }),
  },
  { forcePullImage: false, privileged: false, parameters: [] },
);

const persistent = object(
  { size: long },
  {
    type: oneOf("root", "path", "mount"),
    maxSize: long,
    profileName: text(),
    constraints: listOf(listOf(text(), 2)),
  },
  { type: "root", constraints: [] },
);

const dvdi = object(
  {},
  { name: text(), provider: text(), size: long, options: labels, shared: flag },
  { options: {}, shared: false },
);
/** Volumes of CSI came with 1.10; their options are passed on to the plugin. */
const csi = z.looseObject({ name: z.string(), provider: z.string() });
const external = chosen((value) => (isObject(value) && value["provider"] === "csi" ? csi : dvdi));

const persistentVolume = object({ containerPath: filled, persistent, mode: volumeMode });
const externalVolume = object({ containerPath: filled, external, mode: volumeMode });
const secretVolume = object({ containerPath: filled, secret: filled });
const hostVolume = object({ containerPath: filled, hostPath: filled, mode: volumeMode });
const volume = chosen((value) => {
  if (has(value, "persistent")) return persistentVolume;
  if (has(value, "external")) return externalVolume;
  return has(value, "secret") ? secretVolume : hostVolume;
});

const seccomp = object({}, { profileName: text(), unconfined: flag }, { unconfined: false });
const ipcInfo = object({ mode: oneOf("PRIVATE", "SHARE_PARENT") }, { shmSize: whole() });

export const container = object(
  {},
  {
    type: oneOf("MESOS", "DOCKER"),
    docker,
    portMappings,
    volumes: listOf(volume),
    linuxInfo: object({}, { seccomp, ipcInfo }),
  },
  { type: "DOCKER", volumes: [] },
);
