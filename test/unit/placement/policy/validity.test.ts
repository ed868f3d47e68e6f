import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateSelector } from "../../../../providers/calico/validation/selector";
import { parseSelector } from "../../../../providers/calico/validation/selector-parser";
import { validateResource } from "../../../../providers/calico/validation/validate";
import { selects } from "./evaluator";
import { application, World } from "./world";

describe("everything that is compiled", () => {
  it("is what the datastore's validation takes", () => {
    fc.assert(
      fc.property(application, (app) => {
        const { tier, policies, sets } = new World(app).network;
        const { name = "", ...spec } = tier ?? {};
        const problems = [
          ...validateResource("Tier", { name }, spec),
          ...policies.flatMap((policy) => validateResource("GlobalNetworkPolicy", { name: policy.name }, policy.spec)),
          ...sets.flatMap((set) =>
            validateResource("GlobalNetworkSet", { name: set.name, labels: set.labels }, { nets: ["192.0.2.1/32"] }),
          ),
        ];
        expect(problems).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("selects the same services by Calico's grammar and by the tests' own reading", () => {
    fc.assert(
      fc.property(application, (app) => {
        const { peers, network } = new World(app);
        for (const { spec } of network.policies) {
          const parsed = parseSelector(spec.selector);
          for (const { labels = {} } of peers.values()) {
            expect("selector" in parsed && evaluateSelector(parsed.selector, labels)).toBe(
              selects(spec.selector, labels),
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
