import { readContainerOptions } from "../container/options";
import { readValue } from "../dsl/expression";
import { parseImage } from "../image";
import { readImageKeys } from "../image-keys";
import type { ContainerForm, Expression, Service } from "../model";
import type { Scope } from "../scope";
import type { Reading } from "../values";
import { type Entry, type Node, nodeOf } from "../yaml/nodes";
import type { EntityType } from "./schema";
import { knownText, type Settings } from "./settings";
import { fill } from "./template";

/** Keys of options by their names in the files of entity types. */
const OPTIONS: Readonly<Record<string, string>> = {
  "docker.container.healthCheck": "healthCheck",
  "docker.container.user": "user",
  "docker.container.stopSignal": "stopSignal",
  "docker.container.stopTimeout": "stopTimeout",
  "docker.container.init": "init",
};

/** How an entity runs as a container; undefined if it does not. */
export function readContainerForm(
  entity: EntityType,
  settings: Settings,
  keys: ReadonlyMap<string, readonly Entry[]>,
  scope: Scope,
): ContainerForm | undefined {
  const { container } = entity;
  if (container === undefined) return undefined;
  const file = `entities/${entity.id}.yaml`;
  const known = Object.fromEntries(
    Object.entries(settings).flatMap(([key, { kind }]) =>
      kind === "literal" || kind === "secret" ? [[key, knownText(settings, key)]] : [],
    ),
  );
  const nodeAt = (key: string, value: unknown): Node => nodeOf(value, { file, path: `container.${key}` }, false);
  const expression = (key: string, value: unknown): Expression => {
    const read = readValue(nodeAt(key, value), key, scope);
    if (read === undefined) throw new Error(`${file}: container.${key} is no value`);
    return read;
  };
  const parsed = parseImage(fill(container.image, known));
  if (!("image" in parsed)) throw new Error(`${file}: container.image: ${parsed.problem}`);
  const image = readImageKeys(parsed.image, keys, scope);
  if (image === undefined) return undefined;
  const words = (key: "entrypoint" | "commands") => {
    const written = container[key];
    return written && { [key]: written.map((word, index) => expression(`${key}[${index}]`, word)) };
  };
  return {
    image,
    env: Object.fromEntries(
      Object.entries(container.env ?? {}).map(([name, value]) => [name, expression(`env.${name}`, value)]),
    ),
    ...words("entrypoint"),
    ...words("commands"),
    options: readContainerOptions(<T>(name: string, read: (value: Node, reading: Reading) => T) => {
      const key = OPTIONS[name];
      const value = key === undefined ? undefined : filled(container[key as keyof typeof container], known);
      return value === undefined ? undefined : read(nodeAt(key ?? "", value), { key: key ?? "", scope });
    }),
  };
}

/** The service as a platform of containers runs it: an image, and what the blueprint says itself over what the type says. */
export function containerService(service: Service): Service {
  const { workload } = service;
  if (workload.kind !== "software" || workload.container === undefined) return service;
  const { image, env, entrypoint, commands, options } = workload.container;
  return {
    ...service,
    workload: { kind: "image", image },
    env: { ...env, ...service.env },
    ...(entrypoint && { entrypoint }),
    ...(commands && { commands }),
    container: { ...options, ...service.container },
  };
}

function filled(value: unknown, known: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string") return fill(value, known);
  if (Array.isArray(value)) return value.map((item) => filled(item, known));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, known)]));
}
