import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, formatJava, parseFormat } from "../../../blueprint/dsl/format";
import type { Scalar } from "../../../blueprint/model";

describe("formatJava", () => {
  it.each<[string, Scalar[], string]>([
    ["plain", [], "plain"],
    ["http://%s:%s/", ["redis", 6379], "http://redis:6379/"],
    ["100%%", [], "100%"],
    ["a%nb", [], "a\nb"],
    ["%s %S %s", [true, "loud", null], "true LOUD null"],
    ["%2$s-%1$s-%s", ["a", "b"], "b-a-a"],
    ["%s %<S", ["x"], "x X"],
    ["[%5s][%-5s][%.2s]", ["ab", "ab", "abc"], "[   ab][ab   ][ab]"],
    ["%d %5d %-5d| %05d %+d", [1, 2, 3, -4, 5], "1     2 3    | -0004 +5"],
    ["%,d %(d % d", [1234567, -8, 9], "1,234,567 (8)  9"],
    ["%d", ["6379"], "6379"],
    ["%d", [null], "null"],
    ["%x %X %#x %o", [255, 255, 255, 8], "ff FF 0xff 10"],
    ["%x", [-1], "ffffffff"],
    ["%x", [-4294967297], "fffffffeffffffff"],
    ["%#06x", [255], "0x00ff"],
    ["%f %.2f %.0f", [1.5, 0.125, 2.5], "1.500000 0.13 3"],
    ["%.2f %.1f", [1.005, -0.25], "1.01 -0.3"],
    ["%08.3f|%,.2f", [-2.34567, 1234567.891], "-002.346|1,234,567.89"],
    ["%.3f", [1e21], "1000000000000000000000.000"],
    ["%.3f", [0.0004], "0.000"],
    ["%e %.0e %E", [12345.678, 9.9, 0], "1.234568e+04 1e+01 0.000000E+00"],
    ["%b %B %b", [null, "x", false], "false TRUE false"],
    ["%c%c", ["a", 66], "aB"],
  ])("%s with %j gives %j", (pattern, args, expected) => {
    expect(formatJava(pattern, args)).toBe(expected);
  });

  it.each<[string, Scalar[], string]>([
    ["%s", [], "'%s' has no argument: 0 given"],
    ["%3$s", ["a"], "'%3$s' has no argument: 1 given"],
    ["%0$s", ["a"], "the directive '%0$s' counts arguments from 1"],
    ["%<s", ["a"], "'%<s' refers to a directive before the first"],
    ["100%", [], "no directive after the '%' at character 4 of the pattern"],
    ["%tY", [1], "the directive '%t' is not supported"],
    ["%d", ["six"], "'%d' needs a whole number"],
    ["%d", [1.5], "'%d' needs a whole number"],
    ["%x", [true], "'%x' needs a whole number"],
    ["%f", ["six"], "'%f' needs a number"],
    ["%c", ["six"], "'%c' needs one character"],
    ["%.2d", [1], "the directive '%.2d' cannot have a precision"],
    ["%-d", [1], "the directive '%-d' has a flag that needs a width"],
    ["%-05d", [1], "the directive '%-05d' cannot align left and fill with zeros at once"],
    ["%+ d", [1], "the directive '%+ d' cannot use the flags + and space at once"],
    ["%++d", [1], "the directive '%++d' repeats a flag"],
    ["%+s", ["a"], "the directive '%+s' cannot have the flag '+'"],
    ["%99999s", ["a"], "the directive '%99999s' is wider than 1000 characters"],
  ])("%s with %j is refused: %s", (pattern, args, message) => {
    expect(() => formatJava(pattern, args)).toThrow(new FormatError(message));
  });

  it("never throws anything but FormatError, whatever the pattern", () => {
    const pattern = fc.array(
      fc.constantFrom("%", "s", "d", "1$", "<", "-", "0", "5", ".2", "f", "x", "e", "#", " ", "a"),
    );
    const scalar = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(pattern, fc.array(scalar), (parts, args) => {
        try {
          expect(typeof formatJava(parts.join(""), args)).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });

  it("leaves text without a percent sign as it is", () => {
    fc.assert(
      fc.property(
        fc.string().map((text) => text.replaceAll("%", "")),
        (text) => {
          expect(formatJava(text, [])).toBe(text);
        },
      ),
    );
  });

  it("rounds as decimal arithmetic does", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 6 }), (units, places) => {
        const text = formatJava(`%.${places + 1}f`, [Number(`${units}e-${places}`)]);
        expect(Number(text)).toBe(Number(`${units}e-${places}`));
      }),
    );
  });

  it("splits a pattern without losing a character of its text", () => {
    const parts = parseFormat("a%s b%%c");
    expect(parts.map((part) => (part.kind === "text" ? part.text : part.source)).join("")).toBe("a%s b%c");
  });
});
