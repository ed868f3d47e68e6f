import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NameServerSettings } from "../../providers/dns/network-settings";
import { ensureProgram } from "../../sandbox/engine/packages";
import { BindServer } from "./support/bind-server";
import { LossyRelay } from "./support/lossy-relay";
import { RecordProvider, record } from "./support/record-provider";

const DOMAIN = "apps.example.test";

describe("changes of records on a BIND", () => {
  let bind: BindServer;
  let provider: RecordProvider;
  const started: RecordProvider[] = [];

  async function start(settings: NameServerSettings): Promise<RecordProvider> {
    const other = await RecordProvider.start(settings);
    started.push(other);
    return other;
  }

  beforeAll(async () => {
    bind = await BindServer.start([{ name: DOMAIN, lines: ["elsewhere NS ns.example.net."] }]);
    provider = await start(bind.settings());
  });

  afterAll(async () => {
    for (const other of started) await other.stop();
    await bind.stop();
  });

  describe("are refused with a remedy", () => {
    const inputs = record(`refused.shop.${DOMAIN}`, "A", ["198.18.0.1"]);

    test("with a key that the server does not know", async () => {
      const { tsig, ...rest } = bind.settings();
      const other = await start({ ...rest, tsig: { ...tsig, name: "stranger" } });
      expect((await provider.failureOf(other.create(inputs))).message).toBe(
        `cannot ask for refused.shop.${DOMAIN} SOA: name server 127.0.0.1#${bind.port} does not know the key (BADKEY, key "stranger"); ` +
          "give it that key, or correct dns.tsig.name and dns.tsig.algorithm",
      );
    });

    test("with another secret, which is in no message", async () => {
      const secret = Buffer.from("another secret of that key").toString("base64");
      const { tsig, ...rest } = bind.settings();
      const other = await start({ ...rest, tsig: { ...tsig, secret } });
      const { message } = await provider.failureOf(other.create(inputs));
      expect(message).toContain('has another secret for the key (BADSIG, key "clocker"); correct dns.tsig.secret');
      expect(message + other.process.output).not.toContain(secret);
    });

    test("with a key that may not write", async () => {
      const other = await start(bind.settings("reader"));
      expect((await provider.failureOf(other.create(inputs))).message).toBe(
        `cannot create A refused.shop.${DOMAIN}: name server 127.0.0.1#${bind.port} refuses it to the key (REFUSED, key "reader"); ` +
          'allow it there, in BIND with update-policy { grant "reader" zonesub A AAAA CNAME PTR SRV TXT; }',
      );
      expect(await bind.values(inputs.name, "A")).toEqual([""]);
    });

    test.each(["web.shop.example.org", `web.elsewhere.${DOMAIN}`, "1.2.0.192.in-addr.arpa"])(
      "in no zone of the server: %s",
      async (name) => {
        const wanted = record(name, "PTR", ["a.example"]);
        expect((await provider.failureOf(provider.create(wanted))).message).toBe(
          `name server 127.0.0.1#${bind.port} serves no zone that holds ${name}; add that zone to it, or choose another dns.server or dns.domain`,
        );
      },
    );

    test("without BIND's programs", async () => {
      const empty = await mkdtemp(join(tmpdir(), "clocker-empty-"));
      const path = process.env["PATH"];
      process.env["PATH"] = empty;
      const other = await start(bind.settings()).finally(() => {
        process.env["PATH"] = path;
      });
      expect((await provider.failureOf(other.create(inputs))).message).toContain(
        "dig cannot be run (ENOENT): install it with the package bind9-dnsutils (Debian, Ubuntu)",
      );
      await rm(empty, { recursive: true });
    });

    test("by a server that is down", async () => {
      await bind.pause();
      const failure = await provider.failureOf(provider.create(inputs));
      await bind.resume();
      expect(failure.message).toBe(
        `cannot ask for refused.shop.${DOMAIN} SOA: name server 127.0.0.1#${bind.port} does not answer (connection refused); ` +
          "see that it runs, that dns.server and dns.port are right and that UDP and TCP pass",
      );
      expect(failure.partial).toBeUndefined();
    });
  });

  test("the key is in a file of this user alone while a program runs, never among its arguments or in its environment", async () => {
    const folder = await mkdtemp(join(tmpdir(), "clocker-watched-"));
    const log = join(folder, "log");
    const path = process.env["PATH"] ?? "";
    for (const program of ["dig", "nsupdate"]) {
      const real = await ensureProgram(program, ["bind9-dnsutils"], "install it so that it is on PATH", () => {});
      const script = `#!/bin/sh\n{ echo "${program} $(stat -c %a "$2") $@"; env; } >> ${log}\nexec ${real} "$@"\n`;
      await writeFile(join(folder, program), script, { mode: 0o755 });
    }
    process.env["PATH"] = `${folder}:${path}`;
    const watched = await start(bind.settings()).finally(() => {
      process.env["PATH"] = path;
    });
    const { id, outs } = await watched.create(record(`watched.${DOMAIN}`, "A", ["198.18.0.1"]));
    await watched.process.delete(id, outs);
    const seen = await readFile(log, "utf8");
    const files = [...seen.matchAll(/^(?:dig|nsupdate) 600 -k (\S+) /gm)].map(([, file = ""]) => file);
    expect(files).toHaveLength(5);
    expect(files.filter((file) => existsSync(file))).toEqual([]);
    expect(seen).not.toContain(bind.settings().tsig.secret);
    await rm(folder, { recursive: true });
  });

  describe("whose answer got lost", () => {
    let relay: LossyRelay;
    let lossy: RecordProvider;

    beforeAll(async () => {
      relay = await LossyRelay.start(bind.port);
      lossy = await start({ ...bind.settings(), port: relay.port });
    });
    afterAll(() => relay.stop());

    test("are found by a query", async () => {
      relay.lose({ answersToUpdates: true });
      const inputs = record(`answer.lost.${DOMAIN}`, "A", ["198.18.0.1"]);
      const { id, outs } = await lossy.create(inputs);
      const next = record(inputs.name, "A", ["198.18.0.2"]);
      await lossy.process.update(id, outs, next);
      expect(await bind.values(inputs.name, "A")).toEqual(["198.18.0.2"]);
    });

    test("are in the state where a query does not tell, and the next run goes on from there", async () => {
      const inputs = record(`unsettled.lost.${DOMAIN}`, "A", ["198.18.0.1"]);
      relay.lose({ answersToUpdates: true, everythingAfterUpdates: true });
      const failure = await provider.failureOf(lossy.create(inputs));
      expect(failure.partial).toMatchObject({
        id: `${inputs.name}/A`,
        properties: { ...inputs, __provider: provider.text },
      });
      const made = failure.partial?.properties ?? {};
      const next = record(inputs.name, "A", ["198.18.0.2"]);
      relay.lose({ answersToUpdates: true, everythingAfterUpdates: true });
      const second = await provider.failureOf(lossy.process.update(`${inputs.name}/A`, made, next));
      const either = second.partial?.properties ?? {};
      expect(either).toMatchObject({ ...next, values: ["198.18.0.1", "198.18.0.2"] });

      relay.lose({});
      const last = record(inputs.name, "A", ["198.18.0.3"]);
      expect(await lossy.process.diff(`${inputs.name}/A`, either, next)).toEqual({ changes: true, replaces: [] });
      const outs = await lossy.process.update(`${inputs.name}/A`, either, last);
      expect(await bind.values(inputs.name, "A")).toEqual(["198.18.0.3"]);
      await lossy.process.delete(`${inputs.name}/A`, outs);
      expect(await bind.values(inputs.name, "A")).toEqual([""]);
    });
  });
});
