import type { ItemUse } from "../catalog/item-use";
import type { Expression, Position } from "../model";
import type { Scope } from "../scope";

/** What an expression stands for while it is evaluated: a value, or what has configuration only. */
export type Evaluated =
  | Expression
  | { readonly kind: "application" }
  /** A service that runs nothing itself. */
  | { readonly kind: "group"; readonly group: string }
  /** `function.regexReplacement("pattern", "replacement")`, which an enricher applies to a sensor. */
  | {
      readonly kind: "function";
      readonly pattern: Expression;
      readonly replacement: Expression;
      readonly at: Position;
    };

/** The value that an expression stands in: its scope, place, and whether it came out of encrypted configuration. */
export interface Setting {
  readonly scope: Scope;
  readonly at: Position;
  /** Place of a character of the expression. */
  readonly place: (offset: number) => Position;
  readonly secret: boolean;
  /** The use of the catalog item that writes the value. */
  readonly within?: ItemUse;
}

type ProcessValue = Exclude<Expression, { readonly kind: "component" | "sensor" }>;

/** True for what a process can be given. */
export function isValue(value: Evaluated): value is ProcessValue {
  return !["application", "group", "component", "sensor", "function"].includes(value.kind);
}
