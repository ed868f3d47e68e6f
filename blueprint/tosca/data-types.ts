import { nearest } from "../../wording/suggest";
import { find, type MapNode, type Node, nodeOf, quote, show, textOf } from "../yaml/nodes";
import type { Definitions } from "./definitions";
import { checkKeys, type KeyTable } from "./report";
import { SCALARS } from "./scalars";
import type { Topology } from "./topology";

/** What values of a type are made of. */
export interface DataType {
  /** A type of single values, `range`, `list`, `map` or `json`; `fields` for a type with properties. */
  readonly base: string;
  /** The definitions that it comes from, the nearest first. */
  readonly definitions: readonly MapNode[];
  /** Properties of a type with fields, inherited ones too. */
  readonly fields: ReadonlyMap<string, MapNode>;
}

const BUILT_IN = [...Object.keys(SCALARS), "range", "list", "map"];
const ROOT = "tosca.datatypes.Root";
const PREFIXES = ["tosca.datatypes.", "tosca.datatypes.network."];
const optional = (type: string, more: object = {}) => ({ type, required: false, ...more });
const TEXTS = optional("list", { entry_schema: "string" });
const PORTS = { constraints: [{ in_range: [1, 65535] }] };

/** Normative data types, as a template would define them. */
const NORMATIVE: Readonly<Record<string, object>> = {
  [ROOT]: {},
  "tosca.datatypes.json": { derived_from: "string" },
  "tosca.datatypes.xml": { derived_from: "string" },
  "tosca.datatypes.Credential": {
    properties: {
      protocol: optional("string"),
      token_type: { type: "string", default: "password" },
      token: { type: "string" },
      keys: optional("map", { entry_schema: "string" }),
      user: optional("string"),
    },
  },
  "tosca.datatypes.TimeInterval": {
    properties: { start_time: { type: "timestamp" }, end_time: { type: "timestamp" } },
  },
  "tosca.datatypes.network.NetworkInfo": {
    properties: { network_name: optional("string"), network_id: optional("string"), addresses: TEXTS },
  },
  "tosca.datatypes.network.PortInfo": {
    properties: {
      port_name: optional("string"),
      port_id: optional("string"),
      network_id: optional("string"),
      mac_address: optional("string"),
      addresses: TEXTS,
    },
  },
  "tosca.datatypes.network.PortDef": { derived_from: "integer", ...PORTS },
  "tosca.datatypes.network.PortSpec": {
    properties: {
      protocol: { type: "string", default: "tcp", constraints: [{ valid_values: ["udp", "tcp", "igmp"] }] },
      source: optional("tosca.datatypes.network.PortDef"),
      source_range: optional("range", PORTS),
      target: optional("tosca.datatypes.network.PortDef"),
      target_range: optional("range", PORTS),
    },
  },
};
const NODES = new Map(
  Object.entries(NORMATIVE).flatMap(([name, type]) => {
    const node = nodeOf(type, { file: "TOSCA", path: name }, false);
    return node.kind === "map" ? [[name, node] as const] : [];
  }),
);

const KEYS: KeyTable = {
  derived_from: "read",
  version: "read",
  metadata: "read",
  description: "read",
  constraints: "read",
  properties: "read",
  key_schema: "read",
  entry_schema: "read",
};

/** Types that were looked up, as every entry of a list has one. */
const found = new WeakMap<Definitions, Map<string, DataType | undefined>>();

/** The type of a name as it is written, such as `integer`, `PortSpec` or one of the template; undefined if there is none. */
export function dataType(written: string, definitions: Definitions): DataType | undefined {
  const known = found.get(definitions) ?? new Map<string, DataType | undefined>();
  found.set(definitions, known);
  if (!known.has(written)) known.set(written, readType(written, definitions));
  return known.get(written);
}

function readType(written: string, definitions: Definitions): DataType | undefined {
  const chain: MapNode[] = [];
  for (let name = written; ; ) {
    const own = definitions.type("data", name);
    if (own === undefined && BUILT_IN.includes(name)) return { base: name, definitions: chain, fields: new Map() };
    const type = own ?? normative(name);
    if (type === undefined || chain.includes(type)) return undefined;
    chain.push(type);
    const parent = find(type, "derived_from")?.value;
    if (parent === undefined) return { base: "fields", definitions: chain, fields: fieldsOf(chain) };
    name = textOf(parent) ?? "";
  }
}

/** Names of types for a misspelt one. */
export function refuseDataType(type: Node, of: string, { definitions, problems }: Checked): void {
  const known = [...BUILT_IN, ...definitions.names("data"), ...NODES.keys()];
  const similar = nearest(textOf(type) ?? "", known);
  problems.error(
    "unknown-type",
    type.at,
    `${of} has the type ${show(type)}, which neither the template nor TOSCA defines`,
    similar === undefined ? `use ${known.join(", ")}` : `did you mean '${similar}'?`,
  );
}

type Checked = Pick<Topology, "definitions"> & Pick<Topology["context"], "problems">;

/** Tells what is wrong with the data types of a template, used or not. */
export function checkDataTypes({ definitions, context: { problems } }: Topology): void {
  for (const name of definitions.names("data")) {
    const type = definitions.type("data", name);
    const where = `data type ${quote(name)}`;
    if (type === undefined) continue;
    checkKeys(type, KEYS, where, problems);
    const parent = find(type, "derived_from")?.value;
    if (dataType(name, definitions) === undefined && parent !== undefined) {
      const message = `${where} cannot be derived from ${show(parent)}: that is no type, or derived from this one`;
      problems.error("unknown-type", parent.at, message, "name another data type, or a type such as string or map");
    }
    const properties = find(type, "properties")?.value;
    if (properties !== undefined && properties.kind !== "map") {
      const message = `properties of ${where} needs a map, not ${show(properties)}`;
      problems.error("bad-type", properties.at, message, "write a map of name to definition");
    }
    for (const { key, value } of properties?.kind === "map" ? properties.entries : []) {
      const written = value.kind === "map" ? find(value, "type")?.value : undefined;
      if (written === undefined) {
        const message = `property ${quote(key)} of ${where} has no type`;
        problems.error("missing-type", value.at, message, "write e.g. { type: string }");
      } else if (dataType(textOf(written) ?? "", definitions) === undefined) {
        refuseDataType(written, "a value", { definitions, problems });
      }
    }
  }
}

function normative(name: string): MapNode | undefined {
  const short = name.replace(/^tosca:/, "");
  return NODES.get(name) ?? PREFIXES.map((prefix) => NODES.get(`${prefix}${short}`)).find((type) => type);
}

function fieldsOf(chain: readonly MapNode[]): ReadonlyMap<string, MapNode> {
  const fields = new Map<string, MapNode>();
  for (const type of chain) {
    const properties = find(type, "properties")?.value;
    for (const { key, value } of properties?.kind === "map" ? properties.entries : []) {
      if (value.kind === "map" && !fields.has(key)) fields.set(key, value);
    }
  }
  return fields;
}
