import type { Plan } from "../placement/model";

/**
 * Labels that everything made for a service carries: application, stack and, where there is one, service.
 * Clean-up, adoption and operations find what is ours by them.
 */
export function labelsOf(plan: Plan, service?: string): Readonly<Record<string, string>> {
  return {
    "clocker.application": plan.application,
    "clocker.stack": plan.stack,
    ...(service === undefined ? {} : { "clocker.service": service }),
  };
}
