import { readExpression } from "./dsl/expression";
import type { Expression, Port } from "./model";
import { tcpPort } from "./port";
import { listOf, subject } from "./scope";
import { type Reading, readList } from "./values";
import { type Node, quote, show } from "./yaml/nodes";

const FORM = 'write a list of names of keys, e.g. [http.port], or of $brooklyn:sensor("http.port")';
const MAX_PORT = 65_535;

/** `openPorts.configKeys`, `directPorts.configKeys`: the TCP ports that are the values of these keys of the service. */
export function readPortKeys(config: Readonly<Record<string, Expression>>) {
  return (node: Node, reading: Reading): readonly Port[] =>
    (readList(node, reading, FORM) ?? []).flatMap((item) => {
      const name = nameOf(item, reading);
      const value = name === undefined || !Object.hasOwn(config, name) ? undefined : config[name];
      const port = value?.kind === "literal" || value?.kind === "secret" ? Number(value.value) : Number.NaN;
      if (Number.isInteger(port) && port >= 1 && port <= MAX_PORT) return [tcpPort(port)];
      if (name !== undefined) refuse(item, name, value === undefined, Object.keys(config), reading);
      return [];
    });
}

function nameOf(item: Node, reading: Reading): string | undefined {
  const value = readExpression(item, reading.key, reading.scope);
  if (value?.kind === "sensor") return value.name;
  if (value?.kind === "literal" && typeof value.value === "string") return value.value;
  if (value === undefined) return undefined;
  const message = `${subject(reading.key, reading.scope)} needs the name of a key, not ${show(item)}`;
  reading.scope.problems.error("bad-type", item.at, message, FORM);
  return undefined;
}

function refuse(item: Node, name: string, unknown: boolean, known: readonly string[], { key, scope }: Reading): void {
  scope.problems.error(
    unknown ? "unknown-config-key" : "bad-port",
    item.at,
    `${subject(key, scope)} names ${quote(name)}, which ${unknown ? "is no key of the service" : "is no port that is known before anything is deployed"}`,
    unknown ? `name one of ${listOf(known)}` : "write the port's number in openPorts or directPorts",
  );
}
