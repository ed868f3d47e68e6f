import { readExpression } from "./dsl/expression";
import { isId, refuseId } from "./ids";
import type { Expression, Link } from "./model";
import { listOf, type Scope, subject } from "./scope";
import type { Reading } from "./values";
import { isExpression, type Node, quote, type ScalarNode, show } from "./yaml/nodes";

type Component = Extract<Expression, { kind: "component" }>;

const LIST = '$brooklyn:component("id")';

/** `links`: a list of components, whose ids are the aliases, or a map of alias to component. */
export function readLinks(node: Node, reading: Reading): readonly Link[] {
  const { key, scope } = reading;
  const wanted =
    node.kind === "list"
      ? node.items.map((value) => ({ value, alias: undefined }))
      : node.kind === "map" && !isExpression(node)
        ? node.entries.map(({ key: name, keyAt, value }) => ({ value, alias: aliasNode(name, keyAt) }))
        : [{ value: node, alias: undefined }];
  const links = new Map<string, Link>();
  for (const { value, alias } of wanted) {
    const target = readTarget(value, key, scope);
    if (alias !== undefined && !isId(alias.text)) {
      refuseId(alias, `an alias in ${subject(key, scope)}`, scope.problems, "bad-alias");
      continue;
    }
    if (target === undefined) continue;
    const name = alias?.text ?? target.name ?? target.service;
    if (links.has(name)) {
      scope.problems.error(
        "duplicate-link",
        value.at,
        `${subject(key, scope)} has two links with the alias ${quote(name)}`,
        "remove one, or write links as a map that gives each its own alias",
      );
      continue;
    }
    links.set(name, { alias: name, target: target.service, at: value.at });
  }
  return [...links.values()];
}

function aliasNode(text: string, at: ScalarNode["at"]): ScalarNode {
  return { kind: "scalar", value: text, text, secret: false, at };
}

function readTarget(node: Node, key: string, scope: Scope): Component | undefined {
  const { problems } = scope;
  if (!isExpression(node)) {
    const id = node.kind === "scalar" && !node.secret && scope.services.has(node.text) ? node.text : "id";
    problems.error(
      "bad-link",
      node.at,
      `${subject(key, scope)} needs components, not ${show(node)}`,
      `write ${LIST.replace("id", id)} for each, in a list or as values of a map of aliases`,
    );
    return undefined;
  }
  const target = readExpression(node, key, { ...scope, unknownServiceCode: "unknown-link-target" });
  if (target === undefined) return undefined;
  if (target.kind !== "component") {
    problems.error(
      "bad-link",
      node.at,
      `${subject(key, scope)} cannot link to ${target.kind === "application" ? "the application itself" : show(node)}`,
      `name a service: ${LIST}; services of this blueprint: ${listOf(scope.services)}`,
    );
    return undefined;
  }
  if (target.service === scope.service) {
    problems.error(
      "self-link",
      node.at,
      `${subject(key, scope)} links to the service itself`,
      "remove the link: inside a container its own ports answer on localhost",
    );
    return undefined;
  }
  return target;
}
