import type { AppDefinition, QueueItem, UnusedOffer } from "./api";

/** Why instances in Marathon's queue are not launched, for a person, e.g. `2 waiting to be launched: InsufficientCpus: …`. */
export function waiting(item: QueueItem, app: AppDefinition): string {
  const { count, delay, processedOffersSummary: offers } = item;
  const start = `${count} waiting to be launched`;
  if (!delay.overdue) return `${start}, next attempt in ${delay.timeLeftSeconds} s because of earlier failures`;
  if (!offers || offers.processedOffersCount === 0) return `${start}, no agent has offered resources yet`;
  const refused = `${start}, ${offers.unusedOffersCount} of ${offers.processedOffersCount} offers did not fit`;
  const last = declined(offers.rejectSummaryLastOffers);
  const all = declined(offers.rejectSummaryLaunchAttempt);
  const reasons = last.length > 0 ? last : all;
  if (reasons.length === 0) return refused;
  const told = reasons.map(({ reason, declined }) => {
    const unused = (item.lastUnusedOffers ?? []).filter((offer) => offer.reason.includes(reason));
    return `${reason} ${declined}×: ${inWords(reason, app, unused)}`;
  });
  return `${refused} (${last.length > 0 ? "the last of each agent" : "all so far"}: ${told.join("; ")})`;
}

function declined(summary: readonly { reason: string; declined: number }[] = []) {
  return summary.filter(({ declined }) => declined > 0);
}

function inWords(reason: string, app: AppDefinition, offers: readonly UnusedOffer[]): string {
  switch (reason) {
    case "InsufficientCpus":
      return shortage("cpus", "CPUs", app, offers);
    case "InsufficientMemory":
      return shortage("mem", "MB of memory", app, offers);
    case "InsufficientDisk":
      return shortage("disk", "MB of disk", app, offers);
    case "InsufficientGpus":
      return shortage("gpus", "GPUs", app, offers);
    case "InsufficientPorts":
      return `the app's host ports${listed(hostPorts(app))} are not free there${listed(ranges(offers), " (free: ", ")")}`;
    case "UnfulfilledConstraint":
      return `no agent left satisfies ${constraints(app, offers)}`;
    case "UnfulfilledRole":
      return `the offers are for roles${listed(roles(offers))}, which the app does not take (role, acceptedResourceRoles)`;
    case "NoCorrespondingReservationFound":
      return "no agent offers the reserved resources or the persistent volume that the app needs";
    case "AgentMaintenance":
      return "the agents are being taken out for maintenance";
    case "DeclinedScarceResources":
      return "the agents have GPUs, which Marathon keeps for apps that want some";
    default:
      return "Marathon's documentation of the queue explains this reason";
  }
}

function shortage(field: string, unit: string, app: AppDefinition, offers: readonly UnusedOffer[]): string {
  const most = offers.map(({ offer }) => sum(offer.resources?.filter(({ name }) => name === field)));
  const offered =
    most.length > 0 ? `, at most ${Math.max(...most)} ${most.length === 1 ? "is" : "are"} free on one agent` : "";
  return `each instance wants ${String(app[field] ?? 0)} ${unit}${offered}`;
}

function sum(resources: readonly { scalar?: number }[] = []): number {
  return resources.reduce((total, { scalar = 0 }) => total + scalar, 0);
}

/** Each constraint with the values that the agents have for its field. */
function constraints(app: AppDefinition, offers: readonly UnusedOffer[]): string {
  const all = (app["constraints"] ?? []) as readonly (readonly string[])[];
  if (all.length === 0) return "the constraints";
  return all
    .map(([field = "", ...rest]) => {
      const values = offers.map(({ offer }) => offeredValue(field, offer)).filter((value) => value !== undefined);
      const missing = offers.length > 0 && values.length === 0 ? " (no agent has that attribute)" : "";
      return `constraint ${[field, ...rest].join(" ")}${listed(values, " (agents have ", ")")}${missing}`;
    })
    .join(" and ");
}

function offeredValue(field: string, offer: UnusedOffer["offer"]): string | undefined {
  if (field === "hostname" || field === "@hostname") return offer.hostname;
  const attribute = offer.attributes?.find(({ name }) => name === field);
  return attribute && String(attribute.text ?? attribute.scalar ?? "");
}

function roles(offers: readonly UnusedOffer[]): string[] {
  return offers.flatMap(({ offer }) => (offer.resources ?? []).flatMap(({ role }) => role ?? []));
}

function ranges(offers: readonly UnusedOffer[]): string[] {
  const ports = offers.flatMap(({ offer }) => (offer.resources ?? []).filter(({ name }) => name === "ports"));
  return ports.flatMap(({ ranges = [] }) => ranges.map(({ begin, end }) => `${begin}-${end}`));
}

function hostPorts(app: AppDefinition): string[] {
  const { portMappings = [] } = (app["container"] ?? {}) as { portMappings?: { hostPort?: number }[] };
  const definitions = app["requirePorts"] === true ? ((app["portDefinitions"] ?? []) as { port: number }[]) : [];
  const fixed = [...portMappings.map(({ hostPort = 0 }) => hostPort), ...definitions.map(({ port }) => port)];
  return fixed.filter((port) => port !== 0).map(String);
}

function listed(values: readonly string[], before = " ", after = ""): string {
  const different = [...new Set(values)];
  if (different.length === 0) return "";
  const shown = different.slice(0, 5).join(", ");
  return `${before}${shown}${different.length > 5 ? ` and ${different.length - 5} more` : ""}${after}`;
}
