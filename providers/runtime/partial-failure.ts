import type { Properties } from "./handler";

/**
 * The thing exists but is not what was asked for: the engine records `id` and `properties` (all outputs known so far) and
 * repairs it with an update on the next run. `reasons` are shown to the user one by one.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];

  constructor(message: string, failure: { id: string; properties: Properties; reasons?: readonly string[] }) {
    super(message);
    this.id = failure.id;
    this.properties = failure.properties;
    this.reasons = failure.reasons ?? [message];
  }
}
