import { nearest } from "../wording/suggest";
import { serviceType } from "./entity/service-type";
import { ENTITIES } from "./entity/table";
import { parseImage } from "./image";
import type { ImageReference, Workload } from "./model";
import { type Scope, subject } from "./scope";
import { readingOf, readText } from "./values";
import { type Entry, isNull, type Node, show } from "./yaml/nodes";

const DOCKER = "docker:";

/** One entry of the table of types. */
export interface ServiceType {
  /** How the type is written, for messages. */
  readonly form: string;
  readonly kind: Workload["kind"];
  /** Id of the entity type, for software. */
  readonly entity?: string;
  /** Deadline for the service to become healthy, in seconds, without `start.timeout`. */
  readonly startTimeoutSeconds: number;
  /** True for a type's text without the prefixes that mean nothing here. */
  matches(type: string): boolean;
  /** What an id is made of where none is written. */
  stem(type: string): string;
  /** Reads what the service runs. Gives nothing after telling why. */
  read(type: string, node: Node, keys: Keys, scope: Scope): Workload | undefined;
  /** Ports that the process listens on by itself. */
  ports(workload: Workload): readonly number[];
}

type Keys = ReadonlyMap<string, readonly Entry[]>;

export const SERVICE_TYPES: readonly ServiceType[] = [
  {
    form: "docker:image[:tag]",
    kind: "image",
    startTimeoutSeconds: 300,
    matches: (type) => type.startsWith(DOCKER),
    stem: (type) => /([^/:@]+)(?:[:@][^/]*)?$/.exec(type.slice(DOCKER.length))?.[1] ?? "",
    read: readImage,
    ports: () => [],
  },
  ...ENTITIES.map(serviceType),
];

/** What a type may be, for remedies. */
export const TYPE_FORMS = "docker:image[:tag] or a type of software that docs/language.md lists, e.g. RedisStore";

/** Full names of types of software by simple ones. */
const FULL_NAMES = new Map(ENTITIES.flatMap(({ types: [full = ""] }) => [[simpleName(full), full] as const]));

/** Simple names of types that run nothing themselves. The first are applications of their own. */
const APPLICATIONS = ["BasicApplication", "BasicApplicationImpl"];
const GROUPS = [...APPLICATIONS, "BasicEntity", "BasicEntityImpl", "BasicStartable", "BasicStartableImpl"];

/** True for a type that only holds other services. */
export function isGroupType(written: string): boolean {
  return isStock(written, GROUPS);
}

/** True for a type that is an application. */
export function isApplicationType(written: string): boolean {
  return isStock(written, APPLICATIONS);
}

function isStock(written: string, names: readonly string[]): boolean {
  const found = /^(?:java:)?(?:org\.apache\.brooklyn\.entity\.stock|brooklyn\.entity\.basic)\.(\w+)$/.exec(
    bare(written),
  );
  return names.includes(found?.[1] ?? "") || names.includes(bare(written));
}

/** The type of software that a misspelt one means. Types of one package differ in little but their simple names. */
export function nearestType(written: string): string | undefined {
  const meant = nearest(simpleName(bare(written)), FULL_NAMES.keys());
  return meant === undefined ? undefined : FULL_NAMES.get(meant);
}

function simpleName(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

/** The entry for a type as written, if there is one. */
export function findType(written: string): ServiceType | undefined {
  return SERVICE_TYPES.find((type) => type.matches(bare(written)));
}

/** The type without `brooklyn:`, which says nothing. */
export function bare(written: string): string {
  return written.replace(/^brooklyn:/, "");
}

function readImage(type: string, node: Node, keys: Keys, scope: Scope): Workload | undefined {
  const named = imageOf(node, "type", type.slice(DOCKER.length), scope);
  const name = textOf(keys, "docker.image.name", scope, "write the image's name without its tag");
  const tag = textOf(keys, "docker.image.tag", scope, "write the image's tag");
  const prefix = textOf(keys, "docker.registry.url", scope, "write host:port of the registry");
  const renamed = name && imageOf(name.node, "imageName", name.text, scope);
  if (name !== undefined && /@|:[^/]*$/.test(name.text)) {
    return refuseImage(name.node, "imageName", "it has a tag or a digest", scope);
  }
  const retagged = tag && imageOf(tag.node, "imageTag", `image:${tag.text}`, scope);
  const image = renamed ?? named;
  if (image === undefined || (name && !renamed) || (tag && !retagged)) return undefined;
  const whole = retagged ? { ...withoutDigest(image), tag: retagged.tag } : { ...image, tag: named?.tag ?? image.tag };
  if (prefix === undefined) return { kind: "image", image: defined(whole) };
  if (image.registry !== undefined) {
    return refuseImage(prefix.node, "docker.registry.url", "the image names a registry itself", scope);
  }
  const base = prefix.text.replace(/^https?:\/\//, "").replace(/\/+$/, "");
  const based = imageOf(prefix.node, "docker.registry.url", `${base}/${image.repository}`, scope);
  return based && { kind: "image", image: defined({ ...whole, ...based, tag: whole.tag }) };
}

function imageOf(node: Node, key: string, text: string, scope: Scope): ImageReference | undefined {
  const result = parseImage(text);
  return "image" in result ? result.image : refuseImage(node, key, result.problem, scope);
}

function refuseImage(node: Node, key: string, problem: string, scope: Scope): undefined {
  const reason = node.secret ? "it is not part of an image reference" : problem;
  scope.problems.error(
    "bad-image",
    node.at,
    `${subject(key, scope)} cannot be ${show(node)}: ${reason}`,
    "name an image as after `docker pull`: [registry[:port]/]repository[:tag][@digest]",
  );
  return undefined;
}

function present(keys: Keys, name: string): Entry | undefined {
  const entry = keys.get(name)?.[0];
  return entry === undefined || isNull(entry.value) ? undefined : entry;
}

function textOf(keys: Keys, name: string, scope: Scope, remedy: string): { text: string; node: Node } | undefined {
  const entry = present(keys, name);
  const text = entry && readText(entry.value, readingOf(entry, scope), remedy);
  return entry === undefined || text === undefined ? undefined : { text, node: entry.value };
}

function withoutDigest(image: ImageReference): ImageReference {
  const { digest: _, ...rest } = image;
  return rest;
}

function defined(image: ImageReference): ImageReference {
  const { tag, ...rest } = image;
  return tag === undefined ? rest : { ...rest, tag };
}
