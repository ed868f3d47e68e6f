import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tcp } from "../../support/ports";
import { parseCompose, told } from "./compose";

describe("variables", () => {
  const image = (text: string, env: string) =>
    parseCompose(`services: {web: {image: "${text}"}}`, { ".env": env }).blueprint?.services[0]?.type;

  test.each([
    ["a:$TAG", "TAG=1", "docker:a:1"],
    ["a:${TAG}", "TAG=1", "docker:a:1"],
    ["a:${TAG:-2}", "", "docker:a:2"],
    ["a:${TAG:-2}", "TAG=", "docker:a:2"],
    ["a:x${TAG-2}", "TAG=", "docker:a:x"],
    ["a:${TAG:-${OTHER:-3}}", "", "docker:a:3"],
    ["a:${TAG:+4}5", "TAG=1", "docker:a:45"],
    ["a:${TAG+4}5", "", "docker:a:5"],
    ["a:${TAG?needed}", "TAG=6", "docker:a:6"],
    ["a:${TAG:-${NEVER?asked}}", "TAG=7", "docker:a:7"],
  ])("%s with %s gives %s", (text, env, expected) => {
    expect(image(text, env)).toBe(expected);
  });

  test.each([
    ["a:${TAG?needed}", "the variable 'TAG' is needed and not set: needed"],
    ["a:${TAG", "a brace after $ is not closed"],
    ["a:${}", "the braces after $ hold no name"],
    ["a:${TAG!x}", "'TAG' is followed by what is no operator"],
    ["a:$", "a $ stands before no name"],
    ["a$TAG", "the variable 'TAG' is not set and stands for nothing"],
  ])("%s is told", (text, expected) => {
    expect(told(`services: {web: {image: "${text}"}}`)).toContain(expected);
  });

  test("any text gives a value or an error, never an exception", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a${}:?+A-Z-]{0,30}$/), (text) => {
        parseCompose(`services: {web: {image: web, environment: {A: ${JSON.stringify(text)}}}}`);
      }),
    );
  });
});

describe("extends", () => {
  test("merges maps and lists, replaces commands, and reaches into other files", () => {
    const { blueprint, diagnostics } = parseCompose(
      `services:
  web:
    extends: {service: base, file: base/compose.yaml}
    command: [own]
    environment: {B: own}
    expose: [82]
`,
      {
        "base/compose.yaml": `services:
  base:
    extends: root
    image: web
    command: [base]
    environment: {A: base, B: base}
  root: {expose: [81]}
`,
      },
    );
    expect(diagnostics).toEqual([]);
    expect(blueprint?.services[0]).toMatchObject({
      type: "docker:web",
      ports: tcp(81, 82),
      commands: [{ value: "own" }],
      env: { A: { value: "base" }, B: { value: "own" } },
    });
  });

  test("of itself is told", () => {
    expect(told("services: {a: {extends: b}, b: {extends: a}}")).toContain("service 'a' extends itself");
  });
});

describe("profiles", () => {
  const text = "services: {web: {image: web}, debug: {image: debug, profiles: [dev]}}";

  test("leave a service out with a word, unless one of them is active", () => {
    expect(parseCompose(text).blueprint?.services.map(({ id }) => id)).toEqual(["web"]);
    expect(told(text)).toContain("service 'debug' is left out");
    const active = parseCompose(text, { ".env": "COMPOSE_PROFILES=test,dev" });
    expect(active.blueprint?.services.map(({ id }) => id)).toEqual(["web", "debug"]);
  });
});

describe("a Compose file", () => {
  test("names the application, and is told from a blueprint whose services are a map by mistake", () => {
    expect(parseCompose("name: shop\nservices: {web: {image: web}}").blueprint).toMatchObject({
      id: "shop",
      name: "shop",
    });
    expect(told("services: {web: {type: docker:web}}")).toContain("services needs a list, not a map");
  });

  test("with settings of networks and volumes is told what they do not do", () => {
    const said = told("services: {web: {image: web}}\nnetworks: {a: {driver: overlay}}\nvolumes: {b: {driver: nfs}}");
    expect(said).toContain("the settings of network 'a' have no effect");
    expect(said).toContain("'driver' of volume 'b' is not supported");
  });

  test("gives a blueprint or an error, never an exception, whatever a key holds", () => {
    const keys = [
      "ports",
      "volumes",
      "environment",
      "depends_on",
      "deploy",
      "healthcheck",
      "extends",
      "command",
      "secrets",
      "build",
      "networks",
      "env_file",
      "labels",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 }), (key, value) => {
        const { blueprint, diagnostics } = parseCompose(
          JSON.stringify({ services: { web: { image: "web", [key]: value } } }),
        );
        expect(blueprint === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      }),
    );
  });
});
