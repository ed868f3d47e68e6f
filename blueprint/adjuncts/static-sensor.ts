import { readValue } from "../dsl/expression";
import { subject } from "../scope";
import { type GivenAdjunct, key, type Sensors } from "./definition";
import { readSensorName, UNREADABLE } from "./values";

export const STATIC_SENSOR_KEYS = [
  key("name", "sensor that is published"),
  key("static.value", "its value: a text or an expression"),
  key("targetType", "Java type of the value, without effect"),
  key("static.timeout", "has no effect: what the value reads is there when it is needed"),
  key("period", "has no effect: the value follows what it reads, at each update"),
];

/** A sensor with a value of its own. */
export function readStaticSensor({ name, node, keys, scope }: GivenAdjunct): Sensors {
  const named = keys.get("name");
  const value = keys.get("static.value");
  for (const [entry, wanted] of [
    [named, "name"],
    [value, "static.value"],
  ] as const) {
    if (entry !== undefined) continue;
    scope.problems.error(
      "missing-key",
      node.at,
      `${subject(name, scope)} has no ${wanted}`,
      "write name and static.value under its brooklyn.config",
    );
  }
  const sensor = named && readSensorName(named.value, named.key, scope);
  const read = value && readValue(value.value, value.key, scope);
  return sensor === undefined ? {} : { [sensor]: read ?? UNREADABLE };
}
