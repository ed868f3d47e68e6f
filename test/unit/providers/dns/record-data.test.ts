import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalValue, fromData, type RecordType, toData, valueProblem } from "../../../../providers/dns/record-data";

describe("a value of a record", () => {
  test.each<[RecordType, string, string]>([
    ["A", "192.0.2.1", "192.0.2.1"],
    ["AAAA", "2001:DB8:0:0::1", "2001:db8::1"],
    ["CNAME", "Web.example.com", "web.example.com."],
    ["PTR", "web.example.com.", "web.example.com."],
    ["SRV", "0 05 8080 Web.example.com", "0 5 8080 web.example.com."],
    ["SRV", "0 0 0 .", "0 0 0 ."],
    ["TXT", 'a "b"; \\', '"a \\034b\\034\\059 \\092"'],
    ["TXT", "", '""'],
    ["TXT", "a\nsend", '"a\\010send"'],
  ])("%s %j is written %s, and read as it was", (type, value, data) => {
    expect(valueProblem(type, value)).toBeUndefined();
    expect(toData(type, value)).toBe(data);
    expect(fromData(type, data)).toBe(canonicalValue(type, value));
  });

  test("any text is one line of strings of at most 255 bytes, and is read as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        const data = toData("TXT", text);
        expect(data).toMatch(/^"(\\\d{3}|[^"\\\n]){0,255}"( "(\\\d{3}|[^"\\\n]){1,255}")*$/);
        expect(fromData("TXT", data)).toBe(text);
      }),
    );
  });

  test("of several strings, in quotes or not, with either kind of escape, is all of them", () => {
    expect(fromData("TXT", '"a\\"b\\\\" c\\"d "\\195\\164"')).toBe('a"b\\c"dä');
  });

  test.each<[RecordType, string, string]>([
    ["A", "192.0.2.256", 'must be an IPv4 address; it is "192.0.2.256"'],
    ["A", "::1", 'must be an IPv4 address; it is "::1"'],
    ["AAAA", "192.0.2.1", 'must be an IPv6 address; it is "192.0.2.1"'],
    ["AAAA", "fe80::1%eth0", 'must be an IPv6 address; it is "fe80::1%eth0"'],
    ["CNAME", "a b", 'has the part "a b"'],
    ["PTR", "a_b.example.com", 'has the part "a_b"'],
    ["SRV", "0 0 web.example.com", "must be priority, weight, port"],
    ["SRV", "0 0 65536 web.example.com", "must be priority, weight, port"],
    ["SRV", "0 0 80 a_b.example.com", 'has the part "a_b"'],
    ["TXT", "x".repeat(16_001), "has 16001 bytes; at most 16000 are allowed"],
  ])("%s cannot be %s", (type, value, problem) => {
    expect(valueProblem(type, value)).toContain(problem);
  });
});
