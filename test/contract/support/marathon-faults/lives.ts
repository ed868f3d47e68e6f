import fc from "fast-check";
import type { Fault, Incident, RequestFault, RequestKind, When } from "./faults";
import { AMPLE_SECONDS, type Life, type Step } from "./life";

const requests: fc.Arbitrary<RequestKind> = fc.oneof(
  ...(["create", "change", "delete", "app"] as const).map((kind) => ({ weight: 3, arbitrary: fc.constant(kind) })),
  ...(["deployments", "events", "group", "any"] as const).map((kind) => ({ weight: 1, arbitrary: fc.constant(kind) })),
);

const requestFaults: fc.Arbitrary<RequestFault> = fc.oneof(
  fc.record({ kind: fc.constant("latency" as const), milliseconds: fc.integer({ min: 20, max: 700 }) }),
  fc.constant({ kind: "reset" as const }),
  fc.constant({ kind: "lost answer" as const }),
  fc.record({
    kind: fc.constant("status" as const),
    status: fc.constantFrom(429 as const, 500 as const, 502 as const, 503 as const),
    taken: fc.constant(false),
  }),
  fc.constant({ kind: "status" as const, status: 502 as const, taken: true }),
  fc.record({ kind: fc.constant("slow body" as const), milliseconds: fc.integer({ min: 20, max: 400 }) }),
  fc.constant({ kind: "cut body" as const }),
);

const incidents: fc.Arbitrary<Incident> = fc.constantFrom(
  { kind: "leader change" as const },
  { kind: "leader gone" as const },
  { kind: "streams cut" as const },
  { kind: "streams stalled" as const },
);

const foreign: fc.Arbitrary<Incident> = fc.record({
  kind: fc.constant("foreign" as const),
  act: fc.constantFrom("env" as const, "instances" as const, "restart" as const, "delete" as const, "lock" as const),
  force: fc.boolean(),
  milliseconds: fc.constantFrom(300, 1500, 20_000),
});

function withRequest(times: number): fc.Arbitrary<When> {
  return fc.record({ request: requests, nth: fc.nat(6), times: fc.integer({ min: 1, max: times }) });
}

const inTime: fc.Arbitrary<When> = fc.record({ from: fc.nat(1500), length: fc.integer({ min: 100, max: 1500 }) });

const passing: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ when: withRequest(3), what: requestFaults }) },
  { weight: 1, arbitrary: fc.record({ when: inTime, what: requestFaults }) },
  { weight: 2, arbitrary: fc.record({ when: fc.oneof(withRequest(1), inTime), what: incidents }) },
);

/** Lasts longer than anybody waits. */
const outage: fc.Arbitrary<Fault> = fc.record({
  when: fc.oneof(
    fc.record({ request: requests, nth: fc.nat(3), times: fc.constant(1000) }),
    fc.record({ from: fc.nat(1500), length: fc.constant(60_000) }),
  ),
  what: fc.oneof(
    { weight: 4, arbitrary: requestFaults.filter(({ kind }) => kind !== "latency" && kind !== "slow body") },
    { weight: 1, arbitrary: fc.constant({ kind: "silence" as const }) },
  ),
});

const strange: fc.Arbitrary<Fault> = fc.record({ when: fc.oneof(withRequest(1), inTime), what: foreign });

const steps: fc.Arbitrary<Step[]> = fc
  .tuple(fc.array(fc.constantFrom<Step>("update", "scale", "refresh"), { maxLength: 3 }), fc.boolean())
  .map(([some, destroyed]) => (destroyed ? [...some, "destroy"] : some));

const common = {
  masters: fc.integer({ min: 1, max: 3 }),
  apps: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 3 }) }),
  steps,
  givesUp: fc.boolean(),
};

/** Lives with faults that pass, that do not pass in time, and with somebody else at work. */
export const lives: fc.Arbitrary<Life> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      ...common,
      faults: fc.array(passing, { minLength: 1, maxLength: 4 }),
      seconds: fc.constant(AMPLE_SECONDS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...common,
      faults: fc.tuple(outage, fc.array(passing, { maxLength: 2 })).map(([one, others]) => [one, ...others]),
      seconds: fc.integer({ min: 2, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...common,
      faults: fc
        .tuple(strange, fc.array(fc.oneof(passing, strange), { maxLength: 2 }))
        .map(([one, others]) => [one, ...others]),
      seconds: fc.integer({ min: 4, max: 6 }),
    }),
  },
);
