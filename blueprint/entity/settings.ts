import { readValue } from "../dsl/expression";
import type { Expression, Scalar } from "../model";
import { readFirstPort } from "../ports";
import { type Scope, subject } from "../scope";
import { type Reading, readBoolean, readInteger, readingOf, readList, readMap, readText, refuse } from "../values";
import { type Entry, isNull, type Node } from "../yaml/nodes";
import { PHASE_COMMANDS } from "./phases";
import type { EntityParameter, EntityType } from "./schema";

export type Settings = Readonly<Record<string, Expression>>;
type Keys = ReadonlyMap<string, readonly Entry[]>;

const VERSION = /^\d[0-9A-Za-z]*(?:[-.+_][0-9A-Za-z]+)*$/;
const VERSION_REMEDY = "write a version such as 3.0.0";
const URL = /^https?:\/\/[^\s/]+\/\S+$/;
const URL_REMEDY = "write an http:// or https:// address of an archive; ${version} stands for install.version";
/** Machines and containers fetch it themselves: they have no class path and none of the files here. */
const FETCHED = "write an http:// or https:// address that the machine or container can fetch";
const WORD = /^\S+$/;

/** What is set of an entity, defaults too, by the names of its keys; undefined after telling why it cannot be. */
export function readSettings(entity: EntityType, keys: Keys, at: Node["at"], scope: Scope): Settings | undefined {
  const version = readVersion(entity, keys, scope);
  const url = readUrl(entity, keys, version, scope);
  if (!areAlone(entity, keys, at, scope)) return undefined;
  const own = entity.parameters.map((one) => [one.name, readParameter(one, entity, keys, at, scope)] as const);
  const around = PHASE_COMMANDS.flatMap((name) => {
    const entry = present(keys, name);
    return entry === undefined ? [] : [[name, readGiven(entry, { type: "string", urls: false }, scope)] as const];
  });
  const all = [...own, ...around];
  if (version === undefined || url === undefined || all.some(([, value]) => value === undefined)) return undefined;
  return { "install.version": version, "download.url": url, ...(Object.fromEntries(all) as Settings) };
}

/** Tells keys of which more are given than may be, or none although one has to be. */
function areAlone({ exactlyOne, atMostOne }: EntityType, keys: Keys, at: Node["at"], scope: Scope): boolean {
  const given = (group: readonly string[]) => group.flatMap((key) => present(keys, key) ?? []);
  const unfit = exactlyOne.find((group) => given(group).length !== 1);
  if (unfit !== undefined) {
    const found = unfit.filter((key) => present(keys, key) !== undefined).join(" and ") || "none of them";
    const needs = `${subject(unfit.join(", "), scope)} need exactly one value, and there is ${found}`;
    scope.problems.error("missing-key", at, needs, `write one of ${unfit.join(" and ")}`);
  }
  const [first, second] = atMostOne.map(given).find((entries) => entries.length > 1) ?? [];
  if (first !== undefined && second !== undefined) {
    const message = `${subject(second.key, scope)} stands beside ${first.key}, and one at most may be given`;
    scope.problems.error("conflicting-keys", second.keyAt, message, `keep one of ${first.key} and ${second.key}`);
  }
  return unfit === undefined && second === undefined;
}

/** A setting that is known before anything is deployed. */
export function knownText(settings: Settings, key: string): string {
  const found = settings[key];
  if (found?.kind !== "literal" && found?.kind !== "secret") throw new Error(`'${key}' is not known yet`);
  return String(found.value ?? "");
}

/** True if the blueprint itself says which version it wants. */
export function asksForVersion(keys: Keys): boolean {
  return present(keys, "install.version") !== undefined;
}

function readVersion({ version }: EntityType, keys: Keys, scope: Scope): Expression | undefined {
  const entry = present(keys, "install.version");
  if (entry === undefined) return { kind: "literal", value: version };
  const reading = readingOf(entry, scope);
  const text = readText(entry.value, reading, VERSION_REMEDY);
  if (text === undefined) return undefined;
  if (!VERSION.test(text)) return refuse(entry.value, reading, "a version", VERSION_REMEDY, "bad-version");
  return setTo(text, entry.value);
}

function readUrl(
  { title, machine }: EntityType,
  keys: Keys,
  version: Expression | undefined,
  scope: Scope,
): Expression | undefined {
  const entry = present(keys, "download.url");
  if (entry === undefined) return { kind: "literal", value: "" };
  const reading = readingOf(entry, scope);
  const text = readText(entry.value, reading, URL_REMEDY);
  if (text === undefined) return undefined;
  if (machine?.archive === undefined && !machine?.install?.includes("$DOWNLOAD_URL")) {
    const reason = `${subject(entry.key, scope)} means nothing: ${title} is installed from the distribution's packages`;
    scope.problems.error("unsupported-key", entry.keyAt, reason, "remove it");
    return undefined;
  }
  const url = text.replaceAll("${version}", version === undefined ? "0" : knownText({ version }, "version"));
  if (!URL.test(url)) return refuse(entry.value, reading, "an address", URL_REMEDY, "bad-url");
  return setTo(url, entry.value);
}

function readParameter(
  { name, type, urls, default: preset, required, needs }: EntityParameter,
  { title }: EntityType,
  keys: Keys,
  at: Node["at"],
  scope: Scope,
): Expression | undefined {
  const entry = present(keys, name);
  if (entry !== undefined)
    return hasNeeds(entry, needs, keys, scope) ? readGiven(entry, { type, urls }, scope) : undefined;
  if (!required) return { kind: "literal", value: preset ?? "" };
  scope.problems.error(
    "missing-key",
    at,
    `${subject(name, scope)} is needed by ${title} and has no value`,
    type === "secret"
      ? `write it, e.g. ${name}: $brooklyn:external("passwords", "${scope.service}")`
      : `write \`${name}: ...\``,
  );
  return undefined;
}

function hasNeeds(entry: Entry, needs: readonly string[], keys: Keys, scope: Scope): boolean {
  const missing = needs.filter((need) => present(keys, need) === undefined);
  if (missing.length === 0) return true;
  const names = missing.join(" and ");
  scope.problems.error(
    "missing-key",
    entry.keyAt,
    `${subject(entry.key, scope)} means nothing without ${names}`,
    `write ${names} too, or remove it`,
  );
  return false;
}

function readGiven(
  entry: Entry,
  { type, urls }: Pick<EntityParameter, "type" | "urls">,
  scope: Scope,
): Expression | undefined {
  const { value: node } = entry;
  const reading = readingOf(entry, scope);
  const known = (value: Scalar | undefined) => (value === undefined ? undefined : setTo(value, node));
  switch (type) {
    case "port":
      return known(readFirstPort(node, reading));
    case "text":
      return known(readText(node, reading, "write a text"));
    case "integer":
      return known(readInteger(node, reading, { min: 0, max: Number.MAX_SAFE_INTEGER }));
    case "boolean":
      return known(readBoolean(node, reading));
    case "string":
      return readValue(node, reading.key, reading.scope);
    case "url":
      return readFetched(node, reading);
    case "list":
      return readLines(node, reading, urls);
    case "map":
      return readPairs(node, reading, urls);
    case "secret": {
      const value = readValue(node, reading.key, reading.scope);
      return value?.kind === "literal" ? { kind: "secret", value: value.value } : value;
    }
  }
}

function readFetched(node: Node, reading: Reading): Expression | undefined {
  const value = readValue(node, reading.key, reading.scope);
  if (value?.kind !== "literal" && value?.kind !== "secret") return value;
  return URL.test(String(value.value)) ? value : refuse(node, reading, "an address", FETCHED, "bad-url");
}

function readLines(node: Node, reading: Reading, urls: boolean): Expression | undefined {
  const items = readList(node, reading, "write a list of texts, e.g. [one, two]");
  const lines = items?.map((item) => readWord(item, reading, urls));
  return lines === undefined || lines.includes(undefined) ? undefined : setTo(lines.join("\n"), node);
}

function readPairs(node: Node, reading: Reading, urls: boolean): Expression | undefined {
  const map = readMap(node, reading, "write a map of texts, e.g. { one: first }");
  const pairs = map?.entries.map(({ key, value }) => {
    const text = readWord(value, { ...reading, key: `${reading.key}.${key}` }, urls);
    if (text === undefined) return undefined;
    if (WORD.test(key)) return `${key} ${text}`;
    return refuse(node, reading, "names without white space", "rename the entry", "bad-value");
  });
  return pairs === undefined || pairs.includes(undefined) ? undefined : setTo(pairs.join("\n"), node);
}

function readWord(node: Node, reading: Reading, url: boolean): string | undefined {
  const text = readText(node, reading, "write a text without white space");
  if (text !== undefined && url && !URL.test(text)) return refuse(node, reading, "an address", FETCHED, "bad-url");
  if (text === undefined || WORD.test(text)) return text;
  return refuse(node, reading, "a text without white space", "write it without white space", "bad-value");
}

function setTo(value: Scalar, node: Node): Expression {
  return { kind: node.secret ? "secret" : "literal", value };
}

function present(keys: Keys, name: string): Entry | undefined {
  const entry = keys.get(name)?.[0];
  return entry === undefined || isNull(entry.value) ? undefined : entry;
}
