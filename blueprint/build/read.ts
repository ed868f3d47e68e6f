import path from "node:path";
import { readDuration } from "../quantities";
import { type Scope, subject } from "../scope";
import { type Reading, readingOf, readMap, readText, refuse } from "../values";
import { type Entry, isNull, type Node, quote } from "../yaml/nodes";
import type { BuildInstructions } from "./model";

export type Keys = ReadonlyMap<string, readonly Entry[]>;

const URL_KEY = "docker.dockerfile.url";
const NAME_KEY = "docker.dockerfile.name";
const CONTEXT_KEY = "docker.context.url";
const ENTRYPOINT_KEY = "docker.entrypoint.url";
const SUBSTITUTIONS_KEY = "docker.dockerfile.substitutions";
/** Keys whose values may be paths, in each spelling. */
export const PLACE_KEYS: readonly string[] = [URL_KEY, "dockerfileUrl", CONTEXT_KEY, ENTRYPOINT_KEY];
const COMPANIONS = [
  NAME_KEY,
  CONTEXT_KEY,
  ENTRYPOINT_KEY,
  SUBSTITUTIONS_KEY,
  "docker.build.args",
  "docker.build.labels",
  "docker.build.target",
  "docker.build.timeout",
];
/** Keys that mean nothing to what is not built. */
export const BUILD_KEYS: readonly string[] = [URL_KEY, ...COMPANIONS];
/** What is sent to the host, and so cannot go with what the host fetches itself. */
const SENT = [CONTEXT_KEY, ENTRYPOINT_KEY, SUBSTITUTIONS_KEY];
const TIMEOUT_SECONDS = 1800;
const PLACE = "write the path of a Dockerfile, a folder or an archive, from the folder of the blueprint";
const MAP = "write a map of name to text";
const IMAGE_ID = /^(?:sha256:)?[0-9a-f]{64}$/;

/** What says that an image is built on its host; undefined if nothing does, or after telling what is wrong. */
export function readBuild(keys: Keys, scope: Scope): BuildInstructions | undefined {
  const given = (name: string): Entry | undefined => {
    const entry = keys.get(name)?.[0];
    return entry === undefined || isNull(entry.value) ? undefined : entry;
  };
  const at = <T>(name: string, read: (value: Node, reading: Reading) => T): T | undefined => {
    const entry = given(name);
    return entry && read(entry.value, readingOf(entry, scope));
  };
  const url = given(URL_KEY);
  if (url === undefined) {
    for (const entry of COMPANIONS.flatMap((name) => given(name) ?? [])) refuseAlone(entry, scope);
    return undefined;
  }
  const dockerfile = at(URL_KEY, readPlace);
  if (dockerfile === undefined) return undefined;
  if ("url" in dockerfile) {
    for (const entry of SENT.flatMap((name) => given(name) ?? [])) refuseWithRemote(entry, scope);
  }
  const optional = {
    context: at(CONTEXT_KEY, readLocalPlace),
    entrypoint: at(ENTRYPOINT_KEY, readLocalPlace),
    target: at("docker.build.target", (value, reading) => readText(value, reading, "write the name of a stage")),
  };
  return {
    dockerfile,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    dockerfileName: at(NAME_KEY, readName) ?? "Dockerfile",
    substitutions: at(SUBSTITUTIONS_KEY, readTexts) ?? {},
    args: at("docker.build.args", readTexts) ?? {},
    labels: at("docker.build.labels", readTexts) ?? {},
    timeoutSeconds: at("docker.build.timeout", readDuration) ?? TIMEOUT_SECONDS,
    at: url.value.at,
  };
}

/** `docker.image.id`: the whole id of an image that a host has. */
export function readImageId(keys: Keys, scope: Scope): string | undefined {
  const entry = keys.get("docker.image.id")?.[0];
  if (entry === undefined || isNull(entry.value)) return undefined;
  const remedy =
    "write sha256: and the 64 hexadecimal digits that `docker image inspect --format '{{.Id}}' NAME` prints";
  const text = readText(entry.value, readingOf(entry, scope), remedy);
  if (text === undefined) return undefined;
  if (!IMAGE_ID.test(text))
    return refuse(entry.value, readingOf(entry, scope), "the whole id of an image", remedy, "bad-image");
  if (keys.has(URL_KEY)) {
    scope.problems.error(
      "conflicting-keys",
      entry.keyAt,
      `${subject(entry.key, scope)} names an image, and dockerfileUrl says that one is built`,
      "keep one of the two",
    );
  }
  return text.startsWith("sha256:") ? text : `sha256:${text}`;
}

function readPlace(node: Node, reading: Reading): BuildInstructions["dockerfile"] | undefined {
  const text = readText(node, reading, PLACE)?.trim();
  if (text !== undefined && /^(?:https?|git):\/\//.test(text)) return { url: text };
  const found = text === undefined ? undefined : pathOf(text, node, reading);
  return found === undefined ? undefined : { path: found };
}

function readLocalPlace(node: Node, reading: Reading): string | undefined {
  const text = readText(node, reading, PLACE)?.trim();
  return text === undefined ? undefined : pathOf(text, node, reading);
}

function pathOf(text: string, node: Node, reading: Reading): string | undefined {
  const local = text.replace(/^file:(?:\/\/)?(?=\/)/, "");
  if (/^[a-z][a-z0-9+-]*:/i.test(local)) {
    return refuse(node, reading, "a path of this machine", `download it, and ${PLACE}`, "bad-path");
  }
  if (local.includes("\0")) return refuse(node, reading, "a path", PLACE, "bad-path");
  if (path.isAbsolute(local)) return path.normalize(local);
  // Settings of the stack have no file; their paths start where the program runs.
  const { file } = node.at;
  return path.join(file.startsWith("clocker:") ? "" : path.dirname(file), local);
}

function readName(node: Node, reading: Reading): string | undefined {
  const remedy = "write the Dockerfile's path in the context, e.g. docker/Dockerfile";
  const text = readText(node, reading, remedy);
  if (text === undefined) return undefined;
  const name = path.posix.normalize(text);
  if (!name.startsWith("/") && name !== "." && !name.split("/").includes("..") && !name.endsWith("/")) return name;
  return refuse(node, reading, "a path in the context", remedy, "bad-path");
}

/** Texts that go into an image, and so can be read by whoever has it. */
function readTexts(node: Node, reading: Reading): Readonly<Record<string, string>> {
  const entries = (readMap(node, reading, MAP)?.entries ?? []).flatMap(({ key, keyAt, value }): [string, string][] => {
    const inner = { ...reading, key: `${reading.key}.${key}` };
    if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(key)) {
      const problem = `${subject(reading.key, reading.scope)} has the name ${quote(key)}, which cannot be one`;
      reading.scope.problems.error("bad-value", keyAt, problem, "use letters, digits, dots, hyphens and underscores");
      return [];
    }
    if (value.secret) {
      reading.scope.problems.error(
        "secret-in-image",
        value.at,
        `${subject(inner.key, reading.scope)} is secret, and whoever has the image can read it there`,
        "give it to the container by environment or files",
      );
      return [];
    }
    if (isEmpty(value)) return [[key, ""]];
    const text = readText(value, inner, MAP);
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries(entries);
}

function isEmpty(node: Node): boolean {
  return node.kind === "scalar" && node.value === "";
}

function refuseAlone(entry: Entry, scope: Scope): void {
  scope.problems.error(
    "missing-key",
    entry.keyAt,
    `${subject(entry.key, scope)} is about the build of an image, and nothing says what is built`,
    `write dockerfileUrl: with the path of a Dockerfile, a folder or an archive, or remove ${entry.key}`,
  );
}

function refuseWithRemote(entry: Entry, scope: Scope): void {
  scope.problems.error(
    "conflicting-keys",
    entry.keyAt,
    `${subject(entry.key, scope)} does not go with a Dockerfile that the host fetches itself`,
    "download the Dockerfile and give its path, or remove the key",
  );
}
