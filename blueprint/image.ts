import type { ImageReference } from "./model";

const HOST_PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const HOST = new RegExp(`^(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[0-9a-fA-F:]+\\])(?::\\d{1,5})?$`);
const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;
const MAX_NAME = 255;

export type ImageResult = { readonly image: ImageReference } | { readonly problem: string };

/** Splits an image reference as Docker does: `[registry/]repository[:tag][@digest]`; without tag and digest, `latest`. */
export function parseImage(text: string): ImageResult {
  const [beforeDigest = "", digest, ...more] = text.split("@");
  if (more.length > 0) return { problem: "it has more than one '@'" };
  if (digest !== undefined && !(DIGEST.test(digest) && (!digest.startsWith("sha256:") || digest.length === 71))) {
    return { problem: "its digest is not 'sha256:' and 64 hexadecimal digits" };
  }
  const slash = beforeDigest.indexOf("/");
  const first = slash === -1 ? "" : beforeDigest.slice(0, slash);
  const isRegistry = /[.:[]/.test(first) || first === "localhost" || /[A-Z]/.test(first);
  const rest = isRegistry ? beforeDigest.slice(slash + 1) : beforeDigest;
  const colon = rest.lastIndexOf(":");
  const repository = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? undefined : rest.slice(colon + 1);
  if (isRegistry && (!HOST.test(first) || portOf(first) > 65535)) {
    return { problem: `'${first}' is not a registry, host or host:port` };
  }
  if (repository === "") return { problem: "its name is empty" };
  const bad = repository.split("/").find((component) => !PATH.test(component));
  if (bad !== undefined) {
    return {
      problem: `'${bad}' is not a part of an image name: lower-case letters and digits, with . _ __ or - between them`,
    };
  }
  if (repository.length + (isRegistry ? first.length + 1 : 0) > MAX_NAME) {
    return { problem: `its name is longer than ${MAX_NAME} characters` };
  }
  if (tag !== undefined && !TAG.test(tag)) {
    return { problem: `'${tag}' is not a tag: up to 128 letters, digits, _ . -, not beginning with . or -` };
  }
  const hub = first === "docker.io" || first === "index.docker.io";
  return {
    image: {
      ...(isRegistry && !hub ? { registry: first } : {}),
      repository,
      ...(tag !== undefined ? { tag } : digest === undefined ? { tag: "latest" } : {}),
      ...(digest === undefined ? {} : { digest }),
    },
  };
}

/** The reference as `docker pull` takes it. */
export function formatImage(image: ImageReference): string {
  const registry = image.registry === undefined ? "" : `${image.registry}/`;
  const tag = image.tag === undefined ? "" : `:${image.tag}`;
  const digest = image.digest === undefined ? "" : `@${image.digest}`;
  return `${registry}${image.repository}${tag}${digest}`;
}

function portOf(host: string): number {
  return Number(/:(\d+)$/.exec(host)?.[1] ?? 0);
}
