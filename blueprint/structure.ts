import { readValue } from "./dsl/expression";
import type { Expression, Service, Structure } from "./model";
import type { Scope } from "./scope";
import type { Node } from "./yaml/nodes";
import { isExpression } from "./yaml/nodes";

const LITERAL = "$brooklyn:literal";

/** Reads a value whose parts may be expressions. Numbers stay numbers, however they are written. */
export function readStructure(node: Node, what: string, scope: Scope): Structure | undefined {
  const literal = node.kind === "map" && node.entries.length === 1 ? node.entries[0] : undefined;
  if (literal?.key === LITERAL && literal.value.kind !== "scalar") return plainStructure(literal.value);
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

/** A value in which nothing is an expression. */
function plainStructure(node: Node): Structure {
  if (node.kind === "list") return { kind: "list", items: node.items.map(plainStructure) };
  if (node.kind === "scalar") return { kind: node.secret ? "secret" : "literal", value: node.value };
  const entries = node.entries.map(({ key, value }) => [key, plainStructure(value)] as const);
  return { kind: "map", entries: Object.fromEntries(entries) };
}

/** The expressions in a value, literals too. */
export function expressionsIn(value: Structure): readonly Expression[] {
  if (value.kind === "list") return value.items.flatMap(expressionsIn);
  return value.kind === "map" ? Object.values(value.entries).flatMap(expressionsIn) : [value];
}

/** An expression and all that it is made of. */
export function partsOf(value: Expression): readonly Expression[] {
  switch (value.kind) {
    case "format":
      return [value, ...value.args.flatMap(partsOf)];
    case "regex":
      return [value, ...[value.source, value.pattern, value.replacement].flatMap(partsOf)];
    case "urlEncode":
      return [value, ...partsOf(value.argument)];
    default:
      return [value];
  }
}

/** All that a service's process is given, in `env`, as a command, in files or by its platform, and what it waits for. */
export function processValues(
  service: Pick<Service, "env" | "entrypoint" | "commands" | "files" | "marathonApp"> &
    Partial<Pick<Service, "workload" | "latches">>,
): readonly Expression[] {
  const { env, entrypoint = [], commands = [], files, marathonApp = {}, workload, latches = {} } = service;
  const settings = workload?.kind === "software" ? Object.values(workload.settings) : [];
  return [
    ...Object.values(env),
    ...entrypoint,
    ...commands,
    ...settings,
    ...files.map(({ content }) => content),
    ...Object.values(latches),
    ...Object.values(marathonApp).flatMap(expressionsIn),
  ];
}

function isRead(value: Structure | undefined): value is Structure {
  return value !== undefined;
}

function isReadEntry(entry: readonly [string, Structure | undefined]): entry is readonly [string, Structure] {
  return entry[1] !== undefined;
}
