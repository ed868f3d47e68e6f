import type { Problems } from "../diagnostics";
import { find, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { SCALARS, type ScalarType } from "./scalars";

type Order = ScalarType["order"];
type Check = (value: Node, bound: Node, order: Order) => boolean | undefined;

const UNBOUNDED = "UNBOUNDED";

function length(node: Node): number {
  if (node.kind === "scalar") return node.text.length;
  return node.kind === "list" ? node.items.length : node.entries.length;
}

function compare(holds: (value: number, bound: number) => boolean): Check {
  return (value, bound, order) => {
    const [left, right] = [value, bound].map((node) => order(textOf(node) ?? ""));
    return left === undefined || right === undefined ? undefined : holds(left, right);
  };
}

function measure(holds: (value: number, bound: number) => boolean): Check {
  return (value, bound) => {
    const right = textOf(bound);
    return right !== undefined && /^\d+$/.test(right) ? holds(length(value), Number(right)) : undefined;
  };
}

/** Equal as values of the type, so that 1 GB is 1000 MB; undefined for lists and maps. */
function same(value: Node, bound: Node, order: Order): boolean | undefined {
  const [left, right] = [textOf(value), textOf(bound)];
  if (left === undefined || right === undefined) return undefined;
  const place = order(left);
  return left === right || (place !== undefined && place === order(right));
}

/** Each tells whether it holds; undefined if it cannot be applied. */
const CHECKS: Readonly<Record<string, Check>> = {
  equal: same,
  greater_than: compare((value, bound) => value > bound),
  greater_or_equal: compare((value, bound) => value >= bound),
  less_than: compare((value, bound) => value < bound),
  less_or_equal: compare((value, bound) => value <= bound),
  in_range: (value, bound, order) => {
    const [low, high, ...more] = bound.kind === "list" ? bound.items : [];
    if (low === undefined || high === undefined || more.length > 0) return undefined;
    const limit = (node: Node, none: number) => (textOf(node) === UNBOUNDED ? none : order(textOf(node) ?? ""));
    const [lowest, highest] = [limit(low, Number.NEGATIVE_INFINITY), limit(high, Number.POSITIVE_INFINITY)];
    // Of a range both ends have to be within.
    const given = (value.kind === "list" ? value.items : [value]).map((one) => limit(one, Number.POSITIVE_INFINITY));
    if (lowest === undefined || highest === undefined || value.kind === "map") return undefined;
    if (!given.every((one) => one !== undefined)) return undefined;
    return given.every((one) => one !== undefined && one >= lowest && one <= highest);
  },
  valid_values: (value, bound, order) => {
    if (bound.kind !== "list" || textOf(value) === undefined) return undefined;
    return bound.items.some((item) => same(value, item, order));
  },
  length: measure((value, bound) => value === bound),
  min_length: measure((value, bound) => value >= bound),
  max_length: measure((value, bound) => value <= bound),
  pattern: (value, bound) => {
    const text = textOf(value);
    try {
      return text === undefined ? undefined : new RegExp(`^(?:${textOf(bound) ?? ""})$`, "u").test(text);
    } catch {
      return undefined;
    }
  },
};

/** Tells a value that does not keep the constraints of a definition. `type` is of single values, or empty if it is not known. */
export function checkConstraints(
  value: Node,
  definition: MapNode,
  type: string,
  what: string,
  problems: Problems,
): void {
  const named = type === "range" ? "integer" : type;
  const order = (Object.hasOwn(SCALARS, named) ? SCALARS[named] : SCALARS.float)?.order ?? (() => undefined);
  const constraints = find(definition, "constraints")?.value;
  for (const item of constraints?.kind === "list" ? constraints.items : []) {
    for (const { key, keyAt, value: bound } of item.kind === "map" ? item.entries : []) {
      const holds = Object.hasOwn(CHECKS, key) ? CHECKS[key]?.(value, bound, order) : undefined;
      if (holds === undefined) {
        problems.error(
          "unsupported-key",
          keyAt,
          `the constraint ${quote(key)} of ${what} cannot be applied to ${show(value)}`,
          `use ${Object.keys(CHECKS).join(", ")}, with bounds of the value's type`,
        );
      } else if (!holds) {
        const shown = bound.kind === "list" ? bound.items.map((one) => textOf(one) ?? "…").join(", ") : textOf(bound);
        const reason = `its definition says ${key} ${shown ?? ""}`;
        const remedy = key === "valid_values" ? `write one of ${shown}` : "write a value that keeps it";
        problems.error("bad-value", value.at, `${what} cannot be ${show(value)}: ${reason}`, remedy);
      }
    }
  }
}
