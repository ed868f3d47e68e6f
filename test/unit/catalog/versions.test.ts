import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions } from "../../../blueprint/catalog/version";

/** Texts in the shape of versions, near enough to each other to differ in one part only. */
const version = fc
  .tuple(
    fc.array(fc.constantFrom("0", "1", "2", "9", "10", "01"), { maxLength: 4 }).map((parts) => parts.join(".")),
    fc.constantFrom(
      "",
      "-",
      ".",
      "_",
      "-rc",
      "rc1",
      "-rc10",
      ".rc2",
      "-SNAPSHOT",
      "_snapshot",
      ".4",
      "-a01",
      "-a1",
      "+é",
    ),
  )
  .map((parts) => parts.join(""));
const any = fc.oneof(version, fc.string({ maxLength: 6 }));

describe("versions", () => {
  it.each([
    [["2.0.0-SNAPSHOT", "0.1", "1.0"]],
    [["1.9", "1.10"]],
    [["1.1", "1.2-rc", "1.2"]],
    [["1.2-rc9", "1.2-rc10"]],
    [["1.2.3.4", "1.2.3"]],
    [["0.0.0-SNAPSHOT", "1-SNAPSHOT", "1.0-SNAPSHOT", "0"]],
    [["latest", "1.0_a", "1.0.a", "1.0-a", "1.0"]],
  ])("stand in Brooklyn's order: %j", (ordered) => {
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  });

  it("have one order, whichever of two is asked first, and the same place for none but itself", () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        expect(compareVersions(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });

  it("stand behind all that those before them stand behind", () => {
    fc.assert(
      fc.property(any, any, any, (...three) => {
        const [a, b, c] = three.sort(compareVersions);
        expect(compareVersions(a ?? "", c ?? "")).toBeLessThanOrEqual(0);
        expect(compareVersions(a ?? "", b ?? "")).toBeLessThanOrEqual(0);
        expect(compareVersions(b ?? "", c ?? "")).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});
