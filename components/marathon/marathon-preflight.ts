import type { Diagnostic } from "../../blueprint/model";
import type { Plan } from "../../placement/model";
import { checkMarathon } from "../../providers/marathon/preflight";
import type { MarathonLocation } from "../../settings/schema";

/** Whether Marathon answers and takes the credentials. */
export async function marathonPreflight(
  location: string,
  settings: MarathonLocation,
  plan: Plan,
): Promise<readonly Diagnostic[]> {
  if (!plan.services.some((placed) => placed.location === location)) {
    return [];
  }
  const { url = [], auth, ca } = settings;
  const checked = await checkMarathon({ url, ...(auth && { auth }), ...(ca !== undefined && { ca }) });
  const at = { file: "stack configuration", path: `clocker:locations.${location}` };
  if (checked.ok) {
    return checked.others.map(({ problem, remedy }) => ({
      severity: "warning",
      code: "unreachable-marathon",
      message: `location '${location}': ${problem}; another of its addresses answers`,
      remedy,
      at,
    }));
  }
  return [
    {
      severity: "error",
      code: "unreachable-marathon",
      message: `location '${location}' (${[url].flat().join(", ")}): ${checked.problem}`,
      remedy: checked.remedy,
      at,
    },
  ];
}
