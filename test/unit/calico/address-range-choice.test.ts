import fc from "fast-check";
import { expect, it } from "vitest";
import { chooseRange, type Taken } from "../../../providers/calico/address-range-choice";
import { holds, overlap, parseRange, type Range } from "../../../providers/calico/ipam/ipv4";

const range = (text: string): Range => parseRange(text) ?? { first: -1, prefix: 0 };
const taken = (text: string, by: string): Taken => ({ range: range(text), by });

it("gives an owner the same range of the same pool every time, and others mostly another one", () => {
  const owners = [...Array(40).keys()].map((count) => `shop/stack-${count}/range`);
  const ranges = owners.map((owner) => chooseRange("198.18.0.0/16", 26, owner, []));
  expect(owners.map((owner) => chooseRange("198.18.0.0/16", 26, owner, []))).toEqual(ranges);
  expect(new Set(ranges).size).toBeGreaterThan(35);
});

it("gives ranges that lie in the pool and overlap nothing, as long as there is one", () => {
  const size = fc.integer({ min: 20, max: 30 });
  const others = fc.array(fc.record({ prefix: fc.integer({ min: 16, max: 32 }), at: fc.nat(2 ** 17 - 1) }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      size,
      others,
      fc.string(),
      fc.integer({ min: 16, max: 20 }),
      (prefixLength, wished, owner, poolPrefix) => {
        const base = range("198.18.0.0/15").first;
        const foreign = wished.map(({ prefix, at }, index): Taken => {
          const each = 2 ** (32 - prefix);
          return { range: { first: base + Math.floor(at / each) * each, prefix }, by: `pool ${index}` };
        });
        const pool = `198.18.0.0/${poolPrefix}`;
        const free = 2 ** (prefixLength - poolPrefix);
        const candidates = [...Array(free).keys()].map((index) => {
          return { first: base + index * 2 ** (32 - prefixLength), prefix: prefixLength };
        });
        const possible = candidates.some((candidate) => !foreign.some((other) => overlap(other.range, candidate)));
        const choose = () => chooseRange(pool, prefixLength, owner, foreign);
        if (!possible) {
          expect(choose).toThrow(/has no free range/);
          return;
        }
        const chosen = range(choose());
        expect(chosen.prefix).toBe(prefixLength);
        expect(holds(range(pool), chosen.first)).toBe(true);
        expect(foreign.some((other) => overlap(other.range, chosen))).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});

it("says whose the ranges of a full pool are, and what to do", () => {
  const full = [
    taken("198.18.0.0/25", "IPPool a"),
    taken("198.18.0.128/25", "IPPool b"),
    taken("10.0.0.0/8", "IPPool c"),
  ];
  expect(() => chooseRange("198.18.0.0/24", 26, "shop/test/range", full)).toThrow(
    "198.18.0.0/24 has no free range of /26 for shop/test/range: its 4 are taken by IPPool a, IPPool b. Destroy stacks that are not needed, choose a greater prefix length for ranges (clocker:network.calico.rangePrefix), or give a larger pool (clocker:network.calico.pool)",
  );
});
