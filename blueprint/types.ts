import { nearest } from "../wording/suggest";
import { type Keys, readBuild, readImageId } from "./build/read";
import { serviceType } from "./entity/service-type";
import { ENTITIES } from "./entity/table";
import { makeId } from "./ids";
import { imageOf, readImageKeys } from "./image-keys";
import type { ImageReference, Workload } from "./model";
import type { Scope } from "./scope";
import type { Node } from "./yaml/nodes";

const DOCKER = "docker:";
/** Clocker's class behind `docker:`, whose image the keys name; in its package of 1.0 too. */
const VANILLA_DOCKER =
  /^(?:java:)?(?:(?:clocker\.docker\.entity\.container|brooklyn\.entity\.container\.docker)\.application\.)?VanillaDockerApplication(?:Impl)?$/;

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
  {
    form: "VanillaDockerApplication",
    kind: "image",
    startTimeoutSeconds: 300,
    matches: (type) => VANILLA_DOCKER.test(type),
    stem: () => "",
    read: readNamedImage,
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

const SAME_SERVER =
  /^(?:java:)?(?:org\.apache\.brooklyn\.entity\.software\.base\.|brooklyn\.entity\.basic\.)?SameServerEntity(?:Impl)?$/;

/** True for a type that only holds other services. */
export function isGroupType(written: string): boolean {
  return isStock(written, GROUPS) || isSameServerType(written);
}

/** True for a group whose services have to be on one host. */
export function isSameServerType(written: string): boolean {
  return SAME_SERVER.test(bare(written));
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
  return workloadOf(imageOf(node, "type", type.slice(DOCKER.length), scope), keys, scope);
}

/** An image that is built or given by its id needs no name: it has the service's. */
function readNamedImage(_type: string, node: Node, keys: Keys, scope: Scope): Workload | undefined {
  if (keys.has("docker.image.name")) return workloadOf(undefined, keys, scope);
  if (keys.has("docker.dockerfile.url") || keys.has("docker.image.id")) {
    const repository = makeId(scope.service).replaceAll(/_+/g, "-") || "image";
    return workloadOf({ repository }, keys, scope);
  }
  scope.problems.error(
    "missing-key",
    node.at,
    `docker.image.name of service '${scope.service}' is needed by VanillaDockerApplication and has no value`,
    "write it, e.g. docker.image.name: redis, or dockerfileUrl: with what it is built of, or docker:image[:tag] as the type",
  );
  return undefined;
}

function workloadOf(named: ImageReference | undefined, keys: Keys, scope: Scope): Workload | undefined {
  const image = readImageKeys(named, keys, scope);
  const build = readBuild(keys, scope);
  const imageId = readImageId(keys, scope);
  return image && { kind: "image", image, ...(build && { build }), ...(imageId !== undefined && { imageId }) };
}
