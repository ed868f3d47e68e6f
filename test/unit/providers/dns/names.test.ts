import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applicationDomain,
  canonicalName,
  claimingStack,
  claimName,
  claimText,
  nameProblem,
  reverseName,
  serviceName,
} from "../../../../providers/dns/names";

describe("the reverse name of an address", () => {
  test.each([
    ["192.0.2.1", "1.2.0.192.in-addr.arpa"],
    ["2001:db8::1", `1.${"0.".repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`],
    ["::", `${"0.".repeat(32)}ip6.arpa`],
    ["2001:DB8:1:2:3:4:5:6", "6.0.0.0.5.0.0.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"],
    ["::ffff:192.0.2.1", `1.0.2.0.0.0.0.c.f.f.f.f.${"0.".repeat(20)}ip6.arpa`],
  ])("of %s is %s", (address, name) => {
    expect(reverseName(address)).toBe(name);
  });

  test("is a name that can be, with as many parts as the address has, whatever way it is written", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const name = reverseName(address);
        expect(name.split(".")).toHaveLength(34);
        expect(nameProblem(name, { hostsOnly: true })).toBeUndefined();
        expect(reverseName(new URL(`http://[${address}]`).hostname.slice(1, -1))).toBe(name);
      }),
    );
  });

  test.each(["web", "192.0.2", "fe80::1%eth0"])("is refused for %s", (text) => {
    expect(() => reverseName(text)).toThrow(`"${text}" is no IP address`);
  });
});

describe("the name of a service", () => {
  test("is service, application and domain", () => {
    expect(serviceName("web", "shop", "Apps.Example.com.")).toBe("web.shop.apps.example.com");
  });

  test("keeps services apart whose ids are no labels", () => {
    const names = ["a_b", "a-b", "a__b", "A-b"].map((id) => serviceName(id, "shop", "example.com"));
    expect(new Set(names).size).toBe(4);
    expect(names[1]).toBe("a-b.shop.example.com");
    for (const name of names) expect(name).toMatch(/^a-b(-[0-9a-f]{8})?\.shop\.example\.com$/);
  });

  test("is a host's name for every id, another one for another id", () => {
    const id = fc.oneof(fc.string({ minLength: 1, maxLength: 100 }), fc.stringMatching(/^[a-z0-9_-]{1,80}$/));
    fc.assert(
      fc.property(id, id, (a, b) => {
        const [first, second] = [serviceName(a, "shop", "example.com"), serviceName(b, "shop", "example.com")];
        expect(nameProblem(first, { hostsOnly: true })).toBeUndefined();
        expect(first === second).toBe(a === b);
      }),
    );
  });

  test("is refused where the domain leaves no room", () => {
    const domain = `${"a".repeat(62)}.`.repeat(4);
    expect(() => serviceName("web", "shop", domain)).toThrow(
      `service "web" of "shop" has no name below ${domain}: it has 260 characters`,
    );
  });
});

describe("a name", () => {
  test.each(["web.example.com", "WEB.example.com.", "_http._tcp.example.com", "a"])("may be %s", (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  test.each([
    "",
    ".",
    "a..b",
    "-a.b",
    "a-.b",
    "a b",
    "a\nserver 192.0.2.1",
    `${"a".repeat(64)}.b`,
    "ü.de",
    "*.a",
    'a"b',
  ])("cannot be %j", (name) => {
    expect(nameProblem(name)).toMatch(/^has the part "/);
  });

  test("of a host has no underscore, and begins with a star only where that is asked for", () => {
    expect(nameProblem("a_b.example.com", { hostsOnly: true })).toContain("letters, digits and hyphens,");
    expect(nameProblem("*.example.com", { wildcard: true })).toBeUndefined();
    expect(nameProblem("a.*.example.com", { wildcard: true })).toContain('has the part "*"');
  });

  test("is the same in capitals and with a dot at its end", () => {
    expect(canonicalName("Web.Example.com.")).toBe("web.example.com");
  });
});

describe("the claim of a stack on an application's names", () => {
  test("stands beside them under a name that no service can have", () => {
    expect(applicationDomain("My shop", "Apps.Example.com.")).toMatch(/^my-shop-[0-9a-f]{8}\.apps\.example\.com$/);
    expect(claimName("shop", "apps.example.com")).toBe("_clocker.shop.apps.example.com");
    expect(serviceName("_clocker", "shop", "apps.example.com")).toMatch(
      /^clocker-[0-9a-f]{8}\.shop\.apps\.example\.com$/,
    );
  });

  test("names the stack, and no other text does", () => {
    expect(claimingStack(claimText("prod"))).toBe("prod");
    expect(claimingStack("prod")).toBeUndefined();
  });
});
