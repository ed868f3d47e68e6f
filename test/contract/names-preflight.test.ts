import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../blueprint/diagnostics";
import { type NamesPreflight, namesPreflight } from "../../components/network/names-preflight";
import { place } from "../../placement/place";
import { claimName, claimText } from "../../providers/dns/names";
import { type Settings, settingsSchema } from "../../settings/schema";
import { blueprint, REDIS, service } from "../unit/placement/blueprints";
import { openstackLocation } from "../unit/settings/example";
import { BindServer } from "./support/bind-server";
import { RecordProvider, record } from "./support/record-provider";

const DOMAIN = "apps.example.test";
const APP = blueprint([service("web", { locations: ["docks"], ports: [80] })]);

describe("what is known of names before anything is made", () => {
  let bind: BindServer;
  let provider: RecordProvider;

  beforeAll(async () => {
    bind = await BindServer.start([{ name: DOMAIN }, { name: "160.18.198.in-addr.arpa" }]);
    provider = await RecordProvider.start(bind.settings());
  });

  afterAll(async () => {
    await provider.stop();
    await bind.stop();
  });

  /** As a stack finds it whose `clocker:network` differs in this. */
  function preflight(dns: Record<string, unknown> = {}, pool?: string, stack = "prod"): Promise<NamesPreflight> {
    const settings: Settings = settingsSchema.parse({
      blueprint: "app.yaml",
      locations: {
        docks: { type: "docker", hosts: { h1: { url: "ssh://deploy@192.0.2.11", address: "192.0.2.11" } } },
      },
      network: {
        dns: { ...bind.settings(), domain: DOMAIN, ...dns },
        ...(pool !== undefined && { calico: { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool } }),
      },
    });
    const { plan } = place(APP, settings, stack);
    if (plan === undefined) throw new Error("no plan");
    return namesPreflight(settings, plan);
  }

  async function told(found: Promise<NamesPreflight>): Promise<string> {
    const { diagnostics } = await found;
    expect(diagnostics).toHaveLength(1);
    return diagnostics.map(formatDiagnostic).join("\n");
  }

  test("a name server with the zone and the key is silent", async () => {
    expect(await preflight()).toEqual({ diagnostics: [], reverse: new Set() });
  });

  test("the reverse zone is used where it is served for the whole pool; where not, one warning says so", async () => {
    expect(await preflight({}, "198.18.160.0/24")).toEqual({ diagnostics: [], reverse: new Set(["docks"]) });
    const wider = preflight({}, "198.18.160.0/20");
    expect((await wider).reverse).toEqual(new Set());
    expect(await told(wider)).toBe(
      "stack configuration clocker:network.dns.server warning no-reverse-zone: name server 127.0.0.1 serves no reverse zone for all of " +
        "198.18.160.0/20 ('docks'): services there get no PTR records\n" +
        "  add those zones below in-addr.arpa to it if addresses are to be resolved to names; ranges that a project may not see are told by " +
        "floatingRanges of its location",
    );
  });

  test("the addresses of machines have a reverse zone where their ranges are known; where not, the warning says so", async () => {
    const machines = (change: Record<string, unknown>): Promise<NamesPreflight> => {
      const location = openstackLocation({ authUrl: "http://127.0.0.1:1/v3", ...change });
      const settings = settingsSchema.parse({
        blueprint: "app.yaml",
        locations: { machines: location },
        network: { dns: { ...bind.settings(), domain: DOMAIN } },
      });
      const { plan } = place(
        blueprint([service("store", { workload: REDIS, locations: ["machines"] })]),
        settings,
        "prod",
      );
      if (plan === undefined) throw new Error("no plan");
      return namesPreflight(settings, plan);
    };
    expect(await machines({ floatingRanges: ["198.18.160.128/25"] })).toEqual({
      diagnostics: [],
      reverse: new Set(["machines"]),
    });
    expect(await told(machines({}))).toContain(
      "for all of the floating addresses of 'machines', whose ranges are not known:",
    );
  });

  test("a zone that is not served, a wrong key and a silent server are told in one message each", async () => {
    expect(await told(preflight({ domain: "apps.example.org" }))).toBe(
      "stack configuration clocker:network.dns.domain error zone-not-served: name server 127.0.0.1 serves no zone that holds " +
        "'apps.example.org'\n  add that zone to it as its primary server, or choose another dns.server or dns.domain",
    );
    const secret = Buffer.from("another secret").toString("base64");
    const refused = await told(preflight({ tsig: { ...bind.settings().tsig, secret } }));
    expect(refused).toContain("error no-names: ");
    expect(refused).toContain("has another secret for the key");
    expect(refused).not.toContain(secret);
    expect(await told(preflight({ port: 1 }))).toMatch(
      /error unreachable-name-server: .*127\.0\.0\.1#1 does not answer/,
    );
  });

  test("BIND's programs are missed before anything is made", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    const message = await told(preflight()).finally(() => {
      process.env["PATH"] = path;
    });
    expect(message).toMatch(
      /error no-names: nsupdate cannot be run \(ENOENT\): install it with the package bind9-dnsutils/,
    );
  });

  test("a second stack of the application is refused, with the domain that would do; the first is not, nor is another domain", async () => {
    const claim = claimName(APP.id, DOMAIN);
    const { id, outs } = await provider.create(record(claim, "TXT", [claimText("prod")]));
    expect((await preflight()).diagnostics).toEqual([]);
    expect((await preflight({ domain: `staging.${DOMAIN}` }, undefined, "staging")).diagnostics).toEqual([]);
    expect(await told(preflight({}, undefined, "staging"))).toBe(
      `stack configuration clocker:network.dns.domain error names-taken: the names of application '${APP.id}' below '${DOMAIN}' belong to ` +
        "stack 'prod', this is stack 'staging'\n" +
        `  give each stack a domain of its own: pulumi config set --path 'clocker:network.dns.domain' staging.${DOMAIN}; ` +
        `where 'prod' is gone for good, or was renamed to this one, delete the TXT record ${claim}`,
    );
    const refused = await provider.failureOf(provider.create(record(claim, "TXT", [claimText("staging")])));
    expect(refused.message).toContain("give each stack a dns.domain of its own, such as prod.example.com");
    await provider.process.delete(id, outs);
  });
});
