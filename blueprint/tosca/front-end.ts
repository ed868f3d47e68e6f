import type { FrontEnd, FrontEndContext } from "../front-end";
import { namedBy } from "../naming";
import { entryOf, listNode, mapNode } from "../yaml/make";
import { type Entry, find, type MapNode, quote, show, textOf } from "../yaml/nodes";
import { checkDataTypes } from "./data-types";
import { Definitions } from "./definitions";
import { evaluate } from "./functions";
import { literalOf } from "./literal";
import { outputsOf } from "./outputs";
import { checkProperties, tellUnread } from "./properties";
import { checkKeys, type KeyTable } from "./report";
import { tellSections } from "./sections";
import { checkMachine, translateService } from "./service";
import { isMachine, Topology } from "./topology";
import { checkTyped, completed } from "./typed";

const VERSION = "tosca_definitions_version";
const VERSIONS = ["tosca_simple_yaml_1_3", "tosca_simple_yaml_1_2", "tosca_simple_yaml_1_1", "tosca_simple_yaml_1_0"];

const TOP: KeyTable = {
  [VERSION]: "read",
  metadata: "read",
  template_name: "read",
  template_author: "read",
  template_version: "read",
  namespace: "read",
  description: "read",
  dsl_definitions: "read",
  repositories: "read",
  imports: "read",
  artifact_types: "read",
  data_types: "read",
  capability_types: "read",
  interface_types: "read",
  relationship_types: "read",
  node_types: "read",
  group_types: "read",
  policy_types: "read",
  topology_template: "read",
};
const TOPOLOGY: KeyTable = {
  description: "read",
  inputs: "read",
  node_templates: "read",
  relationship_templates: "read",
  outputs: "read",
  groups: "read",
  substitution_mappings: "read",
  policies: "read",
  workflows: "read",
};
const INPUT: KeyTable = {
  type: "read",
  description: "read",
  default: "read",
  value: "read",
  required: "read",
  status: "read",
  constraints: "read",
  metadata: "read",
  key_schema: "read",
  entry_schema: "read",
  external_schema: "read",
};

/** TOSCA Simple Profile in YAML 1.0 to 1.3: container applications, what they connect to and what they are hosted on. */
export const TOSCA: FrontEnd = {
  name: "TOSCA template",
  recognises: (root) => root.entries.some(({ key }) => key === VERSION),
  translate(root, context) {
    const { problems } = context;
    if (!isSupported(root, context)) return undefined;
    checkKeys(root, TOP, "the template", problems);
    const entry = find(root, "topology_template");
    if (entry?.value.kind !== "map") {
      const at = entry?.value.at ?? root.at;
      const message = `the template has no topology_template${entry ? `, but ${show(entry.value)}` : ""}`;
      problems.error("missing-services", at, message, "write one with a map of node_templates");
      return undefined;
    }
    checkKeys(entry.value, TOPOLOGY, "the topology_template", problems);
    tellSections(entry.value, problems);
    const topology = new Topology(entry.value, new Definitions(root, context), context);
    checkDataTypes(topology);
    checkInputs(topology);
    const nodes = [...topology.nodes.values()];
    for (const node of nodes) checkProperties(node, topology);
    for (const node of nodes.filter(isMachine)) checkMachine(node, topology);
    const services = nodes.filter((node) => topology.isService(node)).map((node) => translateService(node, topology));
    for (const node of nodes.filter((one) => !isMachine(one) && topology.carrier(one) === undefined)) {
      const message = `node ${quote(node.name)} is hosted on nodes that stand on no service`;
      problems.error("unsupported-host", node.node.at, message, "host it on a node that has an image, or give it one");
    }
    const outputs = outputsOf(entry.value, topology);
    for (const node of nodes) tellUnread(node, topology);
    const templates = find(entry.value, "node_templates");
    if (services.length === 0) {
      if (templates === undefined || nodes.length > 0) {
        const at = templates?.keyAt ?? entry.keyAt;
        const remedy = "write e.g. a node of type tosca.nodes.Container.Application.Docker with its image";
        problems.error("missing-services", at, "the template has no node that is a service", remedy);
      }
      return undefined;
    }
    return mapNode(
      [
        ...nameOf(root),
        ...descriptionOf(root),
        entryOf("services", listNode(services, (templates ?? entry).value.at)),
        ...outputs,
      ],
      root.at,
    );
  },
};

function isSupported(root: MapNode, { problems }: FrontEndContext): boolean {
  const entry = root.entries.find(({ key }) => key === VERSION);
  const version = entry && textOf(entry.value);
  if (entry === undefined || VERSIONS.includes(version ?? "")) return true;
  problems.error(
    "unsupported-version",
    entry.value.at,
    `the template is written in ${show(entry.value)}, which is not supported`,
    `write the template in ${VERSIONS[0]}`,
  );
  return false;
}

function checkInputs(topology: Topology): void {
  const { inputs, context, definitions } = topology;
  const { problems } = context;
  context.inputs.tellUnknown(inputs.keys(), "input", problems);
  for (const { key, value } of inputs.values()) {
    const where = `input ${quote(key)}`;
    if (value.kind !== "map") {
      const remedy = "write { type: string, default: … }";
      problems.error("bad-type", value.at, `${where} needs a map, not ${show(value)}`, remedy);
      continue;
    }
    checkKeys(value, INPUT, where, problems);
    const outside = context.inputs.get(key);
    const preset = (find(value, "value") ?? find(value, "default"))?.value;
    const given = outside ? literalOf(outside) : preset && evaluate(preset, undefined, topology);
    if (given === undefined) continue;
    const name = (path: readonly string[]) => `input ${quote([key, ...path].join("."))}`;
    checkTyped(completed(given, value, definitions), value, { definitions, problems, name });
  }
}

function nameOf(root: MapNode): readonly Entry[] {
  const metadata = find(root, "metadata")?.value;
  const entry = (metadata?.kind === "map" ? find(metadata, "template_name") : undefined) ?? find(root, "template_name");
  return namedBy(entry);
}

function descriptionOf(root: MapNode): readonly Entry[] {
  const entry = find(root, "description");
  return entry ? [entryOf("description", entry.value, entry.keyAt)] : [];
}
