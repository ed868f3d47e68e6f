import type { VolumeMount } from "./container/model";
import { type Reading, readList, readMap, readText, refuse } from "./values";
import type { Node, ScalarNode } from "./yaml/nodes";

const DIRECTORIES =
  "write a list of /same/path/on/both, /on/host:/in/container and name:/in/container, each with :ro behind it to protect it";
const MAPPINGS = "write a map of host path to container path, e.g. { /srv/data: /data }, or /data:ro to protect it";
const VOLUME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/;

/** `volumes`: directories of the host, under the same path or another, and volumes of its engine by name. */
export function readVolumes(node: Node, reading: Reading): readonly VolumeMount[] {
  return (readList(node, reading, DIRECTORIES) ?? []).flatMap((item) => {
    const text = readText(item, reading, DIRECTORIES);
    if (text === undefined) return [];
    const [source = "", target = source, mode = "rw", ...more] = text
      .replace(/^([^:]*):(ro|rw)$/, "$1:$1:$2")
      .split(":");
    const isPath = isAbsolute(source);
    const known = isPath || (VOLUME.test(source) && text.includes(":"));
    if (!known || !isAbsolute(target) || !["ro", "rw"].includes(mode) || more.length > 0) {
      return refuse(item, reading, "absolute paths or volumes by name", DIRECTORIES, "bad-path") ?? [];
    }
    return [
      {
        source: isPath ? { hostPath: source } : { volume: source },
        containerPath: target,
        readOnly: mode === "ro",
        at: item.at,
      },
    ];
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
    const readOnly = value.kind === "scalar" && value.text.endsWith(":ro");
    const target = readOnly && value.kind === "scalar" ? { ...value, text: value.text.slice(0, -":ro".length) } : value;
    const containerPath = readPath(target, reading, MAPPINGS);
    if (hostPath === undefined || containerPath === undefined) return [];
    return [{ source: { hostPath }, containerPath, readOnly, at: value.at }];
  });
}

/** `volumesFrom`: names of containers, or ids; those of a catalog item are called there as the item does. */
export function readVolumesFrom(node: Node, reading: Reading): readonly string[] {
  const remedy = "write a list of container names, e.g. [data]";
  const { names } = reading.scope.entities;
  return (readList(node, reading, remedy) ?? []).flatMap((item) => {
    const name = readText(item, reading, remedy);
    return name === undefined ? [] : [names.find(name, item.within) ?? name];
  });
}

function readPath(node: Node, reading: Reading, remedy: string): string | undefined {
  const path = readText(node, reading, remedy);
  if (path === undefined) return undefined;
  if (isAbsolute(path)) return path;
  return refuse(node, reading, "absolute paths without a colon", remedy, "bad-path");
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") && !/[:\0]/.test(path);
}
