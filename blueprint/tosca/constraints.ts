import type { Problems } from "../diagnostics";
import { find, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";

type Check = (value: Node, bound: Node) => boolean | undefined;

const number = (node: Node | undefined): number | undefined =>
  node?.kind === "scalar" && /^[-+]?\d+(\.\d+)?$/.test(node.text) ? Number(node.text) : undefined;

const length = (node: Node): number => {
  if (node.kind === "scalar") return node.text.length;
  return node.kind === "list" ? node.items.length : node.entries.length;
};

function compare(holds: (value: number, bound: number) => boolean): Check {
  return (value, bound) => {
    const [left, right] = [number(value), number(bound)];
    return left === undefined || right === undefined ? undefined : holds(left, right);
  };
}

function measure(holds: (value: number, bound: number) => boolean): Check {
  return (value, bound) => {
    const right = number(bound);
    return right === undefined ? undefined : holds(length(value), right);
  };
}

/** Each tells whether it holds; undefined if it cannot be applied. */
const CHECKS: Readonly<Record<string, Check>> = {
  equal: (value, bound) => textOf(value) === textOf(bound),
  greater_than: compare((value, bound) => value > bound),
  greater_or_equal: compare((value, bound) => value >= bound),
  less_than: compare((value, bound) => value < bound),
  less_or_equal: compare((value, bound) => value <= bound),
  in_range: (value, bound) => {
    const [low, high, ...more] = bound.kind === "list" ? bound.items : [];
    const given = number(value);
    if (low === undefined || high === undefined || more.length > 0 || given === undefined) return undefined;
    const within = (node: Node, holds: (limit: number) => boolean): boolean | undefined => {
      if (textOf(node) === "UNBOUNDED") return true;
      const limit = number(node);
      return limit === undefined ? undefined : holds(limit);
    };
    const [above, below] = [within(low, (limit) => given >= limit), within(high, (limit) => given <= limit)];
    return above === undefined || below === undefined ? undefined : above && below;
  },
  valid_values: (value, bound) =>
    bound.kind === "list" ? bound.items.some((item) => textOf(item) === textOf(value)) : undefined,
  length: measure((value, bound) => value === bound),
  min_length: measure((value, bound) => value >= bound),
  max_length: measure((value, bound) => value <= bound),
  pattern: (value, bound) => {
    try {
      return new RegExp(`^(?:${textOf(bound) ?? ""})$`, "u").test(textOf(value) ?? "");
    } catch {
      return undefined;
    }
  },
};

const TYPES: Readonly<Record<string, RegExp>> = {
  integer: /^[-+]?\d+$/,
  float: /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/,
  boolean: /^(true|false)$/i,
};

/** Tells a value that is not of the type, or does not keep the constraints, of its definition. */
export function checkValue(value: Node, definition: MapNode, what: string, problems: Problems): void {
  const refuse = (reason: string) =>
    problems.error(
      "bad-value",
      value.at,
      `${what} cannot be ${show(value)}: ${reason}`,
      "write a value that is allowed",
    );
  const type = textOf(find(definition, "type")?.value ?? definition) ?? "";
  const form = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (form !== undefined && !form.test(textOf(value) ?? "")) {
    refuse(`it needs the type ${type}`);
    return;
  }
  const constraints = find(definition, "constraints")?.value;
  for (const item of constraints?.kind === "list" ? constraints.items : []) {
    for (const { key, keyAt, value: bound } of item.kind === "map" ? item.entries : []) {
      const holds = Object.hasOwn(CHECKS, key) ? CHECKS[key]?.(value, bound) : undefined;
      if (holds === undefined) {
        problems.error(
          "unsupported-key",
          keyAt,
          `the constraint ${quote(key)} of ${what} cannot be applied to ${show(value)}`,
          `use ${Object.keys(CHECKS).join(", ")}, with bounds of the value's type`,
        );
      } else if (!holds) {
        const shown = bound.kind === "list" ? bound.items.map((one) => textOf(one) ?? "…").join(", ") : textOf(bound);
        refuse(`its definition says ${key} ${shown ?? ""}`);
      }
    }
  }
}
