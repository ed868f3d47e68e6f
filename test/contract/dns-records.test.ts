import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reverseName, serviceName } from "../../providers/dns/names";
import { zonesServed } from "../../providers/dns/zones";
import { BindServer } from "./support/bind-server";
import { RecordProvider, record } from "./support/record-provider";

const DOMAIN = "apps.example.test";
const REVERSE = "18.198.in-addr.arpa";
const REVERSE_6 = "8.b.d.0.1.0.0.2.ip6.arpa";
const ADDRESS = "198.18.160.7";

describe("records on a BIND", () => {
  let bind: BindServer;
  let provider: RecordProvider;

  beforeAll(async () => {
    bind = await BindServer.start([
      { name: DOMAIN, lines: ["elsewhere NS ns.example.net.", "alias CNAME www.example.net."] },
      { name: REVERSE },
      { name: REVERSE_6 },
    ]);
    provider = await RecordProvider.start(bind.settings());
  });

  afterAll(async () => {
    await provider.stop();
    await bind.stop();
  });

  const LIFE = [
    ["A", serviceName("web", "shop", DOMAIN), DOMAIN, [ADDRESS, "198.18.160.8"], ["198.18.160.9"]],
    ["AAAA", serviceName("web", "shop", DOMAIN), DOMAIN, ["2001:db8::1"], ["2001:db8:0:0::2", "2001:DB8::1"]],
    ["SRV", `_http._tcp.shop.${DOMAIN}`, DOMAIN, [`0 0 8080 web.shop.${DOMAIN}`], [`10 5 8081 Web.shop.${DOMAIN}.`]],
    ["TXT", `note.shop.${DOMAIN}`, DOMAIN, ['a "b" \\ $x; ü\nsend', ""], ["x".repeat(700)]],
    ["CNAME", `www.shop.${DOMAIN}`, DOMAIN, [`web.shop.${DOMAIN}`], ["other.example.net"]],
    ["PTR", reverseName(ADDRESS), REVERSE, [`web.shop.${DOMAIN}`], [`Web-2.shop.${DOMAIN}.`]],
    ["PTR", reverseName("2001:db8::1"), REVERSE_6, [`web.shop.${DOMAIN}`], [`web-2.shop.${DOMAIN}`]],
  ] as const;

  test.each(LIFE)("%s %s is made, changed and deleted; the serial grows by one each time", async (...row) => {
    const [type, name, zone, first, second] = row;
    const serial = await bind.serial(zone);
    const inputs = record(name, type, first);
    const { id, outs } = await provider.create(inputs);
    expect(id).toBe(`${name}/${type}`);
    expect(outs).toEqual({ ...inputs, __provider: provider.text });
    expect(await bind.values(name, type)).toHaveLength(first.length);
    expect(await bind.serial(zone)).toBe(serial + 1);

    const same = await provider.refresh(id, outs);
    expect(same).toEqual(outs);
    expect(await provider.process.diff(id, same ?? {}, inputs)).toEqual({ changes: false, replaces: [] });

    const next = record(name, type, second, 30);
    expect(await provider.process.diff(id, outs, next)).toEqual({ changes: true, replaces: [] });
    const changed = await provider.process.update(id, outs, next);
    expect(await bind.values(name, type)).toHaveLength(second.length);
    expect(await bind.serial(zone)).toBe(serial + 2);
    const again = await provider.refresh(id, changed);
    expect(again).toEqual({ ...next, __provider: provider.text });
    expect(await provider.process.diff(id, again ?? {}, next)).toEqual({ changes: false, replaces: [] });

    await provider.process.delete(id, changed);
    expect(await bind.values(name, type)).toEqual([""]);
    expect(await bind.serial(zone)).toBe(serial + 3);
    expect(await provider.refresh(id, changed)).toBeUndefined();
    await provider.process.delete(id, changed);
    expect(await bind.serial(zone)).toBe(serial + 3);
  });

  test("a change of one value and the loss of all of them are seen and mended", async () => {
    const name = `drift.shop.${DOMAIN}`;
    const inputs = record(name, "A", ["198.18.0.1", "198.18.0.2"]);
    const { id, outs } = await provider.create(inputs);
    await bind.change(DOMAIN, `update delete ${name} A 198.18.0.2`, `update add ${name} 60 A 198.18.0.66`);

    const drifted = await provider.refresh(id, outs);
    expect(drifted).toMatchObject({ values: ["198.18.0.1", "198.18.0.66"] });
    expect(await provider.process.diff(id, drifted ?? {}, inputs)).toEqual({ changes: true, replaces: [] });
    await provider.process.update(id, drifted ?? {}, inputs);
    expect(await bind.values(name, "A")).toEqual(["198.18.0.1", "198.18.0.2"]);

    await bind.change(DOMAIN, `update delete ${name} A`);
    expect(await provider.refresh(id, outs)).toBeUndefined();
    await provider.process.delete(id, (await provider.create(inputs)).outs);
  });

  test("another TTL alone is drift too", async () => {
    const name = `ttl.shop.${DOMAIN}`;
    const inputs = record(name, "A", ["198.18.0.1"]);
    const { id, outs } = await provider.create(inputs);
    await bind.change(DOMAIN, `update delete ${name} A`, `update add ${name} 5 A 198.18.0.1`);
    const drifted = await provider.refresh(id, outs);
    expect(drifted).toMatchObject({ ttl: 5 });
    expect(await provider.process.diff(id, drifted ?? {}, inputs)).toEqual({ changes: true, replaces: [] });
  });

  describe("of somebody else", () => {
    const OTHERS = [
      ["A", "A 198.18.0.66", ["198.18.0.1"]],
      ["A", "CNAME www.example.net.", ["198.18.0.1"]],
      ["CNAME", "A 198.18.0.66", ["web.example.net"]],
      ["CNAME", "MX 10 mail.example.net.", ["web.example.net"]],
    ] as const;

    test.each(OTHERS)("stay where a new %s meets %s, and the error says what is there", async (type, there, values) => {
      const name = `${type}-${there.split(" ")[0]}.foreign.${DOMAIN}`.toLowerCase();
      const [theirType = "", ...data] = there.split(" ");
      await bind.change(DOMAIN, `update add ${name} 60 ${there}`);
      const serial = await bind.serial(DOMAIN);
      const failure = await provider.failureOf(provider.create(record(name, type, values)));
      expect(failure.message).toBe(
        `cannot create ${type} ${name}: ${name} on name server 127.0.0.1#${bind.port} holds ${there} (TTL 60), ` +
          "which this resource did not make. Delete that on the name server, or give each stack a dns.domain of its own, such as prod.example.com",
      );
      expect(failure.partial).toBeUndefined();
      expect(await bind.values(name, theirType)).toEqual([data.join(" ")]);
      expect(await bind.serial(DOMAIN)).toBe(serial);
    });

    test("that equal the wanted ones are what an interrupted run left", async () => {
      const inputs = record(`interrupted.shop.${DOMAIN}`, "A", ["198.18.0.1"]);
      await provider.create(inputs);
      const serial = await bind.serial(DOMAIN);
      const { id, outs } = await provider.create(inputs);
      expect(await bind.serial(DOMAIN)).toBe(serial);
      await provider.process.delete(id, outs);
    });

    test("are not overwritten by an update that does not know them", async () => {
      const name = `swap.shop.${DOMAIN}`;
      const { id, outs } = await provider.create(record(name, "A", ["198.18.0.1"]));
      await bind.change(DOMAIN, `update add ${name} 60 A 198.18.0.66`);
      const next = record(name, "A", ["198.18.0.2"]);
      const failure = await provider.failureOf(provider.process.update(id, outs, next));
      expect(failure.message).toContain(
        `cannot update A ${name}: ${name} on name server 127.0.0.1#${bind.port} holds `,
      );
      expect(failure.message).toContain("A 198.18.0.66 (TTL 60)");
      expect(failure.message).toContain("but 198.18.0.1 was left there. Somebody else changed it: run a refresh");
      expect(await bind.values(name, "A")).toEqual(["198.18.0.1", "198.18.0.66"]);

      const refreshed = await provider.refresh(id, outs);
      await provider.process.update(id, refreshed ?? {}, next);
      expect(await bind.values(name, "A")).toEqual(["198.18.0.2"]);
    });

    test("are left when ours beside them are deleted", async () => {
      const name = `shared.shop.${DOMAIN}`;
      const { id, outs } = await provider.create(record(name, "A", ["198.18.0.1", "198.18.0.2"]));
      await bind.change(DOMAIN, `update delete ${name} A 198.18.0.2`, `update add ${name} 60 A 198.18.0.66`);
      await provider.process.delete(id, outs);
      expect(await bind.values(name, "A")).toEqual(["198.18.0.66"]);
      expect(provider.process.output).toContain(`A ${name}: 198.18.0.66 was put there by others and stays`);
    });
  });

  test("an update puts back what somebody deleted meanwhile", async () => {
    const name = `lost.shop.${DOMAIN}`;
    const { id, outs } = await provider.create(record(name, "A", ["198.18.0.1"]));
    await bind.change(DOMAIN, `update delete ${name} A`);
    await provider.process.update(id, outs, record(name, "A", ["198.18.0.2"]));
    expect(await bind.values(name, "A")).toEqual(["198.18.0.2"]);
  });

  test("one that was deleted below a wildcard is put back beside it", async () => {
    const name = `a.wild.${DOMAIN}`;
    const inputs = record(name, "A", ["198.18.0.1"]);
    const { id, outs } = await provider.create(inputs);
    await bind.change(DOMAIN, `update add *.wild.${DOMAIN} 60 A 198.18.0.66`, `update delete ${name} A`);
    const seen = await provider.refresh(id, outs);
    expect(seen).toMatchObject({ values: ["198.18.0.66"] });
    await provider.process.update(id, seen ?? {}, inputs);
    expect(await bind.values(name, "A")).toEqual(["198.18.0.1"]);
    expect(await bind.values(`b.wild.${DOMAIN}`, "A")).toEqual(["198.18.0.66"]);
  });

  test("a replacement by a CNAME, or of one, deletes first", async () => {
    const name = `kind.shop.${DOMAIN}`;
    const { id, outs } = await provider.create(record(name, "A", ["198.18.0.1"]));
    const alias = record(name, "CNAME", ["web.example.net"]);
    expect(await provider.process.diff(id, outs, alias)).toEqual({ changes: true, replaces: ["type"] });
    expect((await provider.failureOf(provider.create(alias))).message).toContain("holds A 198.18.0.1 (TTL 60)");
    await provider.process.delete(id, outs);
    await provider.create(alias);
    expect(await bind.values(name, "CNAME")).toEqual(["web.example.net."]);
  });

  test("zones are found for all names at once, and are missing where the server serves none", async () => {
    const names = [
      `web.shop.${DOMAIN}`,
      DOMAIN,
      `alias.${DOMAIN}`,
      `web.elsewhere.${DOMAIN}`,
      reverseName(ADDRESS),
      reverseName("2001:db8::1"),
      reverseName("192.0.2.1"),
      "example.org",
    ];
    expect([...(await zonesServed(bind.settings(), names))]).toEqual(
      expect.arrayContaining([
        [`web.shop.${DOMAIN}`, DOMAIN],
        [DOMAIN, DOMAIN],
        [`alias.${DOMAIN}`, DOMAIN],
        [`web.elsewhere.${DOMAIN}`, undefined],
        [reverseName(ADDRESS), REVERSE],
        [reverseName("2001:db8::1"), REVERSE_6],
        [reverseName("192.0.2.1"), undefined],
        ["example.org", undefined],
      ]),
    );
  });

  test("wrong inputs are refused before anything is sent, with the property", async () => {
    const { failures } = await provider.process.check(
      {},
      record("we b.example", "A", ["198.18.0.1", "::1", "198.18.0.1"], 0),
    );
    expect(failures.map((failure) => failure.split(" ")[0])).toEqual(["name", "ttl", "values[1]", "values[2]"]);
  });
});
