import { nearest } from "../../wording/suggest";
import type { FrontEndContext } from "../front-end";
import { makeId } from "../ids";
import { type Entry, find, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import type { Definitions } from "./definitions";
import { COMPUTE, nodeTypeNames, PARTS, RUNTIME } from "./normative";
import { entriesOf } from "./report";
import { type Requirement, readRequirements } from "./requirements";

/** A node template. */
export interface ToscaNode {
  readonly name: string;
  /** Of the service that it becomes. */
  readonly id: string;
  readonly node: MapNode;
  /** Its type and what that is derived from, the root last. */
  readonly types: readonly string[];
}

/** The topology template: nodes, what each needs, inputs. */
export class Topology {
  readonly nodes: ReadonlyMap<string, ToscaNode>;
  readonly inputs: ReadonlyMap<string, Entry>;
  /** Properties that something reads, as `node\nproperty`. */
  readonly used = new Set<string>();
  private readonly needs: ReadonlyMap<string, readonly Requirement[]>;

  constructor(
    root: MapNode,
    readonly definitions: Definitions,
    readonly context: FrontEndContext,
  ) {
    const { problems } = context;
    this.inputs = new Map(entriesOf(root, "inputs", "the template", problems).map((entry) => [entry.key, entry]));
    const templates = entriesOf(root, "node_templates", "the template", problems);
    this.nodes = new Map(templates.flatMap((entry) => this.readNode(entry)));
    const relations = entriesOf(root, "relationship_templates", "the template", problems);
    const templatesByName = new Map(relations.map((entry) => [entry.key, entry.value]));
    this.needs = new Map(
      [...this.nodes.values()].map((node) => [node.name, readRequirements(node, this, templatesByName)]),
    );
  }

  requirements(node: ToscaNode): readonly Requirement[] {
    return this.needs.get(node.name) ?? [];
  }

  /** What the node stands on; undefined if it stands on nothing. */
  host(node: ToscaNode): ToscaNode | undefined {
    const target = this.requirements(node).find(({ kind }) => kind === "host")?.target;
    return target === undefined ? undefined : this.nodes.get(target);
  }

  /** What the node stands on, and what that stands on. */
  hosts(node: ToscaNode): readonly ToscaNode[] {
    const hosts: ToscaNode[] = [];
    for (let next = this.host(node); next && next !== node && !hosts.includes(next); next = this.host(next)) {
      hosts.push(next);
    }
    return hosts;
  }

  /** The node whose service this one is or is a part of, or that alone stands on it. */
  carrier(node: ToscaNode): ToscaNode | undefined {
    if (isMachine(node)) {
      const guests = [...this.nodes.values()].filter((one) => this.isService(one) && this.hosts(one).includes(node));
      return guests.length === 1 ? guests[0] : undefined;
    }
    return [node, ...this.hosts(node)].find((one) => this.isService(one));
  }

  isService(node: ToscaNode): boolean {
    if (isMachine(node)) return false;
    if (!node.types.some((type) => PARTS.includes(type)) || this.hasArtifacts(node)) return true;
    const host = this.host(node);
    return host === undefined || isMachine(host);
  }

  private hasArtifacts(node: ToscaNode): boolean {
    const types = node.types.flatMap((type) => this.definitions.type("nodes", type) ?? []);
    return [node.node, ...types].some((one) => find(one, "artifacts") !== undefined);
  }

  private readNode({ key: name, keyAt, value }: Entry): readonly [string, ToscaNode][] {
    const { problems } = this.context;
    if (value.kind !== "map") {
      const remedy = "write a map with `type:`";
      problems.error("bad-type", value.at, `node ${quote(name)} needs a map, not ${show(value)}`, remedy);
      return [];
    }
    const type = find(value, "type")?.value;
    const written = type && textOf(type);
    if (type === undefined || written === undefined) {
      const remedy = "write `type:` with the name of a node type";
      problems.error("missing-type", type?.at ?? keyAt, `node ${quote(name)} has no type`, remedy);
      return [];
    }
    const chain = this.definitions.chain("nodes", written);
    if (chain.includes(undefined)) {
      this.refuseType(name, type, chain.at(-2) ?? written);
      return [];
    }
    const types = chain.filter((one) => one !== undefined);
    return [[name, { name, id: makeId(name) || name, node: { ...value, at: keyAt }, types }]];
  }

  private refuseType(name: string, type: Node, last: string): void {
    const known = [...nodeTypeNames(), ...this.definitions.names("nodes")];
    const similar = nearest(textOf(type) ?? "", known);
    const own = this.definitions.type("nodes", last);
    const parent = own && find(own, "derived_from")?.value;
    this.context.problems.error(
      "unknown-type",
      type.at,
      parent === undefined
        ? `node ${quote(name)} has the type ${show(type)}, which is neither in the template nor supported`
        : `node ${quote(name)} has the type ${show(type)}, derived from ${show(parent)}, which is neither in the template nor supported`,
      similar === undefined || parent !== undefined ? `use ${known.join(", ")}` : `did you mean '${similar}'?`,
    );
  }
}

/** A node that services stand on, and that is none. */
export function isMachine(node: ToscaNode): boolean {
  return node.types.includes(COMPUTE) || node.types.includes(RUNTIME);
}
