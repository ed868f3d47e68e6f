import { readPort } from "../ports";
import { readDuration } from "../quantities";
import { subject } from "../scope";
import { type Reading, readInteger, readList, readMap, readText, refuse } from "../values";
import { type MapNode, type Node, quote } from "../yaml/nodes";
import type { HealthCheck } from "./model";

const FORM =
  "write one of command, http: { path: /, port: 8080 } and tcp: 8080, with interval, timeout, startPeriod and retries; or none";
const KINDS = ["command", "http", "tcp"] as const;
const KNOWN = [...KINDS, "interval", "timeout", "startPeriod", "retries"];

/** `healthCheck`: what says that the service is healthy, or `none` against the image's own. */
export function readHealthCheck(node: Node, reading: Reading): HealthCheck | "none" | undefined {
  if (node.kind === "scalar" && node.text === "none") return "none";
  if (node.kind !== "map") return refuse(node, reading, "a check", FORM);
  for (const { key, keyAt } of node.entries) {
    if (KNOWN.includes(key)) continue;
    reading.scope.problems.error(
      "unknown-key",
      keyAt,
      `${subject(reading.key, reading.scope)} has the unknown key ${quote(key)}`,
      FORM,
    );
  }
  const kinds = node.entries.filter(({ key }) => KINDS.some((kind) => kind === key));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return refuse(node, reading, "exactly one of command, http and tcp", FORM);
  const test = readTest(kind.key, kind.value, { ...reading, key: `${reading.key}.${kind.key}` });
  if (test === undefined) return undefined;
  return {
    test,
    ...part(node, "interval", reading, readDuration, "intervalSeconds"),
    ...part(node, "timeout", reading, readDuration, "timeoutSeconds"),
    ...part(node, "startPeriod", reading, readDuration, "startPeriodSeconds"),
    ...part(node, "retries", reading, (value, inner) => readInteger(value, inner, { min: 1, max: 1000 }), "retries"),
  };
}

function part<K extends string>(
  node: MapNode,
  key: string,
  reading: Reading,
  read: (value: Node, reading: Reading) => number | undefined,
  name: K,
): { readonly [key in K]?: number } {
  const entry = node.entries.find((one) => one.key === key);
  const value = entry && read(entry.value, { ...reading, key: `${reading.key}.${key}` });
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: number });
}

function readTest(kind: string, node: Node, reading: Reading): HealthCheck["test"] | undefined {
  if (kind === "tcp") {
    const port = readPort(node, reading);
    return port === undefined ? undefined : { kind: "tcp", port };
  }
  if (kind === "http") return readHttp(node, reading);
  const remedy = 'write a list of words, e.g. ["redis-cli", "ping"], or one text for a shell';
  if (node.kind === "scalar") {
    const command = readText(node, reading, remedy);
    return command === undefined ? undefined : { kind: "shell", command };
  }
  const words = readList(node, reading, remedy)?.map((item) => readText(item, reading, remedy));
  if (words?.length === 0) return refuse(node, reading, "at least one word", remedy);
  return words === undefined || words.includes(undefined) ? undefined : { kind: "command", words: words as string[] };
}

function readHttp(node: Node, reading: Reading): HealthCheck["test"] | undefined {
  const remedy = "write { path: /health, port: 8080 }";
  const map = readMap(node, reading, remedy);
  const field = (key: string) => map?.entries.find((entry) => entry.key === key)?.value;
  const unknown = map?.entries.find(({ key }) => key !== "path" && key !== "port");
  if (unknown) return refuse(unknown.value, { ...reading, key: `${reading.key}.${unknown.key}` }, "to go", remedy);
  const [path, port] = [field("path"), field("port")];
  if (map === undefined) return undefined;
  if (port === undefined) return refuse(node, reading, "a port", remedy);
  const number = readPort(port, { ...reading, key: `${reading.key}.port` });
  const text = path === undefined ? "/" : readText(path, { ...reading, key: `${reading.key}.path` }, remedy);
  if (number === undefined || text === undefined) return undefined;
  if (!/^\/[\x21-\x7e]*$/.test(text) || /['"\\`$]/.test(text)) {
    return refuse(
      path ?? node,
      { ...reading, key: `${reading.key}.path` },
      "a path that begins with / and has no quotes",
      remedy,
    );
  }
  return { kind: "http", path: text, port: number };
}
