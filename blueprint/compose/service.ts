import { nearest } from "../../wording/suggest";
import { entryOf, listNode, mapNode, textNode } from "../yaml/make";
import { type Entry, isNull, type MapNode, quote } from "../yaml/nodes";
import { textOf } from "./interpolate";
import { SERVICE_KEYS } from "./keys";
import { translateLinks } from "./links";
import { translateEnvironment } from "./process";
import { translateFiles } from "./storage";
import { type ComposeService, checkKeys, find, ignored, refuse } from "./translator";

const BUILD_KEYS = ["context", "dockerfile", "target", "args"];

/** The service in the Brooklyn form. */
export function translateService(service: ComposeService): MapNode {
  const { name, node } = service;
  const entries = node.entries.flatMap((entry) => translateKey(entry, service));
  const all = [
    ...typeOf(service),
    entryOf("id", textNode(name, node.at)),
    ...merged([...entries, ...translateEnvironment(service), ...translateLinks(service), ...translateFiles(service)]),
  ];
  return mapNode(all, node.at);
}

function translateKey(entry: Entry, service: ComposeService): readonly Entry[] {
  const { key, keyAt, value } = entry;
  const translate = Object.hasOwn(SERVICE_KEYS, key) ? SERVICE_KEYS[key] : undefined;
  if (translate !== undefined) return isNull(value) ? [] : translate(entry, service);
  if (key.startsWith("x-")) return [];
  const similar = nearest(key, Object.keys(SERVICE_KEYS));
  service.context.problems.error(
    "unknown-key",
    keyAt,
    `service '${service.name}' has the key ${quote(key)}, which Compose does not know`,
    similar === undefined ? "remove it, or let it begin with x-" : `did you mean '${similar}'?`,
  );
  return [];
}

/** What several keys of Compose say under one key of Brooklyn: lists are joined, of other values the last one counts. */
function merged(entries: readonly Entry[]): readonly Entry[] {
  const result = new Map<string, Entry>();
  for (const entry of entries) {
    const before = result.get(entry.key);
    const joined =
      before?.value.kind === "list" && entry.value.kind === "list"
        ? { ...before, value: listNode([...before.value.items, ...entry.value.items], before.value.at) }
        : entry;
    result.set(entry.key, joined);
  }
  return [...result.values()];
}

function typeOf(service: ComposeService): readonly Entry[] {
  const { name, node } = service;
  const image = find(node, "image");
  const build = find(node, "build");
  const text = image && textOf(image.value);
  if (image !== undefined && text === undefined)
    return refuse(image.value, "image", service, "a name", "write name:tag");
  if (build !== undefined) {
    const type = textNode(`docker:${text ?? `${name}:latest`}`, image?.value.at ?? build.value.at);
    return [entryOf("type", type), ...buildOf(build, service)];
  }
  if (image !== undefined && text !== undefined) return [entryOf("type", textNode(`docker:${text}`, image.value.at))];
  service.context.problems.error(
    "missing-type",
    node.at,
    `service '${name}' has neither image nor build`,
    "write `image:` with the name of an image",
  );
  return [];
}

function buildOf({ key, keyAt, value }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind === "scalar") return [entryOf(key, mapNode([entryOf("context", value)], value.at), keyAt)];
  if (value.kind === "list") return refuse(value, key, service, "a path or a map", "write e.g. { context: . }");
  checkKeys(value, key, [...BUILD_KEYS, "labels", "tags"], service);
  for (const name of ["labels", "tags"]) {
    const entry = find(value, name);
    if (entry) ignored(entry.keyAt, `${name} of build`, service, "the image is named by `image:`");
  }
  return [
    entryOf(
      key,
      mapNode(
        value.entries.filter((entry) => BUILD_KEYS.includes(entry.key)),
        value.at,
      ),
      keyAt,
    ),
  ];
}
