import { randomUUID } from "node:crypto";
import type { Json } from "../model/json";
import { now } from "../state/clock";
import type { Agent } from "./runner";

/** Why an offer was not taken, in the order in which Marathon looks. */
const REASONS = [
  "UnfulfilledRole",
  "UnfulfilledConstraint",
  "NoCorrespondingReservationFound",
  "AgentMaintenance",
  "InsufficientCpus",
  "InsufficientMemory",
  "InsufficientDisk",
  "InsufficientGpus",
  "InsufficientPorts",
  "DeclinedScarceResources",
] as const;

export type Reason = (typeof REASONS)[number];

/** What is free on an agent. */
export interface Offer {
  readonly agent: Agent;
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
  readonly usedPorts: ReadonlySet<number>;
}

interface OfferRecord {
  processed: number;
  unused: number;
  lastUsedAt?: string;
  lastUnusedAt?: string;
  readonly total: Map<Reason, number>;
  readonly last: Map<string, { offer: Offer; reason: Reason; timestamp: string }>;
}

/** Counts, per app, what became of offers; read by `/v2/queue`. */
export class OfferLog {
  private readonly records = new Map<string, OfferRecord>();

  used(appId: string, agentId: string): void {
    const record = this.of(appId);
    record.processed += 1;
    record.lastUsedAt = now();
    record.last.delete(agentId);
  }

  unused(appId: string, offer: Offer, reason: Reason): void {
    const record = this.of(appId);
    record.processed += 1;
    record.unused += 1;
    record.lastUnusedAt = now();
    record.total.set(reason, (record.total.get(reason) ?? 0) + 1);
    record.last.set(offer.agent.id, { offer, reason, timestamp: now() });
  }

  /** A new queue entry starts without last offers; the totals stay. */
  begin(appId: string): void {
    this.of(appId).last.clear();
  }

  summary(appId: string): Json {
    const record = this.of(appId);
    const last = new Map<Reason, number>();
    for (const { reason } of record.last.values()) last.set(reason, (last.get(reason) ?? 0) + 1);
    return {
      processedOffersCount: record.processed,
      unusedOffersCount: record.unused,
      ...(record.lastUnusedAt ? { lastUnusedOfferAt: record.lastUnusedAt } : {}),
      ...(record.lastUsedAt ? { lastUsedOfferAt: record.lastUsedAt } : {}),
      rejectSummaryLastOffers: funnel(last, record.last.size),
      rejectSummaryLaunchAttempt: funnel(record.total, record.processed),
    };
  }

  lastUnused(appId: string, frameworkId: string): Json {
    return [...this.of(appId).last.values()].map(({ offer, reason, timestamp }) => ({
      offer: {
        id: `${frameworkId.slice(0, -5)}-O${randomUUID()}`,
        hostname: offer.agent.hostname,
        agentId: offer.agent.id,
        resources: [
          { name: "cpus", role: "*", scalar: offer.cpus },
          { name: "mem", role: "*", scalar: offer.mem },
          { name: "disk", role: "*", scalar: offer.disk },
          { name: "ports", role: "*", ranges: freeRanges(offer) },
        ],
        attributes: Object.entries(offer.agent.attributes).map(([name, text]) => ({ name, text })),
      },
      reason: [reason],
      timestamp,
    }));
  }

  private of(appId: string): OfferRecord {
    const known = this.records.get(appId);
    if (known) return known;
    const record: OfferRecord = { processed: 0, unused: 0, total: new Map(), last: new Map() };
    this.records.set(appId, record);
    return record;
  }
}

function funnel(declined: ReadonlyMap<Reason, number>, offers: number): Json {
  let left = offers;
  return REASONS.map((reason) => {
    const count = declined.get(reason) ?? 0;
    const entry = { reason, declined: count, processed: left };
    left -= count;
    return entry;
  });
}

function freeRanges(offer: Offer): Json {
  const ranges: { begin: number; end: number }[] = [];
  for (const [first, last] of offer.agent.ports) {
    let begin = first;
    for (const port of [...offer.usedPorts].filter((used) => used >= first && used <= last).sort((a, b) => a - b)) {
      if (port > begin) ranges.push({ begin, end: port - 1 });
      begin = port + 1;
    }
    if (begin <= last) ranges.push({ begin, end: last });
  }
  return ranges;
}
