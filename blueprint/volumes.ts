import type { VolumeMount } from "./model";
import { type Reading, readList, readMap, readText, refuse } from "./values";
import type { Node, ScalarNode } from "./yaml/nodes";

const DIRECTORIES = "write a list of absolute directories, e.g. [/var/data]; volumeMappings takes other pairs";
const MAPPINGS = "write a map of host path to container path, e.g. { /srv/data: /data }";

/** `volumes`: directories that are the same on the host and in the container. */
export function readVolumes(node: Node, reading: Reading): readonly VolumeMount[] {
  return (readList(node, reading, DIRECTORIES) ?? []).flatMap((item) => {
    const path = readPath(item, reading, DIRECTORIES);
    return path === undefined ? [] : [{ hostPath: path, containerPath: path, at: item.at }];
  });
}

/** `volumeMappings`: host path to container path. */
export function readVolumeMappings(node: Node, reading: Reading): readonly VolumeMount[] {
  return (readMap(node, reading, MAPPINGS)?.entries ?? []).flatMap(({ key, keyAt, value }) => {
    const keyNode: ScalarNode = { kind: "scalar", value: key, text: key, secret: false, at: keyAt };
    if (/^[a-z]+:/i.test(key)) {
      const remedy = "unpack the archive on the host and write the directory's path";
      return (
        refuse(keyNode, reading, "paths of the host, not addresses to download", remedy, "unsupported-volume") ?? []
      );
    }
    const hostPath = readPath(keyNode, reading, MAPPINGS);
    const containerPath = readPath(value, reading, MAPPINGS);
    return hostPath === undefined || containerPath === undefined ? [] : [{ hostPath, containerPath, at: value.at }];
  });
}

/** `volumesFrom`: names of containers. */
export function readVolumesFrom(node: Node, reading: Reading): readonly string[] {
  const remedy = "write a list of container names, e.g. [data]";
  return (readList(node, reading, remedy) ?? []).flatMap((item) => readText(item, reading, remedy) ?? []);
}

function readPath(node: Node, reading: Reading, remedy: string): string | undefined {
  const path = readText(node, reading, remedy);
  if (path === undefined) return undefined;
  if (path.startsWith("/") && !/[:\0]/.test(path)) return path;
  return refuse(node, reading, "absolute paths without a colon", remedy, "bad-path");
}
