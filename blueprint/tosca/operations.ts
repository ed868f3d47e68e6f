import { type Entry, find, isNull, type MapNode, quote, show, textOf } from "../yaml/nodes";
import type { Software } from "./artifacts";
import { evaluate } from "./functions";
import { defaultOf, ownTypes } from "./properties";
import { checkKeys, entriesOf, ignored, type KeyTable, unsupported } from "./report";
import type { Topology, ToscaNode } from "./topology";

const STANDARD = ["Standard", "tosca.interfaces.node.lifecycle.Standard"];
/** Those that happen when a container starts, in their order, and those that its end takes the place of. */
const STARTING = ["create", "configure", "start"];
const ENDING = ["stop", "delete"];
const INTERFACE_KEYS = ["type", "inputs", "operations", "description", "notifications", "metadata"];
const OPERATION_KEYS: KeyTable = {
  implementation: "read",
  inputs: "read",
  description: "read",
  metadata: "read",
  outputs: { refused: "operations do not run here: remove it" },
};
const INTO_IMAGE = "put what it does into the image, and give its inputs as the container's environment";

/** Environment of a container: the inputs of the operations that start it, those of types below the node's own. */
export function environmentOf(node: ToscaNode, software: Software, topology: Topology): readonly Entry[] {
  const variables = new Map<string, Entry>();
  for (const holder of [...[...ownTypes(node, topology)].reverse(), node.node]) {
    for (const entry of inputsIn(holder, node, software, topology)) variables.set(entry.key, entry);
  }
  return [...variables.values()].flatMap((entry) => {
    const value = evaluate(entry.value, node, topology);
    return value === undefined ? [] : [{ ...entry, value }];
  });
}

function inputsIn(holder: MapNode, node: ToscaNode, software: Software, topology: Topology): readonly Entry[] {
  const { problems } = topology.context;
  const where = `node ${quote(node.name)}`;
  return entriesOf(holder, "interfaces", where, problems).flatMap(({ key, keyAt, value }) => {
    if (isNull(value)) return [];
    if (!STANDARD.includes(key) || value.kind !== "map") {
      unsupported(
        keyAt,
        `the interface ${quote(key)}`,
        where,
        `use ${STANDARD[0]}, with create, configure and start`,
        problems,
      );
      return [];
    }
    const nested = find(value, "operations")?.value;
    const operations =
      nested?.kind === "map" ? nested.entries : value.entries.filter((entry) => !INTERFACE_KEYS.includes(entry.key));
    const shared = entriesOf(value, "inputs", `interface ${quote(key)} of ${where}`, problems);
    const notifications = find(value, "notifications");
    if (notifications) unsupported(notifications.keyAt, "notifications", where, "remove it", problems);
    const own = [...operations]
      .sort((a, b) => STARTING.indexOf(a.key) - STARTING.indexOf(b.key))
      .flatMap((operation) => operationInputs(operation, where, software, topology));
    return values([...shared, ...own], holder, node);
  });
}

function operationInputs(
  { key, keyAt, value }: Entry,
  nodeName: string,
  software: Software,
  topology: Topology,
): readonly Entry[] {
  const { problems } = topology.context;
  const where = `operation ${quote(key)} of ${nodeName}`;
  if (![...STARTING, ...ENDING].includes(key)) {
    const remedy = `use ${STARTING.join(", ")}`;
    unsupported(keyAt, `the operation ${quote(key)}`, nodeName, remedy, problems);
    return [];
  }
  if (isNull(value)) return [];
  if (value.kind === "list") {
    const remedy = "write { inputs: { NAME: value } }";
    problems.error("bad-type", value.at, `${where} needs a map, not ${show(value)}`, remedy);
    return [];
  }
  if (value.kind === "map") checkKeys(value, OPERATION_KEYS, where, problems);
  const implementation = value.kind === "map" ? find(value, "implementation")?.value : value;
  const primary = implementation?.kind === "map" ? find(implementation, "primary")?.value : implementation;
  const file = primary?.kind === "map" ? find(primary, "file")?.value : primary;
  const name = file && textOf(file);
  if (implementation !== undefined && !software.names.includes(name ?? "")) {
    if (software.kind === "redis") {
      ignored(implementation.at, "the implementation", where, "Redis is installed by its type: remove it", problems);
    } else unsupported(implementation.at, `the implementation ${quote(name ?? "")}`, where, INTO_IMAGE, problems);
  }
  const inputs = value.kind === "map" ? entriesOf(value, "inputs", where, problems) : [];
  if (STARTING.includes(key)) return inputs;
  for (const input of inputs) {
    ignored(
      input.keyAt,
      `the input ${quote(input.key)}`,
      where,
      "a container is stopped by a signal: remove it",
      problems,
    );
  }
  return [];
}

/** In a type an input may be defined instead of given; without a default it waits for a value of the node. */
function values(inputs: readonly Entry[], holder: MapNode, node: ToscaNode): readonly Entry[] {
  if (holder === node.node) return inputs.filter(({ value }) => !isNull(value));
  return inputs.flatMap((entry) => {
    const value = defaultOf(entry.value);
    return value === undefined || isNull(value) ? [] : [{ ...entry, value }];
  });
}
