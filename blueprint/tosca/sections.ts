import type { Problems } from "../diagnostics";
import { type Entry, find, isNull, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { unsupported } from "./report";

const PLACEMENT = "say in the stack's clocker:placement where services go";
const WORKFLOW = "remove it: the order follows from requirements";
/** Remedies for policies, by what their types are called. */
const POLICIES: readonly (readonly [RegExp, string])[] = [
  [/placement|affinity/i, PLACEMENT],
  [/scal/i, "write default_instances in the capability `scalable` of the node: the number of instances is fixed"],
  [/update|performance/i, "remove it: an update is what `pulumi up` does"],
  [/./, `remove it, or ${PLACEMENT}`],
];
const MAPPED = ["properties", "attributes", "capabilities", "requirements", "interfaces"];

/** Tells what a template says beside nodes, inputs and outputs, entry by entry. */
export function tellSections(topology: MapNode, problems: Problems): void {
  for (const { key, keyAt, value } of named(topology, "groups", problems)) {
    const what = `group ${quote(key)}${typed(value)}`;
    problems.warning("ignored-key", keyAt, `${what} has no effect: nodes are deployed one by one`, PLACEMENT);
  }
  for (const { key, keyAt, value } of named(topology, "policies", problems)) {
    const type = (value.kind === "map" ? find(value, "type")?.value : undefined) ?? value;
    const [, remedy = PLACEMENT] = POLICIES.find(([name]) => name.test(textOf(type) ?? "-")) ?? [];
    problems.error("unsupported-key", keyAt, `policy ${quote(key)}${typed(value)} is not supported`, remedy);
  }
  for (const { key, keyAt, value } of named(topology, "workflows", problems)) {
    const steps = value.kind === "map" ? find(value, "steps")?.value : undefined;
    const names = steps?.kind === "map" ? steps.entries.map((step) => quote(step.key)) : [];
    const what = `workflow ${quote(key)}${names.length === 0 ? "" : ` with the steps ${names.join(", ")}`}`;
    problems.error("unsupported-key", keyAt, `${what} is not supported: the order of things is no choice`, WORKFLOW);
  }
  tellSubstitution(find(topology, "substitution_mappings"), problems);
}

/** Tells each condition by which a node was to be searched for. */
export function tellFilter(holder: Node, where: string, remedy: string, problems: Problems): void {
  const filter = holder.kind === "map" ? find(holder, "node_filter") : undefined;
  if (filter === undefined) return;
  const conditions = filter.value.kind === "map" ? filter.value.entries : [];
  const known = conditions.filter(({ key }) => key === "properties" || key === "capabilities");
  const told = known.flatMap(({ key, value }) => {
    const kind = key === "properties" ? "property" : "capability";
    return listed(value).map((entry) => ({ ...entry, kind }));
  });
  for (const { kind, key, keyAt } of told) {
    unsupported(keyAt, `the condition on the ${kind} ${quote(key)} in node_filter`, where, remedy, problems);
  }
  if (told.length === 0) unsupported(filter.keyAt, "node_filter", where, remedy, problems);
}

function tellSubstitution(section: Entry | undefined, problems: Problems): void {
  if (section === undefined) return;
  const remedy = "remove it, or write the nodes of this template into the one that it was to be a part of";
  const entries = section.value.kind === "map" ? section.value.entries : [];
  const type = entries.find(({ key }) => key === "node_type")?.value;
  const stands = type === undefined ? "" : `, which make the template a node of type ${show(type)},`;
  const message = `substitution_mappings${stands} have no effect: a template stands for itself here`;
  problems.warning("ignored-key", section.keyAt, message, remedy);
  for (const { key, value } of entries.filter((entry) => MAPPED.includes(entry.key))) {
    for (const one of listed(value)) {
      const what = `the mapping of ${quote(one.key)} under ${key} of substitution_mappings`;
      problems.warning("ignored-key", one.keyAt, `${what} has no effect`, remedy);
    }
  }
}

/** The entries of a section, a map or a list of maps of one entry; what is neither is told. */
function named(topology: MapNode, key: string, problems: Problems): readonly Entry[] {
  const section = find(topology, key);
  if (section === undefined) return [];
  const entries = listed(section.value);
  const isEmpty = section.value.kind !== "scalar" && childrenOf(section.value) === 0;
  if (entries.length === 0 && !isEmpty) {
    const message = `${key} of the topology_template needs a map of names, not ${show(section.value)}`;
    problems.error("bad-type", section.value.at, message, `remove it: ${key} have no effect here`);
  }
  return entries;
}

function childrenOf(node: Exclude<Node, { kind: "scalar" }>): number {
  return (node.kind === "list" ? node.items : node.entries).length;
}

function listed(node: Node): readonly Entry[] {
  if (node.kind === "map") return node.entries;
  return node.kind === "list" ? node.items.flatMap((item) => (item.kind === "map" ? item.entries : [])) : [];
}

function typed(value: Node): string {
  const type = value.kind === "map" ? find(value, "type")?.value : value;
  return type === undefined || isNull(type) || type.kind !== "scalar" ? "" : ` of type ${show(type)}`;
}
