import type { Plan } from "../model";
import { dnsLabel } from "../names";

const LABEL_LIMIT = 63;

/** Words between the parts of a policy's name; an id that holds one is told apart by a hash. */
const WORDS = /(^|-)(from|published)(-|$)/;

/** Name of the application's tier. It begins with `clocker-`, so that no tier of Calico's own is meant. */
export function tierName(plan: Pick<Plan, "physicalName">): string {
  return dnsLabel(`clocker-${plan.physicalName}`, LABEL_LIMIT, false);
}

/** `<provider>-from-<consumer>` */
export function linkName(provider: string, consumer: string): string {
  return readable([provider, "from", consumer]);
}

/** `<service>-published` */
export function publishedName(service: string): string {
  return readable([service, "published"]);
}

/** `<service>-machine` */
export function machineName(service: string): string {
  return readable([service, "machine"]);
}

/** Name of a service as one DNS label, distinct for every id. */
export function serviceLabel(service: string): string {
  return dnsLabel(service, LABEL_LIMIT, false);
}

function readable(parts: readonly [string, ...string[]]): string {
  const ambiguous = parts.some((part, index) => index % 2 === 0 && WORDS.test(part));
  return dnsLabel(parts.join("-"), LABEL_LIMIT, ambiguous, JSON.stringify(parts));
}
