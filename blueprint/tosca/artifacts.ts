import { beside } from "../archive/member";
import { NO_FILE } from "../files";
import { entryOf, textNode } from "../yaml/make";
import { type Entry, find, isExpression, type MapNode, quote, show, textOf } from "../yaml/nodes";
import { evaluate } from "./functions";
import { IMAGE } from "./normative";
import { ownTypes, propertyOf } from "./properties";
import { checkKeys, entriesOf, type KeyTable, unsupported } from "./report";
import type { Topology, ToscaNode } from "./topology";

const REDIS = "org.apache.brooklyn.entity.nosql.redis.RedisStore";
const INTO_IMAGE = "put the file into the image";
const WRITE_IMAGE = `write artifacts with one of type ${IMAGE} whose \`file:\` names the image`;
/** The registry that images without a registry's name come from. */
const DEFAULT_REGISTRY = /(^|\.)(docker\.(io|com))$/;

const KEYS: KeyTable = {
  type: "read",
  file: "read",
  repository: "read",
  description: "read",
  metadata: "read",
  deploy_path: { ignored: "an image is run, not copied: remove it" },
  properties: { ignored: "remove it" },
  version: { refused: "write the tag after the image's name" },
  artifact_version: { refused: "write the tag after the image's name" },
  checksum: { refused: "write the digest after the image's name: repository@sha256:..." },
  checksum_algorithm: { refused: "write the digest after the image's name: repository@sha256:..." },
};

/** What a service runs. */
export interface Software {
  readonly kind: "image" | "redis";
  readonly entries: readonly Entry[];
  /** Names that an operation may give as its implementation. */
  readonly names: readonly string[];
}

/** The image of a node, or the type that installs what it is named after; undefined after telling why there is none. */
export function softwareOf(node: ToscaNode, topology: Topology): Software | undefined {
  const { problems } = topology.context;
  const where = `node ${quote(node.name)}`;
  const artifacts = new Map(
    [...[...ownTypes(node, topology)].reverse(), node.node]
      .flatMap((holder) => entriesOf(holder, "artifacts", where, problems))
      .map((entry) => [entry.key, entry] as const),
  );
  const images: { entry: Entry; artifact: MapNode }[] = [];
  for (const entry of artifacts.values()) {
    const { key, keyAt, value } = entry;
    const type = value.kind === "map" ? textOf(find(value, "type")?.value ?? value) : undefined;
    if (value.kind === "map" && type !== undefined && topology.definitions.chain("artifacts", type).includes(IMAGE)) {
      images.push({ entry, artifact: value });
    } else {
      unsupported(keyAt, `the artifact ${quote(key)}, which is no image,`, where, INTO_IMAGE, problems);
    }
  }
  const [image, second] = images;
  if (second !== undefined) {
    unsupported(
      second.entry.keyAt,
      `a second image, ${quote(second.entry.key)},`,
      where,
      "write one node for each",
      problems,
    );
  }
  if (image !== undefined) return imageOf(image.entry.key, image.artifact, node, topology);
  if (isRedis(node)) return redisOf(node, topology);
  problems.error(
    "missing-image",
    node.node.at,
    `${where} names no image, and nothing here installs its type`,
    WRITE_IMAGE,
  );
  return undefined;
}

function imageOf(name: string, artifact: MapNode, node: ToscaNode, topology: Topology): Software | undefined {
  const { problems } = topology.context;
  const where = `artifact ${quote(name)} of node ${quote(node.name)}`;
  checkKeys(artifact, KEYS, where, problems);
  const file = find(artifact, "file")?.value;
  const value = file && evaluate(file, node, topology);
  if (file !== undefined && value === undefined) return undefined;
  const text = value === undefined || isExpression(value) ? undefined : textOf(value);
  if (text === undefined) {
    problems.error("missing-image", (file ?? artifact).at, `${where} names no image`, "write `file:` with its name");
    return undefined;
  }
  if (isFile(text, (file ?? artifact).at.file, topology)) {
    const remedy = "push the image to a registry, and write its name there";
    unsupported((file ?? artifact).at, `the file ${quote(text)} as an image`, where, remedy, problems);
    return undefined;
  }
  const registry = registryOf(artifact, where, topology);
  if (registry === undefined) return undefined;
  const type = entryOf("type", textNode(`docker:${registry}${text}`, (file ?? artifact).at));
  return { kind: "image", entries: [type], names: [name, text] };
}

/** Whether what should name an image names a file beside the template, such as one that `docker save` wrote. */
function isFile(name: string, from: string, { context }: Topology): boolean {
  if (!/\.(tar|tgz|gz|zip|img)$/i.test(name)) return false;
  const source = context.files.read(beside(from, name));
  return "text" in source || source.problem !== NO_FILE;
}

/** `host/` of the artifact's repository; empty for Docker's own. */
function registryOf(artifact: MapNode, where: string, topology: Topology): string | undefined {
  const { problems } = topology.context;
  const written = find(artifact, "repository")?.value;
  if (written === undefined) return "";
  const repository = topology.definitions.repository(textOf(written) ?? "");
  if (repository === undefined) {
    const remedy = "write it under repositories, with its `url:`";
    problems.error(
      "unknown-repository",
      written.at,
      `${where} names no repository of the template: ${show(written)}`,
      remedy,
    );
    return undefined;
  }
  if (repository.kind === "map" && find(repository, "credential")) {
    const remedy = "write the registry's user and password in the stack's settings";
    unsupported(repository.at, "the credential of the repository", where, remedy, problems);
  }
  const url = repository.kind === "map" ? find(repository, "url")?.value : repository;
  const [, host, path] = /^(?:https?:\/\/)?([^/\s@]+)(\/[^\s]*)?$/.exec((url && textOf(url)) ?? "") ?? [];
  if (host === undefined) {
    const message = `the repository of ${where} needs an address, not ${url ? show(url) : "none"}`;
    problems.error("bad-url", (url ?? repository).at, message, "write e.g. `url: https://registry.example.com:5000`");
    return undefined;
  }
  if (DEFAULT_REGISTRY.test(host)) return "";
  const prefix = (path ?? "").replace(/^\/(v[12]\/?$)?/, "").replace(/\/+$/, "");
  return prefix === "" ? `${host}/` : `${host}/${prefix}/`;
}

/** A type is Redis by its name, as its own types have it: the normative types say nothing of it. */
function isRedis(node: ToscaNode): boolean {
  return node.types.some((type) => /^redis(store|server|db)?$/i.test(type.split(".").at(-1) ?? ""));
}

function redisOf(node: ToscaNode, topology: Topology): Software {
  const settings = [
    ["component_version", "install.version"],
    ["port", "redis.port"],
  ].flatMap(([property = "", key = ""]) => {
    const written = propertyOf(node, property, topology);
    topology.used.add(`${node.name}\n${property}`);
    const value = written && evaluate(written, node, topology);
    return value === undefined ? [] : [entryOf(key, value)];
  });
  const typeAt = (find(node.node, "type")?.value ?? node.node).at;
  return { kind: "redis", entries: [entryOf("type", textNode(REDIS, typeAt)), ...settings], names: [] };
}
