import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseBlueprint } from "../../../blueprint/parse";
import { languageDocument } from "../../../language/document";
import { entityFileSchema } from "../../../language/entity-schema";
import { blueprintSchema } from "../../../language/json-schema";

const ROOT = join(__dirname, "..", "..", "..");
const EXAMPLES = join(ROOT, "examples");
const validate = new Ajv2020({ strict: false }).compile(blueprintSchema());

/** A service `web` with more keys, beside another. */
const application = (keys: object) => ({
  services: [
    { type: "docker:web", id: "web", ...keys },
    { type: "docker:db", id: "db" },
  ],
});
const hasErrors = (document: object) => parseBlueprint(JSON.stringify(document), "app.json").blueprint === undefined;

const RIGHT: readonly object[] = [
  { openPorts: "6379,80", portBindings: { 80: "9090" }, env: { A: 1, B: { "$brooklyn:literal": "x" } } },
  { links: { store: '$brooklyn:component("db")' }, memory: "512m", startTimeout: "1h 30m", privileged: "TRUE" },
  { links: '$brooklyn:component("db")', cpus: ".5", restartPolicy: "on-failure:3", healthCheck: "none" },
  { healthCheck: { http: { port: 80 }, interval: "5s" }, files: { "/a": { content: "b", mode: "0400" } } },
  { "brooklyn.policies": [], managed: true, "brooklyn.config": { "docker.memory": 8388608, mine: 1 }, env: null },
  { location: "named:docks", instances: "2", labels: { a: "" }, volumes: ["/a", "b:/c:ro"] },
];

/** Of a catalog item, whose keys only the catalog knows. */
const OWN_KEYS = { type: "web:1.0.0", greeting: "hello", env: { A: 1 } };

const WRONG: readonly object[] = [
  { openPort: 80 },
  { openPorts: 70000 },
  { openPorts: { 80: 80 } },
  { portBindings: [80] },
  { portBindings: { http: 80 } },
  { env: ["A=b"] },
  { links: ["db"] },
  { memory: "much" },
  { privileged: "yes" },
  { commands: "run" },
  { instances: 0 },
  { healthCheck: { tcp: 80, command: "true" } },
  { restartPolicy: "sometimes" },
  { imageName: '$brooklyn:config("image")' },
  { volumes: "/a" },
  { managed: false },
  { "stop.latch": true },
  { "brooklyn.config": { "docker.memory": "much" } },
  { "brooklyn.config": "text" },
  { type: null },
];

describe("what is written for people and editors", () => {
  it("is the reference of the language that is committed", () => {
    expect(readFileSync(join(ROOT, "docs", "language.md"), "utf8")).toBe(languageDocument());
  });

  it("is the schema that is committed", () => {
    const committed = readFileSync(join(ROOT, "docs", "blueprint.schema.json"), "utf8");
    expect(committed).toBe(`${JSON.stringify(blueprintSchema(), undefined, 2)}\n`);
  });

  it("is the schema of entity types that is committed, which their files name and keep to", () => {
    const committed = readFileSync(join(ROOT, "docs", "entity.schema.json"), "utf8");
    expect(committed).toBe(`${JSON.stringify(entityFileSchema(), undefined, 2)}\n`);
    const keeps = new Ajv2020({ strict: false }).compile(entityFileSchema());
    for (const file of readdirSync(join(ROOT, "entities"))) {
      const text = readFileSync(join(ROOT, "entities", file), "utf8");
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/docs\/entity\.schema\.json\n/);
      expect(keeps(parse(text)), `${file}: ${JSON.stringify(keeps.errors)}`).toBe(true);
    }
  });
});

describe("the JSON Schema of blueprints", () => {
  it.each(readdirSync(EXAMPLES).filter((file) => file.endsWith(".yaml")))("accepts examples/%s", (file) => {
    expect(validate(parse(readFileSync(join(EXAMPLES, file), "utf8"))), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each(RIGHT)("accepts %j, as the parser does", (keys) => {
    expect(hasErrors(application(keys))).toBe(false);
    expect(validate(application(keys)), JSON.stringify(validate.errors)).toBe(true);
  });

  it("accepts a service of a catalog item with keys of the item", () => {
    const catalog =
      "brooklyn.catalog: {id: web, version: 1.0.0, item: {type: 'docker:web', brooklyn.parameters: [greeting]}}";
    const options = { catalog: { paths: ["a.bom"], files: { read: () => ({ text: catalog }) } } };
    expect(parseBlueprint(JSON.stringify(application(OWN_KEYS)), "app.json", options).diagnostics).toEqual([]);
    expect(validate(application(OWN_KEYS)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(application({ ...OWN_KEYS, openPorts: { 80: 80 } }))).toBe(false);
  });

  it.each(WRONG)("refuses %j, as the parser does", (keys) => {
    expect(validate(application(keys))).toBe(false);
    expect(hasErrors(application(keys))).toBe(true);
  });

  it.each([[{}], [{ services: [] }], [{ services: {} }], [{ ...application({}), policies: [] }]])(
    "refuses the application %j, as the parser does",
    (document) => {
      expect(validate(document)).toBe(false);
      expect(hasErrors(document)).toBe(true);
    },
  );
});
