import type { Blueprint } from "../../../blueprint/model";
import type { ApplicationArgs } from "../../../components/application";
import { openLocations } from "../../../components/locations";
import type { Plan } from "../../../placement/model";
import { compilePolicy } from "../../../placement/policy/compile";
import type { Settings } from "../../../settings/schema";

/** An application's arguments, made as the program makes them. */
export function applicationArgs(
  blueprint: Blueprint,
  settings: Settings,
  plan: Plan,
  reverse: ReadonlySet<string> = new Set(),
): ApplicationArgs {
  const compiled = compilePolicy(plan, settings);
  return { blueprint, settings, plan, compiled, locations: openLocations(settings, plan, compiled), reverse };
}
