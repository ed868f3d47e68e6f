import { configKey } from "./keys";
import { type Scope, subject } from "./scope";
import { type Entry, isNull, quote } from "./yaml/nodes";

export const FLAGS = "brooklyn.flags";

/** Tells for each flag which key of `brooklyn.config` it is; false if there are none to tell. */
export function refuseFlags({ key, value }: Entry, scope: Scope): boolean {
  if (value.kind !== "map") return false;
  for (const flag of value.entries) {
    if (isNull(flag.value)) continue;
    const definition = configKey(flag.key);
    const refused = definition?.treatment.kind === "unsupported" ? definition.treatment.remedy : undefined;
    scope.problems.error(
      "unsupported-key",
      flag.keyAt,
      `${subject(key, scope)} is not supported, here for ${quote(flag.key)}`,
      refused ?? `write ${definition?.name ?? flag.key} under brooklyn.config`,
    );
  }
  return true;
}
