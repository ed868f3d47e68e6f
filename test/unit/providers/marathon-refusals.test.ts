import { describe, expect, test } from "vitest";
import type { LiveApp, QueueItem, UnusedOffer } from "../../../providers/marathon/api";
import { waiting } from "../../../providers/marathon/refusals";

const APP = {
  id: "/a",
  cpus: 20,
  mem: 65_536,
  instances: 1,
  constraints: [["rack", "LIKE", "r9"]],
  container: { portMappings: [{ containerPort: 80, hostPort: 80 }] },
} as unknown as LiveApp;

function offer(hostname: string, rack: string, reason: string): UnusedOffer {
  const resources = [
    { name: "cpus", role: "*", scalar: 15.9 },
    { name: "mem", role: "*", scalar: 32_768 },
    { name: "ports", role: "*", ranges: [{ begin: 31_000, end: 32_000 }] },
  ];
  return { offer: { hostname, resources, attributes: [{ name: "rack", text: rack }] }, reason: [reason] };
}

function queued(reason: string, more: Partial<QueueItem> = {}): QueueItem {
  return {
    count: 1,
    delay: { timeLeftSeconds: 0, overdue: true },
    processedOffersSummary: {
      processedOffersCount: 6,
      unusedOffersCount: 6,
      rejectSummaryLastOffers: [
        { reason: "UnfulfilledRole", declined: 0 },
        { reason, declined: 2 },
      ],
    },
    lastUnusedOffers: [offer("10.0.0.1", "r1", reason), offer("10.0.0.2", "r2", reason)],
    ...more,
  };
}

describe("what keeps an app from being launched", () => {
  test.each([
    ["InsufficientCpus", "each instance wants 20 CPUs, at most 15.9 are free on one agent"],
    ["InsufficientMemory", "each instance wants 65536 MB of memory, at most 32768 are free on one agent"],
    ["InsufficientPorts", "the app's host ports 80 are not free there (free: 31000-32000)"],
    ["UnfulfilledConstraint", "no agent left satisfies constraint rack LIKE r9 (agents have r1, r2)"],
    ["UnfulfilledRole", "the offers are for roles *, which the app does not take (role, acceptedResourceRoles)"],
    ["SomethingNew", "Marathon's documentation of the queue explains this reason"],
  ])("is told in plain words: %s", (reason, words) => {
    expect(waiting(queued(reason), APP)).toBe(
      `1 waiting to be launched, 6 of 6 offers did not fit (the last of each agent: ${reason} 2×: ${words})`,
    );
  });

  test("is told as a missing attribute if no agent has it", () => {
    const app = { ...APP, constraints: [["zone", "UNIQUE"]] } as LiveApp;
    expect(waiting(queued("UnfulfilledConstraint"), app)).toContain(
      "constraint zone UNIQUE (no agent has that attribute)",
    );
  });

  test("is what refused earlier offers if the last ones say nothing", () => {
    const all = [{ reason: "InsufficientDisk", declined: 4 }];
    const summary = { processedOffersCount: 4, unusedOffersCount: 4, rejectSummaryLaunchAttempt: all };
    const item = queued("", { processedOffersSummary: summary, lastUnusedOffers: [] });
    expect(waiting(item, APP)).toContain("(all so far: InsufficientDisk 4×: each instance wants 0 MB of disk)");
  });

  test.each([
    [
      "a pause after failures",
      { delay: { timeLeftSeconds: 12, overdue: false } },
      "next attempt in 12 s because of earlier failures",
    ],
    [
      "the lack of offers",
      { processedOffersSummary: { processedOffersCount: 0, unusedOffersCount: 0 } },
      "no agent has offered resources yet",
    ],
  ])("may be %s", (_, more, words) => {
    expect(waiting(queued("", more), APP)).toBe(`1 waiting to be launched, ${words}`);
  });
});
