import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../../../placement/policy/compile";
import type { CompiledNetwork } from "../../../../placement/policy/model";
import { marathonLocation, openstackLocation } from "../../settings/example";
import { attribute, binding, host, REDIS, type ServiceSketch, settings } from "../blueprints";
import { CALICO, compiled, network, planOf, SHOP } from "./applications";

const APP = "clocker.application == 'shop' && clocker.stack == 'dev'";
const only = (id: string) => `${APP} && clocker.service == '${id}'`;

const specOf = ({ policies }: CompiledNetwork, name: string) =>
  policies.find((policy) => policy.name === `clocker-shop-dev.${name}`)?.spec;

describe("the policies of an application", () => {
  const shop = compiled(SHOP);

  it("lie in a tier of its own that refuses what no policy lets through, in the order of their names", () => {
    expect(shop.tier).toEqual({ name: "clocker-shop-dev", order: 10000, defaultAction: "Deny" });
    expect(shop.policies.map(({ name }) => name)).toEqual(
      ["every-service", "health", "monster-from-page", "page-published", "redis-from-monster", "redis-from-page"].map(
        (name) => `clocker-shop-dev.${name}`,
      ),
    );
    expect(new Set(shop.policies.map(({ spec }) => spec.tier))).toEqual(new Set(["clocker-shop-dev"]));
  });

  it("put every service under the tier, and let it ask the configured resolvers", () => {
    expect(specOf(shop, "every-service")).toEqual({
      tier: "clocker-shop-dev",
      selector: APP,
      types: ["Ingress", "Egress"],
      egress: (["UDP", "TCP"] as const).map((protocol) => ({
        action: "Allow",
        protocol,
        source: { selector: APP },
        destination: { nets: ["192.0.2.53/32"], ports: [53] },
      })),
    });
  });

  it("let a link through in both directions at both ends, to the target's own ports", () => {
    const rule = {
      action: "Allow",
      protocol: "TCP",
      source: { selector: only("page") },
      destination: { selector: only("monster"), ports: [8080, 9000] },
    };
    expect(specOf(shop, "monster-from-page")).toEqual({
      tier: "clocker-shop-dev",
      selector: `${APP} && clocker.service in {'monster', 'page'}`,
      types: ["Ingress", "Egress"],
      ingress: [rule],
      egress: [rule],
    });
  });

  it("let a container out to a machine, which its own cloud guards", () => {
    expect(specOf(shop, "redis-from-page")).toEqual({
      tier: "clocker-shop-dev",
      selector: only("page"),
      types: ["Egress"],
      egress: [
        {
          action: "Allow",
          protocol: "TCP",
          source: { selector: only("page") },
          destination: { selector: only("redis"), ports: [6379] },
        },
      ],
    });
    expect(shop.machineRules["redis"]?.sources.map(({ key }) => key)).toEqual([
      "22-from-192-0-2-1-32",
      "6379-from-192-0-2-11-32",
      "6379-from-192-0-2-21-32",
      "6379-from-192-0-2-22-32",
    ]);
  });

  it("let a machine in by its network set, and by the addresses that its location says its traffic comes from", () => {
    const services: Record<string, ServiceSketch> = {
      web: { locations: ["docks"], ports: [8080] },
      cache: { locations: ["machines"], workload: REDIS, links: ["web"] },
    };
    const ingressOf = (of = network()) => specOf(compiled(services, of), "web-from-cache");
    const bySet = {
      action: "Allow",
      protocol: "TCP",
      source: { selector: only("cache") },
      destination: { selector: only("web"), ports: [8080] },
    };
    expect(ingressOf()).toEqual({
      tier: "clocker-shop-dev",
      selector: only("web"),
      types: ["Ingress"],
      ingress: [bySet],
    });
    const machines = openstackLocation({ sources: ["192.0.2.130/25", "192.0.2.130/25"] });
    expect(ingressOf(network({}, { locations: { machines } }))?.ingress).toEqual([
      bySet,
      { ...bySet, source: { nets: ["192.0.2.128/25"] } },
    ]);
  });

  it("let the settings' sources in to published ports, by the port inside the container", () => {
    expect(specOf(shop, "page-published")).toEqual({
      tier: "clocker-shop-dev",
      selector: only("page"),
      types: ["Ingress"],
      ingress: [
        {
          action: "Allow",
          protocol: "TCP",
          source: { nets: ["203.0.113.0/24"] },
          destination: { selector: only("page"), ports: [5000] },
        },
      ],
    });
  });

  it("let Marathon check the first port of its tasks, one rule for all that are alike", () => {
    const { policies } = compiled({
      ...SHOP,
      twin: { locations: ["tasks"], ports: [8080] },
      other: { locations: ["tasks"], ports: [700] },
      silent: { locations: ["tasks"] },
    });
    const rule = (destination: unknown) => ({
      action: "Allow",
      protocol: "TCP",
      source: { nets: ["192.0.2.30/32"] },
      destination,
    });
    expect(policies.find(({ name }) => name.endsWith(".health"))?.spec).toEqual({
      tier: "clocker-shop-dev",
      selector: `${APP} && clocker.service in {'monster', 'other', 'twin'}`,
      types: ["Ingress"],
      ingress: [
        rule({ selector: only("other"), ports: [700] }),
        rule({ selector: `${APP} && clocker.service in {'monster', 'twin'}`, ports: [8080] }),
      ],
    });
  });

  it("take the health checks' addresses from the settings where they say them", () => {
    const sourcesOf = (change: Record<string, unknown>) =>
      specOf(
        compiled(
          SHOP,
          network({}, { locations: { tasks: marathonLocation({ agents: { a1: host(21) }, ...change }) } }),
        ),
        "health",
      )?.ingress?.[0]?.source;
    expect(sourcesOf({ healthSources: ["192.0.2.64/26"] })).toEqual({ nets: ["192.0.2.64/26"] });
    expect(sourcesOf({ healthSources: [] })).toBeUndefined();
  });

  it("let services read their host's metadata only where the settings say so", () => {
    const egress = specOf(compiled(SHOP, network({ calico: { ...CALICO, metadata: true } })), "every-service")?.egress;
    expect(egress?.at(-1)?.destination).toEqual({ nets: ["169.254.169.254/32"], ports: [80] });
    expect(JSON.stringify(shop.policies)).not.toContain("169.254");
  });

  it("let services ask the name server that holds their names", () => {
    const dns = { server: "192.0.2.9", domain: "example.com", tsig: { name: "k", secret: "c2VjcmV0" } };
    const { policies } = compiled(SHOP, network({ dns }));
    expect(policies[0]?.spec.egress?.[0]?.destination.nets).toEqual(["192.0.2.9/32", "192.0.2.53/32"]);
  });

  it("let a reader of sensors connect, as a link would", () => {
    const read = compiled({
      web: { locations: ["docks"], env: { HOST: attribute("db", "host.address") } },
      db: { locations: ["docks"], ports: [5432] },
    });
    expect(specOf(read, "db-from-web")?.ingress?.[0]?.destination).toEqual({ selector: only("db"), ports: [5432] });
    expect(read.relations.find(({ to }) => to.kind === "service")).toMatchObject({ why: "sensor", port: 5432 });
  });

  it("are one for several links of a service to the same target", () => {
    const { policies, relations } = compiled({
      web: {
        locations: ["docks"],
        links: [
          ["first", "db"],
          ["second", "db"],
        ],
      },
      db: { locations: ["docks"], ports: [5432] },
    });
    expect(policies.map(({ name }) => name)).toEqual([
      "clocker-shop-dev.db-from-web",
      "clocker-shop-dev.every-service",
    ]);
    expect(relations.filter(({ why }) => why === "link")).toMatchObject([{ at: { path: "services.web.links.first" } }]);
  });
});

describe("the network sets of an application", () => {
  it("are one for each machine, with the labels by which policies select it", () => {
    expect(compiled(SHOP).sets).toEqual([
      {
        name: "clocker-shop-dev.redis",
        service: "redis",
        labels: { "clocker.application": "shop", "clocker.stack": "dev", "clocker.service": "redis" },
      },
    ]);
  });
});

describe("without Calico", () => {
  it("there is no tier, policy or set, and machines let in the same", () => {
    const of = settings({ network: { sources: ["203.0.113.0/24"] } });
    const { tier, policies, sets, machineRules, problems } = compilePolicy(planOf(SHOP, of), of);
    expect({ tier, policies, sets, problems }).toEqual({ tier: undefined, policies: [], sets: [], problems: [] });
    expect(machineRules).toEqual(compiled(SHOP).machineRules);
  });
});

describe("traffic of containers to machines", () => {
  it("comes from the pool where it keeps its own address", () => {
    const rules = compiled(SHOP, network({ calico: { ...CALICO, natOutgoing: false } })).machineRules["redis"];
    expect(rules?.sources.map(({ key }) => key)).toEqual(["22-from-192-0-2-1-32", "6379-from-198-18-160-0-20"]);
  });
});

describe("names and labels", () => {
  const odd: Record<string, ServiceSketch> = {
    "a-from-b": { locations: ["docks"], ports: [1], portBindings: [binding(7001, 1)] },
    a: { locations: ["docks"], ports: [1], portBindings: [binding(7002, 1)], links: ["c", "b-from-c"] },
    c: { locations: ["docks"], ports: [1], links: ["a-from-b"] },
    "b-from-c": { locations: ["docks"], ports: [1], links: ["c"] },
    a_b: { locations: ["machines"], workload: REDIS, links: ["c"] },
    "a-b": { locations: ["machines"], workload: REDIS, links: ["c"] },
    "a-published": { locations: ["docks"], ports: [1], links: ["a"] },
    ["x".repeat(63)]: { locations: ["docks"], ports: [1], links: ["c"] },
  };

  it("are distinct and what Calico takes, whatever services are called", () => {
    const { policies, sets } = compiled(odd);
    const names = [...policies, ...sets].map(({ name }) => name);
    expect(names).toHaveLength(new Set(names).size);
    expect(names).toHaveLength(1 + 2 + 8 + 2);
    for (const name of names) {
      expect(name).toMatch(/^clocker-shop-dev\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }
  });

  it.each([
    ["dev", "dev", "clocker-shop-dev"],
    ["Test.1-", /^Test\.1--[0-9a-f]{8}$/, /^clocker-shop-test-1-[0-9a-f]{8}$/],
    ["s".repeat(100), /^s{54}-[0-9a-f]{8}$/, /^clocker-shop-s+-[0-9a-f]{8}$/],
  ])("hold the stack %s as a label and a tier can", (stack, label, tier) => {
    const of = network();
    const result = compilePolicy(planOf(SHOP, of, stack), of);
    const value = result.sets[0]?.labels["clocker.stack"] ?? "";
    expect(value).toMatch(label);
    expect(value.length).toBeLessThanOrEqual(63);
    expect(result.tier?.name).toMatch(tier);
    expect(result.tier?.name.length).toBeLessThanOrEqual(63);
    expect(result.policies[0]?.spec.selector).toContain(`clocker.stack == '${value}'`);
  });
});
