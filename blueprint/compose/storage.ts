import path from "node:path";
import { entryOf, listNode, mapNode, textNode } from "../yaml/make";
import { type Entry, find, type Node, quote, textOf } from "../yaml/nodes";
import { type ComposeService, checkKeys, ignored, isTrue, refuse, unsupported } from "./translator";

const FORM =
  'write "name:/in/container", "/on/host:/in/container:ro", or { type: volume, source: name, target: /in/container }';
const LONG = ["type", "source", "target", "read_only", "bind", "volume", "tmpfs", "consistency"];

interface Mount {
  /** Path of the host or name of a volume; undefined: a volume of no name. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly node: Node;
}

/** `volumes`: directories of the host and named volumes. */
export function translateVolumes({ key, value }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind !== "list") return refuse(value, key, service, "a list of volumes", FORM);
  const temporary = value.items.filter((item) => item.kind === "map" && typeOf(item) === "tmpfs");
  const mounts = value.items
    .filter((item) => !temporary.includes(item))
    .flatMap((item) => (item.kind === "map" ? readLong(item, service) : readShort(item, service)))
    .flatMap((mount) => checked(mount, service));
  const paths = temporary.flatMap((item) => {
    const target = item.kind === "map" ? find(item, "target")?.value : undefined;
    return target === undefined ? refuse(item, key, service, "a target", FORM) : [target];
  });
  return [
    ...(mounts.length > 0 ? [entryOf("volumes", listNode(mounts.map(written), value.at))] : []),
    ...(paths.length > 0 ? [entryOf("tmpfs", listNode(paths, value.at))] : []),
  ];
}

function written({ source, target, readOnly, node }: Mount): Node {
  return textNode(`${source}:${target}${readOnly ? ":ro" : ""}`, node.at);
}

function typeOf(node: Node & { kind: "map" }): string | undefined {
  const type = find(node, "type");
  return type && textOf(type.value);
}

function readShort(node: Node, service: ComposeService): readonly Mount[] {
  const parts = (textOf(node) ?? "").split(":");
  const [first = "", second, modes = "", ...more] = parts;
  const known = modes.split(",").every((mode) => ["", "ro", "rw", "z", "Z"].includes(mode));
  if (first === "" || more.length > 0 || !known) return refuse(node, "volumes", service, "volumes", FORM);
  const readOnly = modes.split(",").includes("ro");
  return second === undefined
    ? [{ target: first, readOnly: false, node }]
    : [{ source: first, target: second, readOnly, node }];
}

function readLong(node: Node & { kind: "map" }, service: ComposeService): readonly Mount[] {
  checkKeys(node, "volumes", LONG, service);
  const type = typeOf(node);
  if (type !== "bind" && type !== "volume") {
    return unsupported(node.at, `the type ${quote(type ?? "")} of volumes`, service, "use bind, volume or tmpfs");
  }
  for (const key of ["bind", "volume"]) {
    const entry = find(node, key);
    if (entry?.value.kind === "map")
      checkKeys(entry.value, `volumes.${key}`, key === "bind" ? ["create_host_path"] : [], service);
  }
  const target = find(node, "target");
  const source = find(node, "source");
  const text = target && textOf(target.value);
  if (text === undefined) return refuse(node, "volumes", service, "a target", FORM);
  const readOnly = find(node, "read_only");
  const from = source && textOf(source.value);
  return [
    {
      ...(from !== undefined && { source: from }),
      target: text,
      readOnly: readOnly !== undefined && isTrue(readOnly.value),
      node,
    },
  ];
}

function checked(mount: Mount, service: ComposeService): readonly Mount[] {
  const { source, target, node } = mount;
  if (!path.posix.isAbsolute(target))
    return refuse(node, "volumes", service, "an absolute path in the container", FORM);
  if (source === undefined) {
    return unsupported(
      node.at,
      `the volume ${quote(target)} without a name`,
      service,
      `give it one: data:${target}, and list data under volumes of the file`,
    );
  }
  if (/^[.~]/.test(source)) {
    const remedy = "hosts do not have this folder: put the files into the image, or write an absolute path of the host";
    return unsupported(node.at, `the relative path ${quote(source)} of volumes`, service, remedy);
  }
  if (path.posix.isAbsolute(source) || service.volumes.has(source)) return [mount];
  service.context.problems.error(
    "unknown-volume",
    node.at,
    `volumes of service '${service.name}' names ${quote(source)}, which the file does not have`,
    `list it under volumes of the file: ${source}:`,
  );
  return [];
}

/** `tmpfs`: one path or several. */
export function translateTmpfs({ key, value }: Entry, service: ComposeService): readonly Entry[] {
  const items = value.kind === "list" ? value.items : [value];
  const paths = items.flatMap((item) => {
    const [target = "", ...options] = (textOf(item) ?? "").split(":");
    if (!path.posix.isAbsolute(target)) return refuse(item, key, service, "absolute paths", "write e.g. /run");
    if (options.length > 0)
      return unsupported(item.at, `the options of tmpfs ${quote(target)}`, service, "leave them out");
    return [textNode(target, item.at)];
  });
  return [entryOf(key, listNode(paths, value.at))];
}

/** `secrets` and `configs`: files in the container. */
export function translateFiles(service: ComposeService): readonly Entry[] {
  const entries = (["secrets", "configs"] as const).flatMap((kind) => {
    const given = find(service.node, kind);
    if (given === undefined) return [];
    if (given.value.kind !== "list") return refuse(given.value, kind, service, "a list", `write e.g. [certificate]`);
    return given.value.items.flatMap((item) => fileOf(item, kind, service));
  });
  const [first] = entries;
  return first === undefined ? [] : [entryOf("files", mapNode(entries, first.value.at))];
}

function fileOf(item: Node, kind: "secrets" | "configs", service: ComposeService): readonly Entry[] {
  if (item.kind === "map") checkKeys(item, kind, ["source", "target", "uid", "gid", "mode"], service);
  const field = (key: string) => {
    const entry = item.kind === "map" ? find(item, key) : undefined;
    return entry && textOf(entry.value);
  };
  const name = item.kind === "map" ? field("source") : textOf(item);
  const content = name === undefined ? undefined : service[kind].get(name);
  if (name === undefined || !service[kind].has(name)) {
    service.context.problems.error(
      "unknown-file",
      item.at,
      `${kind} of service '${service.name}' names ${quote(name ?? "")}, which the file does not have`,
      `list it under ${kind} of the file`,
    );
    return [];
  }
  if (content === undefined) return [];
  for (const { key, keyAt } of item.kind === "map" ? item.entries : []) {
    if (key !== "uid" && key !== "gid") continue;
    ignored(
      keyAt,
      `${key} of ${kind}`,
      service,
      "remove it: the file belongs to root, and `mode` says who may read it",
    );
  }
  const target = field("target") ?? (kind === "secrets" ? name : `/${name}`);
  const place = path.posix.isAbsolute(target) ? target : `/run/secrets/${target}`;
  const mode = field("mode");
  const value =
    mode === undefined
      ? content
      : mapNode([entryOf("content", content), entryOf("mode", textNode(mode.replace(/^0?o?/, "0"), item.at))], item.at);
  return [entryOf(place, value, item.at)];
}
