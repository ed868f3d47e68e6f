import { describe, expect, test } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { toSarif } from "../../../ops/clocker/sarif";

const { diagnostics } = parseBlueprint(
  "services:\n- type: docker:redis:3\n  id: redis\n  openPort: 6379\n- type: org.foo\n  openPort: 1\n",
  "my app/shop.yaml",
);
const [run] = toSarif(diagnostics, "1.2.3").runs;

describe("SARIF", () => {
  test("has a result for each problem, whose rule is its code", () => {
    expect(diagnostics.length).toBeGreaterThan(1);
    const rules = run?.tool.driver.rules ?? [];
    expect(run?.results?.map(({ ruleId, ruleIndex = -1 }) => [ruleId, rules[ruleIndex]?.id])).toEqual(
      diagnostics.map(({ code }) => [code, code]),
    );
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  test("says file, line and column, the file as a reference without spaces", () => {
    const physical = run?.results?.[0]?.locations?.[0]?.physicalLocation;
    expect(physical?.artifactLocation?.uri).toBe("my%20app/shop.yaml");
    expect(physical?.region).toEqual({ startLine: 4, startColumn: 3 });
  });

  test("tells the remedy with the problem", () => {
    expect(run?.results?.[0]?.message.text).toContain("did you mean 'openPorts'?");
  });
});
