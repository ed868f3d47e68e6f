import { entryOf, mapNode } from "../yaml/make";
import { type Entry, find, type MapNode, quote, show } from "../yaml/nodes";
import { evaluate } from "./functions";
import { checkKeys, entriesOf, type KeyTable } from "./report";
import type { Topology } from "./topology";

const KEYS: KeyTable = {
  value: "read",
  description: "read",
  type: "read",
  required: "read",
  status: "read",
  metadata: "read",
  key_schema: "read",
  entry_schema: "read",
  mapping: { refused: "write `value:` with get_attribute" },
};

/** The outputs of the topology in the Brooklyn form. */
export function outputsOf(template: MapNode, topology: Topology): readonly Entry[] {
  const { problems } = topology.context;
  const outputs = entriesOf(template, "outputs", "the topology_template", problems).flatMap((entry): Entry[] => {
    const where = `output ${quote(entry.key)}`;
    if (entry.value.kind !== "map") {
      const remedy = "write { value: … }, e.g. with get_attribute";
      problems.error("bad-type", entry.value.at, `${where} needs a map, not ${show(entry.value)}`, remedy);
      return [];
    }
    checkKeys(entry.value, KEYS, where, problems);
    const written = find(entry.value, "value");
    if (written === undefined) {
      if (find(entry.value, "mapping") === undefined) {
        problems.error(
          "missing-value",
          entry.keyAt,
          `${where} has no value`,
          "write `value:`, e.g. with get_attribute",
        );
      }
      return [];
    }
    const value = evaluate(written.value, undefined, topology);
    return value === undefined ? [] : [entryOf(entry.key, value, entry.keyAt)];
  });
  const [first] = outputs;
  return first === undefined ? [] : [entryOf("outputs", mapNode(outputs, first.keyAt))];
}
