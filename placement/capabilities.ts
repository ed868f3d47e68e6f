import { entityOf } from "../blueprint/entity/table";
import type { Diagnostic, Service, Workload } from "../blueprint/model";
import { platformOf } from "./platform/platforms";
import type { SitedService } from "./sites";

/** What a service asks for and its platform cannot do: each an error, none a quiet loss. */
export function capabilityProblems({ service, site }: SitedService): Diagnostic[] {
  const platform = platformOf(site.location);
  const problem = (message: string, remedy: string): Diagnostic => ({
    severity: "error",
    code: "platform-lacks-capability",
    message: `cannot place service '${service.id}' on ${platform} location '${site.name}': ${message}`,
    remedy,
    at: service.at,
  });
  const lacking = lackingForm(service, site.traits.workloads);
  if (lacking !== undefined) {
    return [
      problem(
        `its type is '${service.type}', and ${platform} runs ${lacking}`,
        `place it elsewhere, e.g. by clocker:placement.${service.id}`,
      ),
    ];
  }
  return site.traits.unsupported.flatMap((unsupported) => {
    const { key, lackedBy = platform, instead = "remove the key" } = unsupported;
    const value = unsupported.asked(service, site.location);
    return value === undefined
      ? []
      : [
          problem(
            `it asks for ${key}: ${value}, which ${lackedBy} does not offer`,
            `${instead}, override it by clocker:overrides.${service.id}, or place the service elsewhere`,
          ),
        ];
  });
}

/** What the platform runs, if it is not what the service is. */
function lackingForm({ workload }: Service, runs: readonly Workload["kind"][]): string | undefined {
  const containers = runs.includes("image");
  if (workload.kind === "image") return containers ? undefined : "software of entity types, not images";
  // Placement has made an image of what has that form.
  if (containers) return "containers only, which this type has no image for";
  return entityOf(workload.entity).machine === undefined ? "software on machines, which this type does not" : undefined;
}
