import path from "node:path";
import { entryOf, mapNode, textNode } from "../yaml/make";
import { type Entry, isNull, type Node, quote, textOf } from "../yaml/nodes";
import { type ComposeService, ignored, isTrue, refuse, unsupported } from "./translator";

const FORM = "write the path of a folder, or { context: path, dockerfile: Dockerfile, args: { NAME: value } }";
const SECRET = "give secrets to the container; who builds needs none";

/** Parts that change how a build goes, not what comes out. */
const PASSED_OVER: Readonly<Record<string, string>> = {
  cache_from: "the engine of the host has its own cache",
  cache_to: "the engine of the host has its own cache",
  no_cache: "an image is built when its files change",
  pull: "an image is built when its files change",
  tags: "the image is named by its content",
  provenance: "remove it",
  sbom: "remove it",
};
const LACKED: Readonly<Record<string, string>> = {
  additional_contexts: "copy the files into the context",
  dockerfile_inline: "write a Dockerfile in the context",
  secrets: SECRET,
  ssh: SECRET,
  ...Object.fromEntries(
    ["entitlements", "extra_hosts", "isolation", "network", "platforms", "privileged", "shm_size", "ulimits"].map(
      (key) => [key, "the engine of the host decides it; remove it"],
    ),
  ),
};

/** `build`: what the engine of the host builds the image of. */
export function translateBuild({ value }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind === "scalar") return placeOf(value, undefined, service);
  if (value.kind !== "map") return refuse(value, "build", service, "a path or a map", FORM);
  const field = (key: string) => {
    const entry = value.entries.find((one) => one.key === key);
    return entry === undefined || isNull(entry.value) ? undefined : entry;
  };
  const context = field("context");
  return [
    ...placeOf(context?.value ?? textNode(".", value.at), field("dockerfile")?.value, service),
    ...value.entries.flatMap((entry) => translatePart(entry, service)),
  ];
}

function translatePart({ key, keyAt, value }: Entry, service: ComposeService): readonly Entry[] {
  if (key === "context" || key === "dockerfile" || key.startsWith("x-") || isNull(value)) return [];
  if (key === "args" || key === "labels") return variables(key, value, service);
  if (key === "target") return [entryOf("docker.build.target", value, keyAt)];
  const name = `${quote(key)} in build`;
  const reason = Object.hasOwn(PASSED_OVER, key) ? PASSED_OVER[key] : undefined;
  if (reason !== undefined)
    return value.kind === "scalar" && !isTrue(value) ? [] : ignored(keyAt, name, service, reason);
  const remedy = Object.hasOwn(LACKED, key) ? LACKED[key] : undefined;
  return unsupported(keyAt, name, service, remedy ?? "use context, dockerfile, args, target and labels");
}

/** A folder with the Dockerfile in it, or apart from it. */
function placeOf(context: Node, dockerfile: Node | undefined, service: ComposeService): readonly Entry[] {
  const folder = textOf(context);
  const file = dockerfile && textOf(dockerfile);
  if (folder === undefined) return refuse(context, "build", service, "a path", FORM);
  if (dockerfile === undefined) return [entryOf("docker.dockerfile.url", context)];
  if (file === undefined) return refuse(dockerfile, "dockerfile", service, "a path", FORM);
  const name = path.posix.normalize(file);
  const isApart = path.posix.isAbsolute(name) || name.split("/").includes("..");
  if (!isApart) return [entryOf("docker.dockerfile.url", context), entryOf("docker.dockerfile.name", dockerfile)];
  const place = path.posix.isAbsolute(name) ? name : path.posix.join(folder, name);
  return [entryOf("docker.dockerfile.url", textNode(place, dockerfile.at)), entryOf("docker.context.url", context)];
}

/** A map, or a list of `NAME=value`; a name alone has its value from the file's environment. */
function variables(key: "args" | "labels", node: Node, service: ComposeService): readonly Entry[] {
  if (node.kind === "scalar")
    return refuse(node, `${key} of build`, service, "a map or a list", "write { NAME: value }");
  const pairs =
    node.kind === "map"
      ? node.entries
      : node.items.map((item) => {
          const [, name = "", text] = /^([^=]*)(?:=(.*))?$/s.exec(textOf(item) ?? "") ?? [];
          return entryOf(
            name,
            text === undefined
              ? { ...textNode("", item.at), value: null }
              : { ...textNode(text, item.at), secret: item.secret },
          );
        });
  const known = pairs.flatMap((pair) => {
    if (!isNull(pair.value)) return [pair];
    const given = key === "args" ? service.variables.get(pair.key) : undefined;
    return given === undefined
      ? []
      : [entryOf(pair.key, textNode(given, pair.keyAt, service.variables.secrets?.has(pair.key) === true), pair.keyAt)];
  });
  return known.length > 0 ? [entryOf(`docker.build.${key}`, mapNode(known, node.at))] : [];
}
