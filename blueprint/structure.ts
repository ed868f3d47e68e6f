import { readValue } from "./dsl/expression";
import type { Expression, Service, Structure } from "./model";
import type { Scope } from "./scope";
import type { Node } from "./yaml/nodes";
import { isExpression } from "./yaml/nodes";

/** Reads a value whose parts may be expressions. Numbers stay numbers, however they are written. */
export function readStructure(node: Node, what: string, scope: Scope): Structure | undefined {
  if (node.kind === "list") {
    const items = node.items.map((item, index) => readStructure(item, `${what}[${index}]`, scope));
    return items.every(isRead) ? { kind: "list", items } : undefined;
  }
  if (node.kind === "map" && !isExpression(node)) {
    const entries = node.entries.map(({ key, value }) => [key, readStructure(value, `${what}.${key}`, scope)] as const);
    return entries.every(isReadEntry) ? { kind: "map", entries: Object.fromEntries(entries) } : undefined;
  }
  if (node.kind === "scalar" && typeof node.value === "number") {
    return { kind: node.secret ? "secret" : "literal", value: node.value };
  }
  return readValue(node, what, scope);
}

/** The expressions in a value, literals too. */
function expressionsIn(value: Structure): readonly Expression[] {
  if (value.kind === "list") return value.items.flatMap(expressionsIn);
  return value.kind === "map" ? Object.values(value.entries).flatMap(expressionsIn) : [value];
}

/** All that a service's process is given, in `env`, as a command or by its platform. */
export function processValues(
  service: Pick<Service, "env" | "entrypoint" | "commands" | "marathonApp">,
): readonly Expression[] {
  const { env, entrypoint = [], commands = [], marathonApp = {} } = service;
  return [...Object.values(env), ...entrypoint, ...commands, ...Object.values(marathonApp).flatMap(expressionsIn)];
}

function isRead(value: Structure | undefined): value is Structure {
  return value !== undefined;
}

function isReadEntry(entry: readonly [string, Structure | undefined]): entry is readonly [string, Structure] {
  return entry[1] !== undefined;
}
