import { readExpression, readValue } from "../dsl/expression";
import type { Expression } from "../model";
import { subject } from "../scope";
import { type Entry, show } from "../yaml/nodes";
import { type GivenAdjunct, key, type Sensors } from "./definition";
import { readProducer, readSensorName, UNREADABLE } from "./values";

const WHEN = "says when Brooklyn computes anew; here the value follows what it reads, at each update";

export const TRANSFORMER_KEYS = [
  key("enricher.targetSensor", "sensor that is published; the source's name if it is not given", "targetSensor"),
  key("enricher.targetValue", "its value: a text or an expression", "targetValue"),
  key(
    "enricher.transformation",
    "or what becomes of the source's value: `function.regexReplacement`",
    "transformation",
  ),
  key("enricher.sourceSensor", `sensor that is transformed; beside a targetValue it ${WHEN}`, "sourceSensor"),
  key("enricher.producer", "whose sensor the source is; the enricher's own entity if it is not given", "producer"),
  key("enricher.triggerSensors", WHEN, "triggerSensors"),
  key("enricher.suppressDuplicates", WHEN, "suppressDuplicates"),
  key("uniqueTag", "name of the enricher, without effect", "enricher.uniqueTag"),
];

/** A sensor whose value is an expression, or another sensor's value with a text replaced in it. */
export function readTransformer(given: GivenAdjunct): Sensors {
  const { name, node, keys, scope } = given;
  const sensorAt = (entry: Entry | undefined) => entry && readSensorName(entry.value, entry.key, scope);
  const sourceEntry = keys.get("enricher.sourceSensor");
  const source = sensorAt(sourceEntry);
  const targetEntry = keys.get("enricher.targetSensor");
  const target = targetEntry === undefined ? source : sensorAt(targetEntry);
  const producer = readProducer(given);
  if (target === undefined) {
    if (targetEntry === undefined && sourceEntry === undefined) {
      missing(given, "no enricher.targetSensor", "name the sensor that it publishes");
    }
    return {};
  }
  const value = keys.get("enricher.targetValue");
  const transformation = keys.get("enricher.transformation");
  if (value !== undefined && transformation !== undefined) {
    scope.problems.error(
      "conflicting-keys",
      transformation.keyAt,
      `${subject(name, scope)} has both ${value.key} and ${transformation.key}`,
      "keep one of the two",
    );
    return { [target]: UNREADABLE };
  }
  if (value !== undefined) return { [target]: readValue(value.value, value.key, scope) ?? UNREADABLE };
  if (transformation === undefined) {
    missing(given, "no value for its sensor", "write enricher.targetValue, with an expression");
    return { [target]: UNREADABLE };
  }
  if (sourceEntry === undefined) {
    missing(given, "nothing to transform", "name the sensor in enricher.sourceSensor");
    return { [target]: UNREADABLE };
  }
  const replace = readFunction(transformation, given);
  if (replace === undefined || source === undefined || producer === undefined) return { [target]: UNREADABLE };
  return { [target]: replace({ kind: "attribute", service: producer, sensor: source, at: node.at }) };
}

function readFunction(entry: Entry, { scope }: GivenAdjunct): ((source: Expression) => Expression) | undefined {
  const { value, key: written } = entry;
  const read = readExpression(value, written, scope);
  if (read === undefined) return undefined;
  if (read.kind === "function") {
    const { pattern, replacement, at } = read;
    return (source) => ({ kind: "regex", source, pattern, replacement, at });
  }
  scope.problems.error(
    "not-a-function",
    value.at,
    `${subject(written, scope)} needs a function, and ${show(value)} gives none`,
    'write $brooklyn:function.regexReplacement("pattern", "replacement"), or the whole value in enricher.targetValue',
  );
  return undefined;
}

function missing({ name, node, scope }: GivenAdjunct, what: string, remedy: string): void {
  scope.problems.error("missing-key", node.at, `${subject(name, scope)} has ${what}`, remedy);
}
