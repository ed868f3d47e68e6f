import type { CheckFailure } from "../../runtime/handler";

/** What a rule found; it counts only if none of the values that it comes `from` is unknown. */
export interface Finding extends CheckFailure {
  readonly from: readonly unknown[];
}

/** What the rules know: the definition in normal form, and the app's absolute id unless that is unknown. */
export interface Subject {
  readonly appId: string | undefined;
  readonly app: Readonly<Record<string, unknown>>;
}
