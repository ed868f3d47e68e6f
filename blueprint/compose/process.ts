import { split } from "shlex";
import { entryOf, listNode, literalNode, mapNode, numberNode, textNode } from "../yaml/make";
import { type Entry, find, isNull, type Node, quote, textOf } from "../yaml/nodes";
import { readEnvironmentFile } from "./environment-files";
import { type ComposeService, checkKeys, ignored, isTrue, refuse, unsupported } from "./translator";

const NAME = /^[^=\s\0]+$/;
const VARIABLES = "write a map such as { MODE: production }, or a list such as [MODE=production]";

/** `command` and `entrypoint`: words, or one text that is split as a shell would. */
export function translateWords(brooklyn: "commands" | "entrypoint") {
  return ({ key, value }: Entry, service: ComposeService): readonly Entry[] => {
    const words = wordsOf(value);
    if (words === undefined) {
      return refuse(
        value,
        key,
        service,
        "words whose quotes are closed",
        'write a list such as ["redis-server", "--save", "60"]',
      );
    }
    return [entryOf(brooklyn, listNode(words, value.at))];
  };
}

function wordsOf(value: Node): readonly Node[] | undefined {
  if (value.kind === "map") return undefined;
  if (value.kind === "list") return value.items.map((item) => literalNode(textOf(item) ?? "", item.at, item.secret));
  try {
    return split(value.text).map((word) => literalNode(word, value.at, value.secret));
  } catch {
    return undefined;
  }
}

/** `env_file` and `environment`, which wins. */
export function translateEnvironment(service: ComposeService): readonly Entry[] {
  const fromFiles = environmentFiles(service);
  const own = find(service.node, "environment");
  const variables = new Map([...fromFiles, ...(own === undefined ? [] : environment(own, service))]);
  const [first] = variables.values();
  if (first === undefined) return [];
  const entries = [...variables].map(([name, { value, at, secret }]) => entryOf(name, literalNode(value, at, secret)));
  return [entryOf("env", mapNode(entries, own?.value.at ?? first.at))];
}

type Variable = readonly [string, { readonly value: string; readonly at: Node["at"]; readonly secret: boolean }];

function environmentFiles(service: ComposeService): readonly Variable[] {
  const entry = find(service.node, "env_file");
  if (entry === undefined) return [];
  const { key, value } = entry;
  return (value.kind === "list" ? value.items : [value]).flatMap((item): readonly Variable[] => {
    const named = item.kind === "map" ? find(item, "path")?.value : item;
    const name = named && textOf(named);
    if (name === undefined)
      return refuse(item, key, service, "paths", "write a path, or { path: web.env, required: false }");
    if (item.kind === "map") checkKeys(item, key, ["path", "required", "format"], service);
    const required = item.kind === "map" ? find(item, "required") : undefined;
    const read = readEnvironmentFile(name, required === undefined || isTrue(required.value), item.at, service.context);
    return [...(read ?? [])].map(
      ([variable, text]): Variable => [variable, { value: text, at: item.at, secret: false }],
    );
  });
}

function environment({ key, value }: Entry, service: ComposeService): readonly Variable[] {
  if (value.kind === "scalar") return refuse(value, key, service, "a map or a list of variables", VARIABLES);
  if (value.kind === "map") {
    return value.entries.flatMap(({ key: name, keyAt, value: node }) => variable(name, node, keyAt, key, service));
  }
  return value.items.flatMap((item) => {
    const [, name = "", text] = /^([^=]*)(?:=(.*))?$/s.exec(textOf(item) ?? "") ?? [];
    const node = text === undefined ? { ...textNode("", item.at), value: null } : textNode(text, item.at, item.secret);
    return variable(name, node, item.at, key, service);
  });
}

function variable(name: string, node: Node, at: Node["at"], key: string, service: ComposeService): readonly Variable[] {
  if (!NAME.test(name)) return refuse(textNode(name, at), key, service, "names of variables", VARIABLES);
  if (node.kind !== "scalar") return refuse(node, `${key}.${name}`, service, "one value", VARIABLES);
  if (!isNull(node)) return [[name, { value: node.text, at: node.at, secret: node.secret }]];
  const known = service.variables.get(name);
  if (known !== undefined) return [[name, { value: known, at, secret: service.variables.secrets?.has(name) === true }]];
  return ignored(
    at,
    `the variable ${quote(name)} without a value`,
    service,
    "set it in the file .env beside this file, or remove it",
  );
}

const CHECK_KEYS = ["test", "interval", "timeout", "retries", "start_period", "start_interval", "disable"];

/** `healthcheck`: what the engine runs inside of the container. */
export function translateHealthcheck({ key, value, keyAt }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind !== "map")
    return refuse(value, key, service, "a map", 'write e.g. { test: ["CMD", "true"], interval: 10s }');
  checkKeys(value, key, CHECK_KEYS, service);
  const disabled = find(value, "disable");
  const test = find(value, "test");
  if ((disabled && isTrue(disabled.value)) || (test && firstWord(test.value) === "NONE")) {
    return [entryOf("healthCheck", textNode("none", value.at), keyAt)];
  }
  if (test === undefined) {
    return unsupported(keyAt, "a healthcheck without test", service, "write the test that the image has, too");
  }
  const command = commandOf(test, service);
  if (command === undefined) return [];
  const fast = find(value, "start_interval");
  if (fast) ignored(fast.keyAt, "start_interval of healthcheck", service, "remove it: interval holds from the start");
  const rest = [
    ["interval", "interval"],
    ["timeout", "timeout"],
    ["retries", "retries"],
    ["start_period", "startPeriod"],
  ].flatMap(([compose = "", brooklyn = ""]) => {
    const found = find(value, compose);
    return found ? [entryOf(brooklyn, found.value, found.keyAt)] : [];
  });
  return [entryOf("healthCheck", mapNode([entryOf("command", command, test.keyAt), ...rest], value.at), keyAt)];
}

function firstWord(node: Node): string | undefined {
  const first = node.kind === "list" ? node.items[0] : node;
  return first && textOf(first);
}

function commandOf({ key, value }: Entry, service: ComposeService): Node | undefined {
  if (value.kind === "scalar") return value;
  const [kind, ...words] = value.kind === "list" ? value.items : [];
  const [only, ...more] = words;
  if (kind && textOf(kind) === "CMD-SHELL" && only !== undefined && more.length === 0) return only;
  if (kind && textOf(kind) === "CMD" && words.length > 0) return listNode(words, value.at);
  refuse(value, `healthcheck.${key}`, service, "a command", 'write a text, ["CMD", …], ["CMD-SHELL", "…"] or ["NONE"]');
  return undefined;
}

/** A duration such as `1m30s`, which both languages write alike; a bare number is none in Compose. */
export function translateDuration(brooklyn: string) {
  return ({ key, value }: Entry, service: ComposeService): readonly Entry[] => {
    const text = textOf(value);
    if (text === undefined || !/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(text)) {
      return refuse(value, key, service, "a duration", "write e.g. 10s or 1m30s");
    }
    return [entryOf(brooklyn, value)];
  };
}

/** `scale` and `deploy.replicas`. */
export function replicasOf(value: Node, key: string, service: ComposeService): readonly Entry[] {
  const count = Number(textOf(value));
  if (!Number.isInteger(count) || count < 0) return refuse(value, key, service, "a whole number", "write e.g. 3");
  if (count === 0) return unsupported(value.at, `${key} 0`, service, "leave the service out, e.g. by a profile");
  return count === 1 ? [] : [entryOf("instances", numberNode(count, value.at))];
}
