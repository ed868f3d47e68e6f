import type { Diagnostic } from "../blueprint/model";
import { listNames } from "../wording/names";
import { valueAt } from "./issues";
import { configPath, settingsProblem } from "./problem";

/** What only a Mesos master is asked for. */
const ABOUT_MASTERS = ["framework", "masterAuth"];

/** A location of type `mesos` has masters to find Marathon through, or says where Marathon is. */
export function mesosChecks(name: string, location: unknown): Diagnostic[] {
  if (valueAt(location, ["type"]) !== "mesos" || valueAt(location, ["masters"]) !== undefined) return [];
  const path = configPath(["locations", name]);
  if (valueAt(location, ["url"]) === undefined) {
    return [
      settingsProblem(
        "error",
        "missing-setting",
        `${path}.masters`,
        `${path}.masters is missing, and there is no url that says where Marathon is`,
        `set it to a list of the Mesos masters' URLs: pulumi config set --path '${path}.masters[0]'; or set url`,
      ),
    ];
  }
  const unused = ABOUT_MASTERS.filter((key) => valueAt(location, [key]) !== undefined);
  return unused.length === 0
    ? []
    : [
        settingsProblem(
          "error",
          "unused-setting",
          `${path}.${unused[0]}`,
          `${path} has ${listNames(unused)}, but no masters that would be asked`,
          `set masters: pulumi config set --path '${path}.masters[0]'; or remove ${listNames(unused)}`,
        ),
      ];
}
