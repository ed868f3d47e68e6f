import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reverseName, serviceName } from "../../providers/dns/names";
import type { NameServerSettings } from "../../providers/dns/network-settings";
import { zonesServed } from "../../providers/dns/zones";
import type { Properties } from "../../providers/runtime/handler";
import { BindServer } from "./support/bind-server";
import { type CallFailure, DynamicProvider } from "./support/dynamic-provider";
import { LossyRelay } from "./support/lossy-relay";
import { providerText } from "./support/provider-text";

const DOMAIN = "apps.example.test";
const REVERSE = "18.198.in-addr.arpa";
const REVERSE_6 = "8.b.d.0.1.0.0.2.ip6.arpa";
const ADDRESS = "198.18.160.7";

describe("records on a BIND", () => {
  let bind: BindServer;
  let text: string;
  let provider: DynamicProvider;
  const started: DynamicProvider[] = [];

  async function providerFor(settings: NameServerSettings): Promise<DynamicProvider> {
    const config = { "clocker:network": JSON.stringify({ dns: { domain: DOMAIN, ttl: 60, ...settings } }) };
    const process = await DynamicProvider.start(text, config);
    started.push(process);
    return process;
  }

  beforeAll(async () => {
    bind = await BindServer.start([
      { name: DOMAIN, lines: ["elsewhere NS ns.example.net.", "alias CNAME www.example.net."] },
      { name: REVERSE },
      { name: REVERSE_6 },
    ]);
    ({ text } = await providerText("dns.RecordSet"));
    provider = await providerFor(bind.settings());
  });

  afterAll(async () => {
    for (const process of started) {
      await process.stop();
      for (const secret of bind.secrets) expect(process.output).not.toContain(secret);
    }
    await bind.stop();
  });

  const record = (name: string, type: string, values: readonly string[], ttl = 60) => ({ name, type, values, ttl });

  async function create(inputs: Properties, from = provider) {
    const checked = await from.check({}, inputs);
    expect(checked.failures).toEqual([]);
    return from.create(checked.inputs);
  }

  /** What a refresh stores; undefined if the record is gone. */
  async function refresh(id: string, outs: Properties): Promise<Properties | undefined> {
    const read = await provider.read(id, outs);
    expect(read?.inputs).toEqual(read?.props);
    return read?.props;
  }

  async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
    const failure = await call.then(
      () => Promise.reject(new Error("it did not fail")),
      (error: CallFailure) => error,
    );
    for (const secret of bind.secrets) expect(failure.message).not.toContain(secret);
    return failure;
  }

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
    const { id, outs } = await create(inputs);
    expect(id).toBe(`${name}/${type}`);
    expect(outs).toEqual({ ...inputs, __provider: text });
    expect(await bind.values(name, type)).toHaveLength(first.length);
    expect(await bind.serial(zone)).toBe(serial + 1);

    const same = await refresh(id, outs);
    expect(same).toEqual(outs);
    expect(await provider.diff(id, same ?? {}, inputs)).toEqual({ changes: false, replaces: [] });

    const next = record(name, type, second, 30);
    expect(await provider.diff(id, outs, next)).toEqual({ changes: true, replaces: [] });
    const changed = await provider.update(id, outs, next);
    expect(await bind.values(name, type)).toHaveLength(second.length);
    expect(await bind.serial(zone)).toBe(serial + 2);
    const again = await refresh(id, changed);
    expect(again).toEqual({ ...next, __provider: text });
    expect(await provider.diff(id, again ?? {}, next)).toEqual({ changes: false, replaces: [] });

    await provider.delete(id, changed);
    expect(await bind.values(name, type)).toEqual([""]);
    expect(await bind.serial(zone)).toBe(serial + 3);
    expect(await refresh(id, changed)).toBeUndefined();
    await provider.delete(id, changed);
    expect(await bind.serial(zone)).toBe(serial + 3);
  });

  test("a change of one value and the loss of all of them are seen and mended", async () => {
    const name = `drift.shop.${DOMAIN}`;
    const inputs = record(name, "A", ["198.18.0.1", "198.18.0.2"]);
    const { id, outs } = await create(inputs);
    await bind.change(DOMAIN, `update delete ${name} A 198.18.0.2`, `update add ${name} 60 A 198.18.0.66`);

    const drifted = await refresh(id, outs);
    expect(drifted).toMatchObject({ values: ["198.18.0.1", "198.18.0.66"] });
    expect(await provider.diff(id, drifted ?? {}, inputs)).toEqual({ changes: true, replaces: [] });
    await provider.update(id, drifted ?? {}, inputs);
    expect(await bind.values(name, "A")).toEqual(["198.18.0.1", "198.18.0.2"]);

    await bind.change(DOMAIN, `update delete ${name} A`);
    expect(await refresh(id, outs)).toBeUndefined();
    await provider.delete(id, (await create(inputs)).outs);
  });

  test("another TTL alone is drift too", async () => {
    const name = `ttl.shop.${DOMAIN}`;
    const inputs = record(name, "A", ["198.18.0.1"]);
    const { id, outs } = await create(inputs);
    await bind.change(DOMAIN, `update delete ${name} A`, `update add ${name} 5 A 198.18.0.1`);
    const drifted = await refresh(id, outs);
    expect(drifted).toMatchObject({ ttl: 5 });
    expect(await provider.diff(id, drifted ?? {}, inputs)).toEqual({ changes: true, replaces: [] });
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
      const failure = await failureOf(create(record(name, type, values)));
      expect(failure.message).toBe(
        `cannot create ${type} ${name}: ${name} on name server 127.0.0.1#${bind.port} holds ${there} (TTL 60), ` +
          "which this resource did not make. Delete that on the name server, or choose another name",
      );
      expect(failure.partial).toBeUndefined();
      expect(await bind.values(name, theirType)).toEqual([data.join(" ")]);
      expect(await bind.serial(DOMAIN)).toBe(serial);
    });

    test("that equal the wanted ones are what an interrupted run left", async () => {
      const inputs = record(`interrupted.shop.${DOMAIN}`, "A", ["198.18.0.1"]);
      await create(inputs);
      const serial = await bind.serial(DOMAIN);
      const { id, outs } = await create(inputs);
      expect(await bind.serial(DOMAIN)).toBe(serial);
      await provider.delete(id, outs);
    });

    test("are not overwritten by an update that does not know them", async () => {
      const name = `swap.shop.${DOMAIN}`;
      const { id, outs } = await create(record(name, "A", ["198.18.0.1"]));
      await bind.change(DOMAIN, `update add ${name} 60 A 198.18.0.66`);
      const next = record(name, "A", ["198.18.0.2"]);
      const failure = await failureOf(provider.update(id, outs, next));
      expect(failure.message).toContain(
        `cannot update A ${name}: ${name} on name server 127.0.0.1#${bind.port} holds `,
      );
      expect(failure.message).toContain("A 198.18.0.66 (TTL 60)");
      expect(failure.message).toContain("but 198.18.0.1 was left there. Somebody else changed it: run a refresh");
      expect(await bind.values(name, "A")).toEqual(["198.18.0.1", "198.18.0.66"]);

      const refreshed = await refresh(id, outs);
      await provider.update(id, refreshed ?? {}, next);
      expect(await bind.values(name, "A")).toEqual(["198.18.0.2"]);
    });

    test("are left when ours beside them are deleted", async () => {
      const name = `shared.shop.${DOMAIN}`;
      const { id, outs } = await create(record(name, "A", ["198.18.0.1", "198.18.0.2"]));
      await bind.change(DOMAIN, `update delete ${name} A 198.18.0.2`, `update add ${name} 60 A 198.18.0.66`);
      await provider.delete(id, outs);
      expect(await bind.values(name, "A")).toEqual(["198.18.0.66"]);
      expect(provider.output).toContain(`A ${name}: 198.18.0.66 was put there by others and stays`);
    });
  });

  test("an update puts back what somebody deleted meanwhile", async () => {
    const name = `lost.shop.${DOMAIN}`;
    const { id, outs } = await create(record(name, "A", ["198.18.0.1"]));
    await bind.change(DOMAIN, `update delete ${name} A`);
    await provider.update(id, outs, record(name, "A", ["198.18.0.2"]));
    expect(await bind.values(name, "A")).toEqual(["198.18.0.2"]);
  });

  test("one that was deleted below a wildcard is put back beside it", async () => {
    const name = `a.wild.${DOMAIN}`;
    const inputs = record(name, "A", ["198.18.0.1"]);
    const { id, outs } = await create(inputs);
    await bind.change(DOMAIN, `update add *.wild.${DOMAIN} 60 A 198.18.0.66`, `update delete ${name} A`);
    const seen = await refresh(id, outs);
    expect(seen).toMatchObject({ values: ["198.18.0.66"] });
    await provider.update(id, seen ?? {}, inputs);
    expect(await bind.values(name, "A")).toEqual(["198.18.0.1"]);
    expect(await bind.values(`b.wild.${DOMAIN}`, "A")).toEqual(["198.18.0.66"]);
  });

  test("a replacement by a CNAME, or of one, deletes first", async () => {
    const name = `kind.shop.${DOMAIN}`;
    const { id, outs } = await create(record(name, "A", ["198.18.0.1"]));
    const alias = record(name, "CNAME", ["web.example.net"]);
    expect(await provider.diff(id, outs, alias)).toEqual({ changes: true, replaces: ["type"] });
    expect((await failureOf(create(alias))).message).toContain("holds A 198.18.0.1 (TTL 60)");
    await provider.delete(id, outs);
    await create(alias);
    expect(await bind.values(name, "CNAME")).toEqual(["web.example.net."]);
  });

  describe("are refused with a remedy", () => {
    const inputs = record(`refused.shop.${DOMAIN}`, "A", ["198.18.0.1"]);

    test("with a key that the server does not know", async () => {
      const { tsig, ...rest } = bind.settings();
      const other = await providerFor({ ...rest, tsig: { ...tsig, name: "stranger" } });
      expect((await failureOf(create(inputs, other))).message).toBe(
        `cannot ask for refused.shop.${DOMAIN} SOA: name server 127.0.0.1#${bind.port} does not know the key (BADKEY, key "stranger"); ` +
          "give it that key, or correct dns.tsig.name and dns.tsig.algorithm",
      );
    });

    test("with another secret, which is in no message", async () => {
      const secret = Buffer.from("another secret of that key").toString("base64");
      const { tsig, ...rest } = bind.settings();
      const other = await providerFor({ ...rest, tsig: { ...tsig, secret } });
      const { message } = await failureOf(create(inputs, other));
      expect(message).toContain('has another secret for the key (BADSIG, key "clocker"); correct dns.tsig.secret');
      expect(message + other.output).not.toContain(secret);
    });

    test("with a key that may not write", async () => {
      const other = await providerFor(bind.settings("reader"));
      expect((await failureOf(create(inputs, other))).message).toBe(
        `cannot create A refused.shop.${DOMAIN}: name server 127.0.0.1#${bind.port} refuses it to the key (REFUSED, key "reader"); ` +
          'allow it there, in BIND with update-policy { grant "reader" zonesub A AAAA CNAME PTR SRV TXT; }',
      );
      expect(await bind.values(inputs.name, "A")).toEqual([""]);
    });

    test.each(["web.shop.example.org", `web.elsewhere.${DOMAIN}`, "1.2.0.192.in-addr.arpa"])(
      "in no zone of the server: %s",
      async (name) => {
        const wanted = record(name, "PTR", ["a.example"]);
        expect((await failureOf(create(wanted))).message).toBe(
          `name server 127.0.0.1#${bind.port} serves no zone that holds ${name}; add that zone to it, or choose another dns.server or dns.domain`,
        );
      },
    );

    test("without BIND's programs", async () => {
      const empty = await mkdtemp(join(tmpdir(), "clocker-empty-"));
      const path = process.env["PATH"];
      process.env["PATH"] = empty;
      const other = await providerFor(bind.settings()).finally(() => {
        process.env["PATH"] = path;
      });
      expect((await failureOf(create(inputs, other))).message).toContain(
        "dig cannot be run (ENOENT): install it with the package bind9-dnsutils (Debian, Ubuntu)",
      );
      await rm(empty, { recursive: true });
    });

    test("by a server that is down", async () => {
      await bind.pause();
      const failure = await failureOf(create(inputs));
      await bind.resume();
      expect(failure.message).toBe(
        `cannot ask for refused.shop.${DOMAIN} SOA: name server 127.0.0.1#${bind.port} does not answer (connection refused); ` +
          "see that it runs, that dns.server and dns.port are right and that UDP and TCP pass",
      );
      expect(failure.partial).toBeUndefined();
    });
  });

  describe("whose answer got lost", () => {
    let relay: LossyRelay;
    let lossy: DynamicProvider;

    beforeAll(async () => {
      relay = await LossyRelay.start(bind.port);
      lossy = await providerFor({ ...bind.settings(), port: relay.port });
    });
    afterAll(() => relay.stop());

    test("are found by a query", async () => {
      relay.lose({ answersToUpdates: true });
      const inputs = record(`answer.lost.${DOMAIN}`, "A", ["198.18.0.1"]);
      const { id, outs } = await create(inputs, lossy);
      const next = record(inputs.name, "A", ["198.18.0.2"]);
      await lossy.update(id, outs, next);
      expect(await bind.values(inputs.name, "A")).toEqual(["198.18.0.2"]);
    });

    test("are in the state where a query does not tell, and the next run goes on from there", async () => {
      const inputs = record(`unsettled.lost.${DOMAIN}`, "A", ["198.18.0.1"]);
      relay.lose({ answersToUpdates: true, everythingAfterUpdates: true });
      const failure = await failureOf(create(inputs, lossy));
      expect(failure.partial).toMatchObject({ id: `${inputs.name}/A`, properties: { ...inputs, __provider: text } });
      const made = failure.partial?.properties ?? {};
      const next = record(inputs.name, "A", ["198.18.0.2"]);
      relay.lose({ answersToUpdates: true, everythingAfterUpdates: true });
      const second = await failureOf(lossy.update(`${inputs.name}/A`, made, next));
      const either = second.partial?.properties ?? {};
      expect(either).toMatchObject({ ...next, values: ["198.18.0.1", "198.18.0.2"] });

      relay.lose({});
      const last = record(inputs.name, "A", ["198.18.0.3"]);
      expect(await lossy.diff(`${inputs.name}/A`, either, next)).toEqual({ changes: true, replaces: [] });
      const outs = await lossy.update(`${inputs.name}/A`, either, last);
      expect(await bind.values(inputs.name, "A")).toEqual(["198.18.0.3"]);
      await lossy.delete(`${inputs.name}/A`, outs);
      expect(await bind.values(inputs.name, "A")).toEqual([""]);
    });
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
    const { failures } = await provider.check({}, record("we b.example", "A", ["198.18.0.1", "::1", "198.18.0.1"], 0));
    expect(failures.map((failure) => failure.split(" ")[0])).toEqual(["name", "ttl", "values[1]", "values[2]"]);
  });
});
