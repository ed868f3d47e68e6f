import { readExpression } from "../dsl/expression";
import type { Expression } from "../model";
import { type Scope, subject } from "../scope";
import { isExpression, isNull, type Node, show } from "../yaml/nodes";
import type { GivenAdjunct } from "./definition";

/** Stands for a value that has a problem of its own, so that those who read the sensor have none. */
export const UNREADABLE: Expression = { kind: "literal", value: null };

const SENSOR = 'write its name, or $brooklyn:sensor("name")';

/** The name of a sensor: a text, or a sensor object. */
export function readSensorName(node: Node, what: string, scope: Scope): string | undefined {
  if (node.kind === "scalar" && !isExpression(node) && !isNull(node) && node.text.trim() !== "") return node.text;
  if (isExpression(node)) {
    const value = readExpression(node, what, scope);
    if (value === undefined) return undefined;
    if (value.kind === "sensor") return value.name;
  }
  scope.problems.error("bad-sensor", node.at, `${subject(what, scope)} needs a sensor, not ${show(node)}`, SENSOR);
  return undefined;
}

/** Id of the entity that sensors are taken from; the empty id is the application. The one that has the adjunct without a key. */
export function readProducer({ keys, scope }: GivenAdjunct): string | undefined {
  const entry = keys.get("enricher.producer");
  if (entry === undefined) return scope.service;
  const remedy = 'name one: $brooklyn:component("id")';
  if (isExpression(entry.value)) {
    const value = readExpression(entry.value, entry.key, scope);
    if (value === undefined) return undefined;
    if (value.kind === "component") return value.service;
    if (value.kind === "group") return value.group;
    if (value.kind === "application") return "";
  }
  scope.problems.error(
    "bad-producer",
    entry.value.at,
    `${subject(entry.key, scope)} needs a component, not ${show(entry.value)}`,
    remedy,
  );
  return undefined;
}
