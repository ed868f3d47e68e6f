import { describe, expect, it } from "vitest";
import { isAtLeast, parseVersion, type Version } from "../../../engine/versions";

describe("versions", () => {
  it.each<[string, Version | undefined]>([
    ["v3.218.0", [3, 218, 0]],
    ["3.259.0-alpha.1700000000+abc", [3, 259, 0]],
    [" v3.248.0\n", [3, 248, 0]],
    ["go1.26.8", [1, 26, 8]],
    ["go1.27rc1", [1, 27, 0]],
    ["go1.25 X:nocoverageredesign", [1, 25, 0]],
    ["devel go1.28-abc", undefined],
    ["", undefined],
    ["command not found", undefined],
  ])("%j is read as %j", (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it.each<[Version, Version, boolean]>([
    [[3, 218, 0], [3, 218, 0], true],
    [[3, 217, 9], [3, 218, 0], false],
    [[3, 1000, 0], [3, 218, 5], true],
    [[4, 0, 0], [3, 218, 0], true],
    [[2, 999, 9], [3, 0, 0], false],
    [[1, 25, 10], [1, 25, 11], false],
  ])("%j at least %j: %s", (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});
