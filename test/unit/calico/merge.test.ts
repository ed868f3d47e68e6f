import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeChange, restrictTo, takeBack } from "../../../providers/calico/model/merge";
import type { Spec } from "../../../providers/calico/model/resource";

const key = fc.constantFrom("a", "b", "c", "interfaceList");
const value = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("x", "y"), fc.array(fc.integer({ max: 2 })));
const flat: fc.Arbitrary<Spec> = fc.dictionary(key, value);
const spec: fc.Arbitrary<Spec> = fc.dictionary(key, fc.oneof(value, flat));

describe("mergeChange", () => {
  test("sets what is named, removes what is no longer named, keeps everything else", () => {
    const live = { mine: 1, old: 2, theirs: 3, bgp: { asNumber: 1, ipv4Address: "x", gone: 1 }, list: [1, 2] };
    const before = { mine: 0, old: 2, bgp: { gone: 1 }, list: [1, 2] };
    const after = { mine: 4, bgp: { asNumber: 2 }, list: [3] };
    expect(mergeChange(live, before, after)).toEqual({
      mine: 4,
      theirs: 3,
      bgp: { asNumber: 2, ipv4Address: "x" },
      list: [3],
    });
  });

  test("adds to Felix's list of interface prefixes", () => {
    expect(mergeChange({ interfacePrefix: "cali,tap" }, {}, { interfacePrefix: "cali,veth" })).toEqual({
      interfacePrefix: "cali,tap,veth",
    });
    expect(mergeChange({}, {}, { interfacePrefix: "cali" })).toEqual({ interfacePrefix: "cali" });
  });

  test("has all of the named fields afterwards, whatever was there", () => {
    fc.assert(
      fc.property(spec, spec, spec, (live, before, after) => {
        const merged = mergeChange(live, before, after);
        expect(restrictTo(after, merged)).toEqual(after);
      }),
    );
  });

  test("changes nothing when it is done twice", () => {
    fc.assert(
      fc.property(spec, spec, spec, (live, before, after) => {
        const once = mergeChange(live, before, after);
        expect(mergeChange(once, before, after)).toEqual(once);
      }),
    );
  });
});

describe("takeBack", () => {
  test("gives every field that was merged its former value", () => {
    fc.assert(
      fc.property(spec, spec, (live, ours) => {
        const replaced = Object.fromEntries(Object.keys(ours).map((name) => [name, live[name] ?? null]));
        const taken = takeBack(mergeChange(live, {}, ours), ours, replaced);
        // An object that was empty before and got fields of ours goes with them.
        const empty = (field: unknown) => JSON.stringify(field) === "{}";
        const without = (of: Spec) => Object.fromEntries(Object.entries(of).filter(([, field]) => !empty(field)));
        expect(without(taken)).toEqual(without(live));
      }),
    );
  });

  test("leaves what somebody has changed since", () => {
    expect(
      takeBack(
        { mtu: 1300, port: 1, bgp: { asNumber: 7, ipv4Address: "x" } },
        { mtu: 1400, port: 1, bgp: { asNumber: 1 } },
        {},
      ),
    ).toEqual({ mtu: 1300, bgp: { asNumber: 7, ipv4Address: "x" } });
  });

  test("leaves lists to which others add", () => {
    expect(takeBack({ interfacePrefix: "cali,tap" }, { interfacePrefix: "cali" }, {})).toEqual({
      interfacePrefix: "cali,tap",
    });
  });
});
