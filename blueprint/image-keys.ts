import { parseImage } from "./image";
import type { ImageReference } from "./model";
import { type Scope, subject } from "./scope";
import { readingOf, readText } from "./values";
import { type Entry, isNull, type Node, show } from "./yaml/nodes";

type Keys = ReadonlyMap<string, readonly Entry[]>;

/** The image of a type with what `docker.image.name`, `docker.image.tag` and `docker.registry.url` say over it. */
export function readImageKeys(named: ImageReference | undefined, keys: Keys, scope: Scope): ImageReference | undefined {
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
  if (prefix === undefined) return defined(whole);
  if (image.registry !== undefined) {
    return refuseImage(prefix.node, "docker.registry.url", "the image names a registry itself", scope);
  }
  const base = prefix.text.replace(/^https?:\/\//, "").replace(/\/+$/, "");
  const based = imageOf(prefix.node, "docker.registry.url", `${base}/${image.repository}`, scope);
  return based && defined({ ...whole, ...based, tag: whole.tag });
}

/** An image as after `docker pull`; undefined after telling why it is none. */
export function imageOf(node: Node, key: string, text: string, scope: Scope): ImageReference | undefined {
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
