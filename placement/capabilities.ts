import type { Diagnostic, Workload } from "../blueprint/model";
import { platformOf } from "./platform/platforms";
import type { SitedService } from "./sites";

const WORKLOAD_NAMES: Readonly<Record<Workload["kind"], string>> = {
  image: "container images",
  redis: "RedisStore",
};

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
  if (!site.traits.workloads.includes(service.workload.kind)) {
    const runs = site.traits.workloads.map((kind) => WORKLOAD_NAMES[kind]).join(" and ");
    return [
      problem(
        `its type is '${service.type}', and ${platform} runs only ${runs}`,
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
