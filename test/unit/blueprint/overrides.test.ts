import { describe, expect, it } from "vitest";
import type { Overrides } from "../../../blueprint/model";
import { parseBlueprint } from "../../../blueprint/parse";
import { tcp } from "../../support/ports";
import { blueprintOf, serviceOf } from "./diagnose";

const secret = (value: unknown) => ({ kind: "secret", value });
const literal = (value: unknown) => ({ kind: "literal", value });

describe("an override of the stack", () => {
  it.each<[string, Record<string, unknown>, object]>([
    ["openPorts: 80", { "docker.container.openPorts": [81] }, { ports: tcp(81) }],
    ["docker.container.openPorts: 80", { openPorts: 81 }, { ports: tcp(81) }],
    ["brooklyn.config: {openPorts: 80}", { openPorts: 81 }, { ports: tcp(81) }],
    ["openPorts: 80", { "brooklyn.config": { openPorts: 81 } }, { ports: tcp(81) }],
    ["openPorts: 80", { openPorts: null }, { ports: [] }],
    ["env: {A: 1, B: 2}", { env: { C: 3 } }, { env: { C: literal(3) } }],
    ["locations: [a]", { location: "b" }, { locations: [{ name: "b" }] }],
    ["memory: 1g", { type: "docker:other:2" }, { workload: { image: { repository: "other", tag: "2" } } }],
    ["brooklyn.config: {a: 1, b: 2}", { a: 3 }, { config: { a: literal(3), b: literal(2) } }],
    ["brooklyn.config: {a: 1, b: 2}", { "brooklyn.config": { a: 3 } }, { config: { a: literal(3), b: literal(2) } }],
    ["", { "brooklyn.config": { a: 3 } }, { config: { a: literal(3) } }],
    ["", { links: ['$brooklyn:component("db")'] }, { links: [{ alias: "db", target: "db" }] }],
  ])("on '%s' puts %j in its place", (keys, web, expected) => {
    expect(serviceOf(keys, { overrides: { web } })).toMatchObject(expected);
  });

  it("has the setting's path as its place", () => {
    const { env, locations } = serviceOf("", {
      overrides: { web: { location: "a", env: { A: '$brooklyn:config("docker.image.tag")' } } },
    });
    expect(locations[0]?.at).toEqual({ file: "clocker:overrides", path: "web.location" });
    expect(env.A).toMatchObject({ at: { file: "clocker:overrides", path: "web.env.A" } });
  });

  it("keeps the id that another type would give", () => {
    const { services } = blueprintOf("services:\n- type: docker:web\n", {
      overrides: { web: { type: "docker:other" } },
    });
    expect(services).toMatchObject([{ id: "web", type: "docker:other" }]);
  });

  it("makes env, words and configuration secret where it is encrypted, and nothing else", () => {
    const overrides: Overrides = {
      web: { env: { A: "a", B: 1 }, commands: ["run"], "brooklyn.config": { key: "k" }, openPorts: 81 },
    };
    const service = serviceOf("entrypoint: [sh]\nbrooklyn.config: {own: 1}", { overrides, overridesSecret: true });
    expect(service).toMatchObject({
      env: { A: secret("a"), B: secret(1) },
      commands: [secret("run")],
      entrypoint: [literal("sh")],
      ports: tcp(81),
      config: { key: secret("k"), own: literal(1) },
    });
  });

  it("hides the text of a secret pattern in secret arguments", () => {
    const value = '$brooklyn:formatString("redis://:hunter2@%s:%d/", attributeWhenReady("host.name"), 6379)';
    const { env } = serviceOf("", { overrides: { web: { env: { URL: value } } }, overridesSecret: true });
    expect(env.URL).toMatchObject({
      kind: "format",
      pattern: "%3$s%1$s%4$s%2$d%5$s",
      args: [{ kind: "attribute" }, secret(6379), secret("redis://:hunter2@"), secret(":"), secret("/")],
    });
  });

  it("with a secret value never shows it, whatever key it is given to", () => {
    const keys = [
      "type",
      "name",
      "location",
      "locations",
      "openPorts",
      "directPorts",
      "portBindings",
      "env",
      "entrypoint",
      "commands",
      "containerName",
      "volumes",
      "volumesFrom",
      "volumeMappings",
      "links",
      "start.timeout",
      "cpuShares",
      "memory",
      "privileged",
      "interactive",
      "provisioning.properties",
      "imageName",
      "imageTag",
      "docker.registry.url",
      "install.version",
      "download.url",
      "redis.port",
      "password",
      "brooklyn.config",
      "brooklyn.policies",
      "unknown",
    ];
    const values = [
      "Hunter2 /:",
      ["Hunter2 /:"],
      { a: "Hunter2 /:" },
      "$brooklyn:Hunter2 /:",
      '$brooklyn:component("Hunter2")',
    ];
    const text = "services:\n- type: docker:web\n- type: org.apache.brooklyn.entity.nosql.redis.RedisStore\n";
    for (const key of keys) {
      for (const value of values) {
        const overrides = { web: { [key]: value }, redis: { [key]: value } };
        const { diagnostics } = parseBlueprint(text, "app.yaml", { overrides, overridesSecret: true });
        expect(JSON.stringify(diagnostics), key).not.toMatch(/hunter2/i);
      }
    }
  });
});
