import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressText,
  contains,
  networkText,
  overlaps,
  parseAddress,
  parseNetwork,
  parseNetworkOrAddress,
} from "../../../../providers/calico/validation/address";
import { durationText, parseDuration } from "../../../../providers/calico/validation/duration";

describe("addresses", () => {
  it.each([
    ["198.51.100.7", "198.51.100.7"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["::", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
    ["64:ff9b::198.51.100.7", "64:ff9b::c633:6407"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ])("%s is %s", (text, canonical) => {
    const address = parseAddress(text);
    expect(address && addressText(address)).toBe(canonical);
  });

  it.each(["", "1.2.3", "01.2.3.4", "256.1.1.1", "::1%lo", "::ffff:1.2.3.4", "1.2.3.4/32", ":::", "g::", 7, null])(
    "%j is none",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  const address = fc.oneof(
    fc.bigInt(0n, 2n ** 32n - 1n).map((value) => ({ family: 4 as const, value })),
    fc
      .bigInt(0n, 2n ** 128n - 1n)
      .filter((value) => value >> 32n !== 0xffffn)
      .map((value) => ({ family: 6 as const, value })),
  );

  it("are read back as they were written", () => {
    fc.assert(fc.property(address, (given) => void expect(parseAddress(addressText(given))).toEqual(given)));
  });

  it("lie in their own network, which overlaps itself and what contains it", () => {
    fc.assert(
      fc.property(address, fc.nat(128), fc.nat(128), (given, a, b) => {
        const top = given.family === 4 ? 33 : 129;
        const [wide, narrow] = [Math.min(a, b) % top, Math.max(a, b) % top].sort((x, y) => x - y);
        const inner = parseNetwork(`${addressText(given)}/${narrow}`);
        const outer = parseNetwork(`${addressText(given)}/${wide}`);
        if (!inner || !outer) throw new Error("a network is not read");
        expect(contains(inner, given)).toBe(true);
        expect(overlaps(inner, outer) && overlaps(outer, inner)).toBe(true);
        expect(parseNetwork(networkText(inner))?.base).toBe(inner.base);
      }),
    );
  });

  it("of neighbouring networks do not overlap", () => {
    const of = (text: string) => parseNetworkOrAddress(text) ?? expect.fail(text);
    expect(overlaps(of("198.51.100.0/25"), of("198.51.100.128/25"))).toBe(false);
    expect(overlaps(of("198.51.100.0/25"), of("198.51.100.127"))).toBe(true);
    expect(overlaps(of("0.0.0.0/0"), of("::/0"))).toBe(false);
  });
});

describe("durations", () => {
  it.each([
    ["90s", "1m30s"],
    ["1h", "1h0m0s"],
    ["1h30m0.5s", "1h30m0.5s"],
    ["250ms", "250ms"],
    ["1500us", "1.5ms"],
    ["1500µs", "1.5ms"],
    ["10ns", "10ns"],
    [".5s", "500ms"],
    ["0", "0s"],
    ["0s", "0s"],
    ["24h", "24h0m0s"],
  ])("%s is %s", (text, canonical) => {
    const duration = parseDuration(text);
    expect(duration === undefined ? undefined : durationText(duration)).toBe(canonical);
  });

  it.each(["", "90", "-1s", "1 s", "1x", "s", "1m 30s", "1s2", "999999999h"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it("are read back as they were written", () => {
    fc.assert(fc.property(fc.nat(2 ** 31 - 1), (given) => void expect(parseDuration(durationText(given))).toBe(given)));
  });
});
