import { PHASE_COMMANDS } from "../../blueprint/entity/phases";
import type { PortBinding, Service } from "../../blueprint/model";
import { suffixed } from "../../blueprint/port";
import type { UnsupportedKey } from "./traits";

/** What services ask for, as text; undefined for nothing. */

export const list = (values: readonly unknown[]): string | undefined =>
  values.length > 0 ? `[${values.join(", ")}]` : undefined;
export const flag = (value: boolean): string | undefined => (value ? "true" : undefined);
export const number = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);
export const bindings = (service: Service, unsupported: (binding: PortBinding) => boolean) =>
  list(
    service.portBindings
      .filter(unsupported)
      .map(({ hostPort, containerPort, protocol }) => suffixed(`${hostPort} -> ${containerPort}`, protocol)),
  );

export const mountText = ({ source, containerPath }: Service["volumes"][number]): string =>
  `${"hostPath" in source ? source.hostPath : source.volume} -> ${containerPath}`;

export const VOLUMES_FROM: UnsupportedKey = { key: "volumesFrom", asked: (service) => list(service.volumesFrom) };
export const INTERACTIVE: UnsupportedKey = { key: "interactive", asked: (service) => flag(service.interactive) };
export const CPU_SHARES: UnsupportedKey = { key: "cpuShares", asked: (service) => number(service.cpuShares) };
export const IMAGE_ID: UnsupportedKey = {
  key: "docker.image.id",
  instead: "push the image to a registry and name it in the type",
  asked: ({ workload }) => (workload.kind === "image" ? workload.imageId : undefined),
};
/** The key with those that say how. */
export const BUILD: UnsupportedKey = {
  key: "dockerfileUrl",
  aliases: [
    "docker.dockerfile.url",
    "docker.dockerfile.name",
    "docker.dockerfile.substitutions",
    "docker.context.url",
    "docker.entrypoint.url",
    "docker.build.args",
    "docker.build.labels",
    "docker.build.target",
    "docker.build.timeout",
  ],
  instead: "build the image beforehand, push it to a registry, name it in the type and remove the key",
  asked: ({ workload }) => {
    if (workload.kind !== "image" || workload.build === undefined) return undefined;
    const { dockerfile } = workload.build;
    return "url" in dockerfile ? dockerfile.url : dockerfile.path;
  },
};
export const INSTANCES: UnsupportedKey = {
  key: "instances",
  instead: "set it to 1",
  asked: ({ instances }) => (instances > 1 ? String(instances) : undefined),
};
export const MARATHON_APP: UnsupportedKey = {
  key: "marathon.app",
  asked: ({ marathonApp }) => list(Object.keys(marathonApp ?? {})),
};
export const MACHINE_KEYS: UnsupportedKey = {
  key: "commands around what its type does",
  aliases: PHASE_COMMANDS,
  instead: "put what they do into the image",
  asked: ({ machineKeys }) => list(machineKeys),
};
