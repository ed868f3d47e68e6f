import { remedyOf, remedyOfFlag, resolveSpec } from "./location-spec";
import type { LocationReference } from "./model";
import { type Scope, subject } from "./scope";
import { type Entry, isExpression, isNull, type Node, quote, show } from "./yaml/nodes";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const REMEDY = "write the name of a location of the stack's clocker:locations, e.g. my-docker-cloud";

/** `location` and `locations` of an application or a service; both together have to be one and the same. */
export function readLocations(entries: readonly Entry[], scope: Scope): readonly LocationReference[] {
  const given = entries.filter((entry) => !isNull(entry.value));
  const read = given.map((entry) => ({ entry, references: readOne(entry, scope) }));
  const [first, second] = read;
  if (first === undefined) return [];
  if (second === undefined) return first.references;
  const names = (references: readonly LocationReference[]) =>
    references.map((one) => `${one.name}/${one.host ?? ""}`).join("\n");
  if (first.references.length !== 1 || names(first.references) !== names(second.references)) {
    scope.problems.error(
      "conflicting-locations",
      second.entry.keyAt,
      `${subject(first.entry.key, scope)} and its ${second.entry.key} differ`,
      "keep one of the two keys",
    );
  }
  return first.references;
}

function readOne(entry: Entry, scope: Scope): readonly LocationReference[] {
  const { key, value } = entry;
  if (value.kind !== "list") return readName(value, key, scope);
  if (key === "locations") return value.items.flatMap((item) => readName(item, key, scope));
  scope.problems.error(
    "bad-type",
    value.at,
    `${subject(key, scope)} needs one name, not a list`,
    "write `location: name`, or name the key `locations`",
  );
  return [];
}

function readName(node: Node, key: string, scope: Scope): readonly LocationReference[] {
  const at = node.at;
  if (node.kind === "scalar" && !isExpression(node)) {
    const name = node.text.replace(/^named:/, "");
    const resolved = resolveSpec(name);
    if (resolved !== undefined && !node.secret) return [{ ...resolved, at }];
    if (/[:(]/.test(name)) return inline(node, key, scope);
    if (node.value !== null && NAME.test(name)) return [{ name, at }];
  }
  if (node.kind === "map" && !isExpression(node)) return inline(node, key, scope);
  scope.problems.error("bad-location", at, `${subject(key, scope)} cannot be ${show(node)}`, REMEDY);
  return [];
}

function inline(node: Node, key: string, scope: Scope): readonly LocationReference[] {
  const spec = node.kind === "map" ? node.entries.map((entry) => quote(entry.key)).join(", ") : show(node);
  scope.problems.error(
    "inline-location",
    node.at,
    `${subject(key, scope)} describes a cloud in the blueprint: ${node.secret ? "the secret value" : spec}`,
    remedyOf(
      node.kind === "map" ? (node.entries[0]?.key ?? "") : node.kind === "scalar" && !node.secret ? node.text : "",
    ),
  );
  if (node.kind === "map") for (const entry of node.entries) tellFlags(entry, key, scope);
  return [];
}

function tellFlags({ key: spec, value }: Entry, key: string, scope: Scope): void {
  if (value.kind !== "map") return;
  for (const flag of value.entries) {
    scope.problems.error(
      "inline-location",
      flag.keyAt,
      `${subject(key, scope)} has the flag ${quote(flag.key)} for ${quote(spec)}`,
      remedyOfFlag(flag.key),
    );
  }
}
