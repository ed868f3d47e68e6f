import type { Problems } from "../diagnostics";
import { isId } from "../ids";
import { typeEntry } from "../service";
import { wholeNumber } from "../values";
import { entryOf, listNode, textNode } from "../yaml/make";
import { type Entry, find, isNull, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { CLUSTER_KEYS, IDLE_KEYS } from "./keys";

const MAX_SIZE = 1000;
const LISTS = ["services", "brooklyn.children"];
const CONFIG = "brooklyn.config";
const GROUP = "BasicEntity";
const SPEC = "$brooklyn:entitySpec";
const SPEC_FORM = "write `memberSpec: {$brooklyn:entitySpec: {type: ...}}` under its brooklyn.config";
const TYPE =
  /^(?:brooklyn:)?(?:(?:java:)?org\.apache\.brooklyn\.entity\.group\.)?(?:DynamicCluster|dynamic-?cluster|cluster)$/;

/** True for a type that stands for several services of one kind. */
export function isClusterType(written: string): boolean {
  return TYPE.test(written);
}

/**
 * Puts a group with its members, `<id>-1`, `<id>-2` and so on, in the place of each cluster: its size is fixed here, and changes by an
 * update. Members have the cluster's configuration and location as Brooklyn's do.
 */
export function expandClusters(root: Node, problems: Problems): Node {
  return root.kind === "map" ? expandLists(root, problems) : root;
}

function expandLists(node: MapNode, problems: Problems): MapNode {
  const entries = node.entries.map((entry) => {
    if (!LISTS.includes(entry.key) || entry.value.kind !== "list") return entry;
    const items = entry.value.items.map((item) => (item.kind === "map" ? expandService(item, problems) : item));
    return { ...entry, value: { ...entry.value, items } };
  });
  return { ...node, entries };
}

function expandService(service: MapNode, problems: Problems): MapNode {
  const type = typeEntry(service);
  const written = type && textOf(type.value);
  if (type === undefined || written === undefined || !isClusterType(written)) return expandLists(service, problems);
  const cluster = new ClusterKeys(service, problems);
  const members = cluster.members(type);
  const given = find(service, "brooklyn.children");
  const others = given?.value.kind === "list" ? given.value.items : [];
  const children = entryOf("brooklyn.children", listNode([...members, ...others], service.at), type.keyAt);
  const kept = cluster.rest.filter(({ key }) => key !== "brooklyn.children" && key !== type.key);
  const group = entryOf("type", textNode(GROUP, type.value.at), type.keyAt);
  return expandLists({ ...service, entries: [group, ...kept, children] }, problems);
}

/** The keys of one cluster, at its top and under its brooklyn.config. */
class ClusterKeys {
  /** What is left of the service without them. */
  readonly rest: readonly Entry[];
  private readonly given = new Map<keyof typeof CLUSTER_KEYS, Entry>();

  constructor(
    private readonly service: MapNode,
    private readonly problems: Problems,
  ) {
    this.rest = this.without(service.entries).map((entry) =>
      entry.key === CONFIG && entry.value.kind === "map"
        ? { ...entry, value: { ...entry.value, entries: this.without(entry.value.entries) } }
        : entry,
    );
  }

  /** The members; none after telling why. */
  members(type: Entry): readonly MapNode[] {
    const spec = this.spec("memberSpec");
    const first = this.given.has("firstMemberSpec") ? this.spec("firstMemberSpec") : spec;
    const size = this.size();
    if (!this.given.has("memberSpec")) {
      const message = `${this.name} has no memberSpec: nothing says what its members are`;
      this.problems.error("missing-key", type.value.at, message, SPEC_FORM);
    }
    if (spec === undefined || first === undefined) return [];
    return Array.from({ length: size }, (_, index) => this.member(index === 0 ? first : spec, index + 1));
  }

  private get id(): string | undefined {
    const id = find(this.service, "id") ?? find(this.service, "camp.plan.id");
    return id && textOf(id.value);
  }

  private get name(): string {
    return this.id === undefined ? "a cluster" : `cluster '${this.id}'`;
  }

  private without(entries: readonly Entry[]): readonly Entry[] {
    return entries.filter((entry) => {
      const why = IDLE_KEYS.get(entry.key);
      if (why !== undefined) {
        const message = `${entry.key} of ${this.name} has no effect: ${why}`;
        this.problems.warning("ignored-key", entry.keyAt, message, "remove it");
        return false;
      }
      const found = Object.entries(CLUSTER_KEYS).find(([, names]) => names.some((name) => name === entry.key));
      if (found === undefined) return true;
      this.given.set(found[0] as keyof typeof CLUSTER_KEYS, entry);
      return false;
    });
  }

  private spec(key: "memberSpec" | "firstMemberSpec"): MapNode | undefined {
    const entry = this.given.get(key);
    if (entry === undefined) return undefined;
    const [only, ...others] = entry.value.kind === "map" ? entry.value.entries : [];
    if (only?.key === SPEC && others.length === 0) {
      const { value } = only;
      if (value.kind === "map") return value;
      const type = textOf(value);
      if (type !== undefined)
        return { ...only, kind: "map", entries: [entryOf("type", value)], secret: false, at: value.at };
    }
    const message = `${entry.key} of ${this.name} needs $brooklyn:entitySpec, not ${show(entry.value)}`;
    this.problems.error("bad-type", entry.value.at, message, SPEC_FORM);
    return undefined;
  }

  private size(): number {
    const entry = this.given.get("initialSize");
    if (entry === undefined || isNull(entry.value)) return 1;
    const size = entry.value.kind === "scalar" ? wholeNumber(entry.value) : undefined;
    if (size !== undefined && size <= MAX_SIZE) return size;
    this.problems.error(
      "bad-number",
      entry.value.at,
      `${entry.key} of ${this.name} needs a whole number from 0 to ${MAX_SIZE}, not ${show(entry.value)}`,
      "write the number: how many members there are has to be known before anything is deployed",
    );
    return 0;
  }

  /** One of them; an id of the specification's own would be that of all. */
  private member(spec: MapNode, number: number): MapNode {
    const own = spec.entries.find(({ key }) => key === "id" || key === "camp.plan.id");
    if (own !== undefined && number === 1) {
      this.problems.warning(
        "ignored-key",
        own.keyAt,
        `${own.key} of the members of ${this.name} has no effect: each has one of its own`,
        "remove it",
      );
    }
    const entries = spec.entries.filter((entry) => entry.key !== "id" && entry.key !== "camp.plan.id");
    const id = this.id === undefined ? undefined : `${this.id}-${number}`;
    if (id === undefined) return { ...spec, entries };
    if (!isId(id)) {
      const message = `${this.name} cannot have a member ${quote(id)}`;
      this.problems.error("bad-id", this.service.at, message, "give the cluster a shorter id, up to 58 characters");
    }
    return { ...spec, entries: [entryOf("id", textNode(id, spec.at)), ...entries] };
  }
}
