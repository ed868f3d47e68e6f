import { nearest } from "../../wording/suggest";
import { entryOf, listNode, mapNode, textNode } from "../yaml/make";
import { type Entry, find, isNull, type MapNode, quote, textOf } from "../yaml/nodes";
import { translateBuild } from "./build";
import { SERVICE_KEYS } from "./keys";
import { translateLinks } from "./links";
import { translateEnvironment } from "./process";
import { translateFiles } from "./storage";
import { type ComposeService, ignored, refuse } from "./translator";

/** The extension by which a file, or a service of it, says where it goes. */
export const LOCATION = "x-location";

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
  if (key === LOCATION) return [entryOf("location", value, keyAt)];
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
  const policy = find(node, "pull_policy");
  const pulls = text !== undefined && policy !== undefined && textOf(policy.value) !== "build";
  if (build !== undefined && !isNull(build.value)) {
    const type = entryOf("type", textNode(`docker:${text ?? nameOfImage(name)}`, (image?.value ?? build.value).at));
    if (!pulls) return [type, ...translateBuild(build, service)];
    ignored(build.keyAt, "build", service, "pull_policy asks for the image of the registry; remove one of the two");
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

/** A name as images have it; what is built is called otherwise, and no registry is asked for it. */
function nameOfImage(service: string): string {
  return (
    service
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "service"
  );
}
