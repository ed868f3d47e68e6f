import { describe, expect, test } from "vitest";
import { refusal } from "../../../../providers/dns/dns-error";
import { nameServerSettings } from "../../../../providers/dns/network-settings";
import { recordSetHandler } from "../../../../providers/dns/record-set-handler";
import type { Properties } from "../../../../providers/runtime/handler";
import { UNKNOWN } from "../../../../providers/runtime/unknown";

const RECORD = { name: "web.example.com", type: "A", values: ["192.0.2.1", "192.0.2.2"], ttl: 60 };

describe("a record set's check", () => {
  const failuresOf = async (change: Properties) =>
    (await recordSetHandler.check({}, { ...RECORD, ...change })).failures;

  test("takes what is right, and what is not known yet", async () => {
    expect(await failuresOf({})).toEqual([]);
    const unknown = { name: UNKNOWN, type: UNKNOWN, values: UNKNOWN, ttl: UNKNOWN };
    expect(await failuresOf(unknown)).toEqual([]);
    expect(await failuresOf({ name: `${UNKNOWN}.example.com`, values: ["192.0.2.1", UNKNOWN] })).toEqual([]);
  });

  test.each<[Properties, string, string]>([
    [{ type: "MX" }, "type", 'must be one of A, AAAA, PTR, CNAME, SRV, TXT; it is "MX"'],
    [{ name: "a_b.example.com" }, "name", 'has the part "a_b" (3 characters) in "a_b.example.com"'],
    [{ name: 1 }, "name", "must be a text"],
    [{ ttl: 0 }, "ttl", "must be 1 to 604800 seconds; it is 0"],
    [{ ttl: 1.5 }, "ttl", "must be 1 to 604800 seconds; it is 1.5"],
    [{ values: [] }, "values", "must be a list of at least one text; it is []"],
    [{ values: undefined }, "values", "must be a list of at least one text; it is missing"],
    [{ values: ["192.0.2.1", 2] }, "values[1]", "must be a text; it is 2"],
    [{ values: ["192.0.2.1", "192.0.2.1"] }, "values[1]", "is the same as values[0]; leave one out"],
    [{ type: "AAAA", values: ["::1", "0::1"] }, "values[1]", "is the same as values[0]; leave one out"],
    [{ type: "CNAME", values: ["a.example", "b.example"] }, "values", "a CNAME has one value; these are 2"],
  ])("refuses %j with the property", async (change, property, reason) => {
    expect(await failuresOf(change)).toEqual([{ property, reason: expect.stringContaining(reason) }]);
  });
});

describe("a record set's diff", () => {
  const diff = (change: Properties, olds: Properties = RECORD) =>
    recordSetHandler.diff("", olds, { ...RECORD, ...change });

  test.each([{}, { name: "WEB.example.com." }, { values: ["192.0.2.2", "192.0.2.1"] }])(
    "finds nothing in another way of writing: %j",
    async (change) => {
      expect(await diff(change)).toEqual({ changes: false, replaces: [], deleteBeforeReplace: false });
    },
  );

  test.each([{ ttl: 61 }, { values: ["192.0.2.1"] }, { values: ["192.0.2.1", UNKNOWN] }, { ttl: UNKNOWN }])(
    "updates for %j",
    async (change) => {
      expect(await diff(change)).toMatchObject({ changes: true, replaces: [] });
    },
  );

  test.each([
    [{ name: "b.example.com" }, ["name"], false],
    [{ name: UNKNOWN }, ["name"], false],
    [{ type: "AAAA", values: ["::1"] }, ["type"], false],
    [{ type: "CNAME", values: ["a.example"] }, ["type"], true],
    [{ type: "CNAME", values: ["a.example"], name: "b.example.com" }, ["name", "type"], false],
  ])("replaces for %j; where a CNAME excludes the other, the old one goes first", async (change, replaces, first) => {
    expect(await diff(change)).toEqual({ changes: true, replaces, deleteBeforeReplace: first });
  });
});

describe("the name server's settings", () => {
  const settingsOf = (text: string | undefined) => nameServerSettings({ get: () => text });
  const dns = { server: "192.0.2.53", domain: "example.com", tsig: { name: "k", secret: "c2VjcmV0" } };

  test("have defaults for port and algorithm", () => {
    expect(settingsOf(JSON.stringify({ dns }))).toEqual({
      server: "192.0.2.53",
      port: 53,
      tsig: { name: "k", algorithm: "hmac-sha256", secret: "c2VjcmV0" },
    });
  });

  test.each([
    [undefined, "dns: "],
    ["{}", "dns: "],
    [JSON.stringify({ dns: { ...dns, server: "ns.example.com" } }), "dns.server: an IP address"],
    [
      JSON.stringify({ dns: { ...dns, tsig: { ...dns.tsig, name: 'k"; };' } } }),
      "dns.tsig.name: the name of a TSIG key",
    ],
    [JSON.stringify({ dns: { ...dns, tsig: { ...dns.tsig, secret: "s3cret!" } } }), "dns.tsig.secret: "],
  ])("are refused as %s with the field, without its value", (text, field) => {
    expect(() => settingsOf(text)).toThrow(`clocker:network does not say how to reach the name server: ${field}`);
    expect(() => settingsOf(text)).not.toThrow("s3cret");
  });
});

test.each([
  ["BADTIME", 'a clock that differs from this machine\'s by more than 5 minutes (BADTIME, key "k"); set both clocks'],
  ["NOTAUTH", 'is not the primary server of that zone (NOTAUTH, key "k"); set dns.server to the primary server'],
  ["SERVFAIL", 'failed (SERVFAIL, key "k"); see its log'],
  ["BADVERS", "answered BADVERS; see its log"],
])("the code %s is explained with a remedy", (code, text) => {
  const error = refusal(code, "create A web.example.com", "192.0.2.53#53", "k");
  expect(error.message).toContain("cannot create A web.example.com: name server 192.0.2.53#53 ");
  expect(error.message).toContain(text);
});
