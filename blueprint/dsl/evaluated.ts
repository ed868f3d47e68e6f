import type { Expression, Position } from "../model";
import type { Scope } from "../scope";

/** What an expression stands for while it is evaluated: a value, or what has configuration only. */
export type Evaluated =
  | Expression
  | { readonly kind: "application" }
  /** A service that runs nothing itself. */
  | { readonly kind: "group"; readonly group: string };

/** The value that an expression stands in: its scope, place, and whether it came out of encrypted configuration. */
export interface Setting {
  readonly scope: Scope;
  readonly at: Position;
  /** Place of a character of the expression. */
  readonly place: (offset: number) => Position;
  readonly secret: boolean;
}

type ProcessValue = Exclude<Expression, { readonly kind: "component" | "sensor" }>;

/** True for what a process can be given. */
export function isValue(value: Evaluated): value is ProcessValue {
  return !["application", "group", "component", "sensor"].includes(value.kind);
}
