import { nearest } from "../../wording/suggest";
import { entryOf, listNode, literalNode, mapNode, textNode } from "../yaml/make";
import { type Entry, find, isExpression, isNull, type Node, quote, show, textOf } from "../yaml/nodes";
import { readAttribute } from "./attributes";
import { keepText, literalOf } from "./literal";
import { type Found, resolveProperty } from "./references";
import type { Topology, ToscaNode } from "./topology";
import { checkTyped, completed } from "./typed";

const READ = ["get_input", "get_property", "get_attribute", "concat", "join", "token"];
const REFUSED: Readonly<Record<string, string>> = {
  get_artifact: "put the file into the image",
  get_operation_output: "operations do not run here: use get_attribute or get_property",
  get_nodes_of_type: "name the node, e.g. { get_attribute: [my_server, private_address] }",
};
const MAX_DEPTH = 50;

/**
 * The value in the Brooklyn form, with the functions of TOSCA in it evaluated: what is known only while things run becomes an expression.
 * Undefined after telling why there is none.
 */
export function evaluate(
  node: Node,
  self: ToscaNode | undefined,
  topology: Topology,
  trail: readonly Node[] = [],
): Node | undefined {
  const { problems } = topology.context;
  if (trail.includes(node) || trail.length > MAX_DEPTH) {
    const remedy = "write one of these values out";
    problems.error("property-cycle", node.at, "a value refers to itself in a circle, or too deeply", remedy);
    return undefined;
  }
  const next = [...trail, node];
  if (node.kind === "scalar") return keepText(node);
  if (node.kind === "list") {
    const items = node.items.map((item) => evaluate(item, self, topology, next));
    return items.every(isThere) ? { ...node, items } : undefined;
  }
  const [call, ...others] = node.entries;
  if (call === undefined || others.length > 0 || !isCall(call)) {
    const entries = node.entries.map((entry) => ({ entry, value: evaluate(entry.value, self, topology, next) }));
    if (!entries.every(({ value }) => value !== undefined)) return undefined;
    return { ...node, entries: entries.map(({ entry, value }) => ({ ...entry, value: value ?? entry.value })) };
  }
  const { key, keyAt, value } = call;
  const remedy = REFUSED[key];
  if (Object.hasOwn(REFUSED, key) && remedy !== undefined) {
    problems.error("unsupported-function", keyAt, `the function ${key} is not supported`, remedy);
    return undefined;
  }
  const args = value.kind === "list" ? value.items : [value];
  if (key === "get_input") return readInput(args, value, self, topology, next);
  if (key === "get_property") {
    const found = resolveProperty(args, value, self, topology);
    return found && part(found);
  }
  if (key === "get_attribute") {
    const found = readAttribute(args, value, self, topology);
    return found && ("owner" in found ? part(found) : found.value);
  }
  const evaluated = args.map((arg) => evaluate(arg, self, topology, next));
  if (!evaluated.every(isThere)) return undefined;
  if (key === "concat") return value.kind === "list" ? joined(evaluated, "", value) : refuse("write e.g. [a, b]");
  return key === "join" ? join(evaluated) : token(evaluated);

  function part({ value: whole, owner, path, definition }: Found): Node | undefined {
    const written = evaluate(whole, owner, topology, next);
    const evaluated = written && completed(written, definition, topology.definitions);
    const steps = path.map((step) => textNode(step, value.at));
    return evaluated && walk(evaluated, steps, `what ${key} reads of node ${quote(owner.name)}`, topology);
  }

  function join([list, delimiter, ...more]: readonly Node[]): Node | undefined {
    const between = delimiter === undefined ? "" : textOf(delimiter);
    if (list?.kind !== "list" || between === undefined || more.length > 0) return refuse('write e.g. [[a, b], ","]');
    return joined(list.items, between, value);
  }

  function token([text, separators, index, ...more]: readonly Node[]): Node | undefined {
    if (text !== undefined && isExpression(text)) {
      return refuse("a text that is known only while things run cannot be split: let the container split it");
    }
    const form = 'write e.g. ["1.2.3.4", ".", 0]';
    const [whole, characters, place] = [text, separators, index].map((one) => one && textOf(one));
    if (whole === undefined || !characters || !/^\d+$/.test(place ?? "") || more.length > 0) return refuse(form);
    let rest = whole;
    for (const character of characters) rest = rest.replaceAll(character, "\0");
    const part = rest.split("\0")[Number(place)];
    const shown = text === undefined ? "it" : show(text);
    return part === undefined ? refuse(`${shown} has no part ${place}`) : literalNode(part, value.at, text?.secret);
  }

  function joined(parts: readonly Node[], between: string, at: Node): Node | undefined {
    const single = parts.every((part) => isExpression(part) || textOf(part) !== undefined);
    if (!single) return refuse("each part has to be a single value");
    const pieces = parts.map((part) => (isExpression(part) ? "%s" : (textOf(part) ?? "").replaceAll("%", "%%")));
    const expressions = parts.filter(isExpression);
    const secret = parts.some((part) => part.secret);
    if (expressions.length === 0) {
      return literalNode(parts.map((part) => textOf(part) ?? "").join(between), at.at, secret);
    }
    const pattern = textNode(pieces.join(between.replaceAll("%", "%%")), at.at);
    const call = entryOf("$brooklyn:formatString", listNode([pattern, ...expressions], at.at), keyAt);
    return { ...mapNode([call], keyAt), secret };
  }

  function refuse(form: string): undefined {
    problems.error("wrong-arguments", value.at, `the function ${key} cannot take ${show(value)}`, form);
    return undefined;
  }
}

function readInput(
  args: readonly Node[],
  node: Node,
  self: ToscaNode | undefined,
  topology: Topology,
  trail: readonly Node[],
): Node | undefined {
  const { problems } = topology.context;
  const [first, ...path] = args;
  const name = first && textOf(first);
  const entry = name === undefined ? undefined : topology.inputs.get(name);
  if (name === undefined || entry === undefined) {
    const similar = nearest(name ?? "", topology.inputs.keys());
    problems.error(
      "unknown-input",
      node.at,
      `the template has no input ${name === undefined ? show(node) : quote(name)}`,
      similar === undefined ? "write it under inputs of the topology_template" : `did you mean '${similar}'?`,
    );
    return undefined;
  }
  const definition = entry.value.kind === "map" ? entry.value : undefined;
  const outside = topology.context.inputs.get(name);
  const given = outside ?? (definition && (find(definition, "value") ?? find(definition, "default"))?.value);
  if (definition === undefined || given === undefined) {
    problems.error(
      "missing-input",
      entry.keyAt,
      `the input ${quote(name)} has no value`,
      `write \`default:\` with one, or give it in the stack: pulumi config set --path 'clocker:inputs.${name}'`,
    );
    return undefined;
  }
  // What comes from outside is a value, whatever it looks like.
  const written = given === outside ? literalOf(given) : evaluate(given, self, topology, trail);
  if (written === undefined) return undefined;
  const value = completed(written, definition, topology.definitions);
  const { definitions } = topology;
  checkTyped(value, definition, { definitions, problems, name: (at) => `input ${quote([name, ...at].join("."))}` });
  return walk(value, path, `input ${quote(name)}`, topology);
}

/** The part of a value that keys and indices lead to. */
function walk(value: Node, path: readonly Node[], what: string, topology: Topology): Node | undefined {
  let here: Node | undefined = value;
  for (const step of path) {
    const key = textOf(step) ?? "";
    if (here.kind === "list") here = here.items[/^\d+$/.test(key) ? Number(key) : -1];
    else here = here.kind === "map" ? here.entries.find((entry) => entry.key === key)?.value : undefined;
    if (here === undefined || isNull(here)) {
      const remedy = "name keys of maps and indices of lists that are there";
      topology.context.problems.error("unknown-property", step.at, `${what} has no ${show(step)}`, remedy);
      return undefined;
    }
  }
  return here;
}

/** A credential may consist of its token alone, which is no list as the arguments of the function are. */
function isCall({ key, value }: Entry): boolean {
  if (key === "token" && value.kind === "scalar") return false;
  return READ.includes(key) || Object.hasOwn(REFUSED, key);
}

function isThere(node: Node | undefined): node is Node {
  return node !== undefined;
}
