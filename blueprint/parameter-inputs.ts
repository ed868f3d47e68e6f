import type { FrontEndContext } from "./front-end";
import { type Entry, find, type MapNode, type Node, textOf } from "./yaml/nodes";

const CONFIG = "brooklyn.config";

/** The blueprint with the values that its parameters are given from outside in place of its own. */
export function fillParameters(root: Node, { inputs, problems }: Pick<FrontEndContext, "inputs" | "problems">): Node {
  if (inputs.names.length === 0 || root.kind !== "map") return root;
  const declared = namesOf(find(root, "brooklyn.parameters")?.value);
  inputs.tellUnknown(declared, "parameter", problems);
  const given = declared.flatMap((name): Entry[] => {
    const value = inputs.get(name);
    return value === undefined ? [] : [{ key: name, keyAt: value.at, value }];
  });
  const isGiven = ({ key }: Entry) => given.some((one) => one.key === key);
  const config = find(root, CONFIG);
  // What is no map is told where it is read.
  if (given.length === 0 || (config !== undefined && config.value.kind !== "map")) return root;
  const own = config?.value.kind === "map" ? config.value.entries.filter((entry) => !isGiven(entry)) : [];
  const at = config?.value.at ?? root.at;
  const value: MapNode = { kind: "map", entries: [...own, ...given], secret: false, at };
  const others = root.entries.filter((entry) => entry.key !== CONFIG && !isGiven(entry));
  return { ...root, entries: [...others, { key: CONFIG, keyAt: config?.keyAt ?? root.at, value }] };
}

function namesOf(parameters: Node | undefined): readonly string[] {
  return (parameters?.kind === "list" ? parameters.items : []).flatMap((item) => {
    const name = item.kind === "map" ? find(item, "name")?.value : item;
    return (name && textOf(name)) ?? [];
  });
}
