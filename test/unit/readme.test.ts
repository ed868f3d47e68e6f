import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkCatalog } from "../../blueprint/catalog/check";
import { parseBlueprint } from "../../blueprint/parse";
import { place } from "../../placement/place";
import { compilePolicy } from "../../placement/policy/compile";
import { parseSettings } from "../../settings/load";
import { readmeBlocks } from "../support/readme";

const [
  blueprint = "",
  compose = "",
  tosca = "",
  catalog = "",
  catalogUse = "",
  stack = "",
  mesos = "",
  network = "",
  instances = "",
] = readmeBlocks("yaml");

function rawConfig(yaml: string): Record<string, unknown> {
  const { config } = parse(yaml) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("clocker:", ""), value]));
}

const { scripts } = JSON.parse(readFileSync(path.join(__dirname, "..", "..", "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

describe("README", () => {
  test("its Mesos cluster is one that a stack file takes in place of the Marathon there", () => {
    const { locations, ...rest } = rawConfig(stack);
    const changed = { ...(locations as object), ...(rawConfig(mesos)["locations"] as object) };
    const { settings, diagnostics } = parseSettings({ ...rest, locations: changed, encryptedKeys: new Set() });
    expect(diagnostics).toEqual([]);
    expect(settings?.locations["my-mesos-cluster"]).toMatchObject({ type: "mesos", framework: "marathon" });
  });

  test("its blueprint parses without a problem", () => {
    expect(parseBlueprint(blueprint, "shop.yaml").diagnostics).toEqual([]);
  });

  test("its Compose file parses without a problem, and links as it says", () => {
    const { blueprint: parsed, diagnostics } = parseBlueprint(compose, "compose.yaml", {
      files: { read: () => ({ problem: "" }) },
    });
    expect(diagnostics).toEqual([]);
    expect(parsed?.services.map(({ id, links }) => [id, links.map(({ target }) => target)])).toEqual([
      ["web", ["redis"]],
      ["redis", []],
    ]);
    expect(parsed?.locations.map(({ name }) => name)).toEqual(["my-docker-cloud"]);
  });

  test("its TOSCA template parses without a problem, and links as it says", () => {
    const { blueprint: parsed, diagnostics } = parseBlueprint(tosca, "template.yaml");
    expect(diagnostics).toEqual([]);
    expect(parsed?.services.map(({ id, links }) => [id, links.map(({ alias, target }) => [alias, target])])).toEqual([
      [
        "web",
        [
          ["cache", "cache"],
          ["redis", "cache"],
        ],
      ],
      ["cache", []],
    ]);
  });

  test("its catalog makes the services that it says, which know each other by the catalog's ids", () => {
    const files = { read: () => ({ text: catalog }) };
    const { blueprint: parsed, diagnostics } = parseBlueprint(catalogUse, "shop.yaml", {
      catalog: { paths: ["catalog.bom"], files },
    });
    expect(diagnostics).toEqual([]);
    expect(parsed?.services.map(({ id, links }) => [id, links.map(({ alias, target }) => [alias, target])])).toEqual([
      ["north-web", [["redis", "north-redis"]]],
      ["north-redis", []],
      ["south-web", [["redis", "south-redis"]]],
      ["south-redis", []],
      ["probe", []],
    ]);
    expect(parsed?.groups.map(({ id, config }) => [id, config["greeting"]])).toEqual([
      ["north", { kind: "literal", value: "good day" }],
      ["south", undefined],
    ]);
    expect(checkCatalog(catalog, "catalog.bom")).toEqual([]);
  });

  test("its stack file is valid and places its blueprint", () => {
    const { settings, diagnostics } = parseSettings({ ...rawConfig(stack), encryptedKeys: new Set() });
    expect(diagnostics).toEqual([]);
    const parsed = parseBlueprint(blueprint, "shop.yaml", { overrides: settings?.overrides ?? {} });
    if (parsed.blueprint === undefined || settings === undefined) {
      throw new Error("the README's examples do not parse");
    }
    const { plan, diagnostics: placement } = place(parsed.blueprint, settings, "production");
    expect(placement.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(plan?.services.map(({ service, location }) => [service.id, location])).toEqual([
      ["redis", "my-docker-cloud"],
      ["web", "my-mesos-cluster"],
    ]);
  });

  test("its network is valid for that stack, and Calico guards every service of it", () => {
    const raw = { ...rawConfig(stack), ...rawConfig(network) };
    const { settings, diagnostics } = parseSettings({ ...raw, encryptedKeys: new Set() });
    expect(diagnostics).toEqual([]);
    if (settings === undefined) throw new Error("the README's network does not parse");
    const { blueprint: parsed } = parseBlueprint(blueprint, "shop.yaml", { overrides: settings.overrides });
    const { plan } = parsed ? place(parsed, settings, "production") : {};
    if (plan === undefined) throw new Error("the README's blueprint cannot be placed");
    const { relations, problems } = compilePolicy(plan, settings);
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(relations.map(({ from, to, port }) => [from, to, port])).toContainEqual([
      { kind: "service", id: "web" },
      { kind: "service", id: "redis" },
      6379,
    ]);
  });

  test("its overrides give the blueprint three instances, with what they say of the app", () => {
    const raw = { ...rawConfig(stack), ...rawConfig(instances) };
    const { settings } = parseSettings({ ...raw, encryptedKeys: new Set() });
    if (settings === undefined) throw new Error("the README's overrides do not parse");
    const parsed = parseBlueprint(blueprint, "shop.yaml", { overrides: settings.overrides });
    expect(parsed.diagnostics).toEqual([]);
    const { plan, diagnostics } = parsed.blueprint ? place(parsed.blueprint, settings, "production") : {};
    expect(diagnostics?.filter(({ severity }) => severity === "error")).toEqual([]);
    const web = plan?.services.find(({ service }) => service.id === "web");
    expect(web?.service.instances).toBe(3);
    expect(Object.keys(web?.service.marathonApp ?? {})).toEqual(["constraints", "healthChecks", "labels"]);
    expect(web?.ports).toEqual([{ port: 9090, protocol: "tcp", hostPort: "dynamic", published: false }]);
  });

  test("every npm command in it exists", () => {
    const commands = readmeBlocks("sh").flatMap((block) => block.trim().split("\n"));
    expect(commands.length).toBeGreaterThan(2);
    for (const command of commands) {
      const name = /^npm (?:run )?(\w+)/.exec(command)?.[1];
      expect(Object.keys(scripts), command).toContain(name);
    }
  });
});
