import type { Expression, Position } from "../model";
import { subject } from "../scope";
import { type Node, type ScalarNode, show } from "../yaml/nodes";
import { type GivenAdjunct, key, type Sensors } from "./definition";
import { readProducer, readSensorName } from "./values";

export const PROPAGATOR_KEYS = [
  key("enricher.producer", "component whose sensors are published here too", "producer"),
  key("enricher.propagating.inclusions", "list of its sensors", "propagating", "enricher.propagating"),
  key(
    "enricher.propagating.sensorMapping",
    "map of its sensors to the names that they have here",
    "sensorMapping",
    "enricher.sensorMapping",
  ),
  key("enricher.propagating.propagatingAll", "is refused: the sensors have to be named", "propagatingAll"),
  key("enricher.propagating.propagatingAllBut", "is refused: the sensors have to be named", "propagatingAllBut"),
  key("enricher.suppressDuplicates", "has no effect", "suppressDuplicates"),
  key("uniqueTag", "name of the enricher, without effect", "enricher.uniqueTag"),
];

/** Another entity's sensors under their own or other names. */
export function readPropagator(given: GivenAdjunct): Sensors {
  const { name, node, keys, scope } = given;
  refuseAll(given);
  const names = [...readInclusions(given), ...readMapping(given)];
  const producer = readProducer(given);
  if (!["inclusions", "sensorMapping", "propagatingAll", "propagatingAllBut"].some((one) => keys.has(long(one)))) {
    scope.problems.error(
      "missing-key",
      node.at,
      `${subject(name, scope)} has no sensors to publish`,
      "name them in enricher.propagating.inclusions, or with new names in enricher.propagating.sensorMapping",
    );
  }
  const same = names.find(([from, to]) => producer === scope.service && from === to);
  if (same !== undefined) {
    scope.problems.error(
      "sensor-cycle",
      same[2],
      `${subject(name, scope)} publishes its own sensors under the same names`,
      'name another component in enricher.producer: $brooklyn:component("id")',
    );
    return {};
  }
  return Object.fromEntries(
    names.map(([from, to, at]): [string, Expression] => [
      to,
      producer === undefined
        ? { kind: "literal", value: null }
        : { kind: "attribute", service: producer, sensor: from, at },
    ]),
  );
}

type Names = readonly (readonly [from: string, to: string, at: Position])[];

function long(name: string): string {
  return `enricher.propagating.${name}`;
}

function refuseAll({ name, keys, scope }: GivenAdjunct): void {
  for (const one of ["propagatingAll", "propagatingAllBut"]) {
    const entry = keys.get(long(one));
    if (entry === undefined || (entry.value.kind === "scalar" && entry.value.text.toLowerCase() === "false")) continue;
    scope.problems.error(
      "unsupported-key",
      entry.keyAt,
      `${subject(name, scope)} cannot publish sensors that it does not name (${entry.key})`,
      "list them in enricher.propagating.inclusions",
    );
  }
}

function readInclusions({ keys, scope }: GivenAdjunct): Names {
  const entry = keys.get(long("inclusions"));
  if (entry === undefined) return [];
  const items = entry.value.kind === "list" ? entry.value.items : [entry.value];
  return items.flatMap((item): Names => {
    const name = readSensorName(item, entry.key, scope);
    return name === undefined ? [] : [[name, name, item.at]];
  });
}

function readMapping({ keys, scope }: GivenAdjunct): Names {
  const entry = keys.get(long("sensorMapping"));
  if (entry === undefined) return [];
  if (entry.value.kind !== "map") {
    scope.problems.error(
      "bad-type",
      entry.value.at,
      `${subject(entry.key, scope)} needs a map, not ${show(entry.value)}`,
      "write sensors of the producer with the names that they have here, e.g. { docker.port.80: main.port }",
    );
    return [];
  }
  return entry.value.entries.flatMap((pair): Names => {
    const from = readSensorName(keyNode(pair.key, pair.keyAt, pair.value), entry.key, scope);
    const to = readSensorName(pair.value, entry.key, scope);
    return from === undefined || to === undefined ? [] : [[from, to, pair.keyAt]];
  });
}

/** The key of a map as a value: it may be an expression too. */
function keyNode(text: string, at: Position, { secret }: Node): ScalarNode {
  return { kind: "scalar", value: text, text, secret, at };
}
