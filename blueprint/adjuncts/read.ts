import { listOf, type Scope, subject } from "../scope";
import { type Entry, isNull, type MapNode, type Node, quote, show } from "../yaml/nodes";
import type { AdjunctKind, AdjunctType, Sensors } from "./definition";
import { labelOf, readKeys, typeKeys } from "./keys";
import { ADJUNCT_TYPES, findAdjunct, similarAdjunct } from "./types";

/** Keys of an entity that hold adjuncts. */
export const ADJUNCT_KEYS: Readonly<Record<string, AdjunctKind>> = {
  "brooklyn.policies": "policy",
  "brooklyn.enrichers": "enricher",
  "brooklyn.initializers": "initializer",
};

/** What the policies, enrichers and initializers of one entity come to. */
export interface Adjuncts {
  /** Sensors that they publish. */
  readonly sensors: Sensors;
  /** Items that ask for what failed to be started again, by the names that they are written under. */
  readonly restarters: readonly Node[];
}

/** Reads the adjuncts among the keys of an entity. Its sensors may refer to any entity, also to one that comes later. */
export function readAdjuncts(entries: readonly Entry[], scope: Scope): Adjuncts {
  const sensors = new Map<string, Sensors[string]>();
  const restarters: Node[] = [];
  for (const entry of entries) {
    const kind = ADJUNCT_KEYS[entry.key];
    if (kind === undefined) continue;
    for (const node of itemsOf(entry, scope)) {
      const type = typeOf(node, kind, entry.key, scope);
      if (type === undefined) continue;
      if (type.name === "ServiceRestarter") restarters.push(node);
      for (const [name, value] of Object.entries(readOne(node, type, scope))) {
        if (sensors.has(name)) {
          scope.problems.error(
            "duplicate-sensor",
            node.at,
            `${subject(entry.key, scope)} publishes the sensor ${node.secret ? "of the secret value" : quote(name)} a second time`,
            "keep one of the two, or give the sensor another name",
          );
        }
        sensors.set(name, value);
      }
    }
  }
  return { sensors: Object.fromEntries(sensors), restarters };
}

function itemsOf({ key, value }: Entry, scope: Scope): readonly MapNode[] {
  if (isNull(value) || (value.kind === "map" && value.entries.length === 0)) return [];
  const remedy = "write a list of maps, each with `type:` and `brooklyn.config:`";
  if (value.kind !== "list") {
    scope.problems.error("bad-type", value.at, `${subject(key, scope)} needs a list, not ${show(value)}`, remedy);
    return [];
  }
  return value.items.flatMap((item) => {
    if (item.kind === "map") return [item];
    scope.problems.error("bad-type", item.at, `${subject(key, scope)} needs maps, not ${show(item)}`, remedy);
    return [];
  });
}

function typeOf(node: MapNode, kind: AdjunctKind, key: string, scope: Scope): AdjunctType | undefined {
  const { problems } = scope;
  const [entry, second] = node.entries.filter((one) => typeKeys(kind).includes(one.key) && !isNull(one.value));
  if (second !== undefined) {
    problems.error("duplicate-key", second.keyAt, `${subject(key, scope)} names a type twice`, "keep one of the two");
  }
  if (entry === undefined) {
    problems.error(
      "missing-type",
      node.at,
      `${subject(key, scope)} has an entry without a type`,
      "write `type:` with a class of Brooklyn, e.g. org.apache.brooklyn.policy.ha.ServiceRestarter",
    );
    return undefined;
  }
  const text = entry.value.kind === "scalar" ? entry.value.text : "";
  const type = findAdjunct(text);
  if (type === undefined) {
    const similar = node.secret ? undefined : similarAdjunct(text, kind);
    const known = ADJUNCT_TYPES.filter(({ kinds, treatment }) => kinds.includes(kind) && treatment.kind !== "refused");
    problems.error(
      "unknown-adjunct",
      entry.value.at,
      `${subject(key, scope)} has the unknown type ${show(entry.value)}`,
      similar === undefined
        ? `classes of your own do not run here; of Brooklyn's ${listOf(known.map(({ name }) => name))} ${known.length === 1 ? "does" : "do"} something`
        : `did you mean '${similar}'?`,
    );
    return undefined;
  }
  if (type.kinds.includes(kind)) return type;
  const [right = kind] = type.kinds;
  const place = Object.keys(ADJUNCT_KEYS).find((one) => ADJUNCT_KEYS[one] === right) ?? key;
  problems.error(
    "misplaced-adjunct",
    entry.value.at,
    `${subject(key, scope)} has ${labelOf(type, node)}, which is ${right === "policy" ? "a" : "an"} ${right}`,
    `move it to ${place}`,
  );
  return undefined;
}

function readOne(node: MapNode, type: AdjunctType, scope: Scope): Sensors {
  const name = labelOf(type, node);
  const { treatment } = type;
  if (treatment.kind === "refused") {
    const what = node.secret ? "" : `: it ${treatment.does}`;
    scope.problems.error(
      "unsupported-adjunct",
      node.at,
      `${subject(name, scope)} is not supported${what}`,
      treatment.remedy,
    );
    return {};
  }
  const keys = readKeys(node, type, treatment.keys, scope);
  if (treatment.kind === "derives") return treatment.read({ name, node, keys, scope });
  scope.problems.warning(
    "covered-adjunct",
    node.at,
    `${subject(name, scope)} does not run: ${treatment.by}`,
    treatment.remedy,
  );
  return {};
}
