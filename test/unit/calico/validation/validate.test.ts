import { describe, expect, it } from "vitest";
import { validateResource } from "../../../../providers/calico/validation/validate";
import { workloadEndpointName } from "../../../../providers/calico/validation/workload-endpoint-name";
import { CASES } from "./all-cases";
import { metadataOf, refusedProperties } from "./case";
import { WORKLOAD_NAMES } from "./node-cases";

describe("a valid resource is taken", () => {
  const valid = CASES.filter(({ refused }) => refused.length === 0);
  it.each(valid.map((each) => [each.kind, each.claim, each] as const))("%s: %s", (_kind, _claim, each) => {
    expect(validateResource(each.kind, metadataOf(each), each.spec)).toEqual([]);
  });
});

describe("an invalid resource is refused for the property that is wrong", () => {
  const invalid = CASES.filter(({ refused }) => refused.length > 0);
  it.each(invalid.map((each) => [each.kind, each.claim, each] as const))("%s: %s", (_kind, _claim, each) => {
    expect(refusedProperties(each)).toEqual([...each.refused].sort());
  });

  it("in words that quote the value and say what to do", () => {
    for (const each of invalid) {
      for (const { reason } of validateResource(each.kind, metadataOf(each), each.spec)) {
        expect(reason).toMatch(/^\S.*(;|: |\. ).*\S$/);
        expect(reason).not.toMatch(/undefined|\[object|\n/);
      }
    }
  });
});

describe("a workload endpoint's name", () => {
  it.each(WORKLOAD_NAMES)("of %j is %j", (spec, name) => {
    expect(workloadEndpointName(spec)).toBe(name);
  });
});
