import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNSUPPORTED_FUNCTIONS } from "../../../blueprint/dsl/functions";
import type { Expression } from "../../../blueprint/model";
import { parseBlueprint } from "../../../blueprint/parse";
import { diagnose, serviceOf } from "./diagnose";

/** An expression without its positions. */
function bare(expression: Expression | undefined): unknown {
  return JSON.parse(JSON.stringify(expression ?? null, (key, value) => (key === "at" ? undefined : value)));
}

function read(value: string): unknown {
  return bare(serviceOf(`env:\n  A: ${value}\nbrooklyn.config:\n  key: 1`).env.A);
}

const attribute = (service: string, sensor: string) => ({ kind: "attribute", service, sensor });
const literal = (value: unknown) => ({ kind: "literal", value });

describe("an expression", () => {
  it.each<[string, unknown]>([
    ['$brooklyn:component("db").attributeWhenReady("host.address")', attribute("db", "host.address")],
    ['$brooklyn:entity("db").attributeWhenReady("host.address")', attribute("db", "host.address")],
    ['$brooklyn:component("global", "db").attributeWhenReady("x")', attribute("db", "x")],
    ['$brooklyn:component("SIBLING", "db").attributeWhenReady("x")', attribute("db", "x")],
    ['$brooklyn:component("this", "-").attributeWhenReady("x")', attribute("web", "x")],
    ['$brooklyn:component("descendant", "web").attributeWhenReady("x")', attribute("web", "x")],
    ['$brooklyn:component("web").entity("db").attributeWhenReady("x")', attribute("db", "x")],
    ['$brooklyn:attributeWhenReady("host.address")', attribute("web", "host.address")],
    ['$brooklyn:config("key")', { kind: "config", service: "web", key: "key" }],
    [
      '$brooklyn:component("db").config("docker.image.tag")',
      { kind: "config", service: "db", key: "docker.image.tag" },
    ],
    ['$brooklyn:external("vault", "password")', { kind: "external", supplier: "vault", key: "password" }],
    ['$brooklyn:literal("$brooklyn:config(1)")', literal("$brooklyn:config(1)")],
    ["$brooklyn:literal(-1.5)", literal(-1.5)],
    ["$brooklyn:literal(true)", literal(true)],
    ["'$brooklyn:literal(\"it''s\")'", literal("it's")],
    ['"$brooklyn:literal(\\"a\\\\nb\\")"', literal("a\nb")],
    ['  $brooklyn:literal( "a" )  ', literal("a")],
    ['$brooklyn:formatString("plain")', { kind: "format", pattern: "plain", args: [] }],
    [
      '$brooklyn:formatString("%s:%d", component("db").attributeWhenReady("a"), $brooklyn:config("key"))',
      {
        kind: "format",
        pattern: "%s:%d",
        args: [attribute("db", "a"), { kind: "config", service: "web", key: "key" }],
      },
    ],
    ['{$brooklyn:literal: "$brooklyn:x"}', literal("$brooklyn:x")],
    ["{$brooklyn:config: key}", { kind: "config", service: "web", key: "key" }],
    ["{$brooklyn:external: [vault, password]}", { kind: "external", supplier: "vault", key: "password" }],
    ["{'$brooklyn:component(\"db\").attributeWhenReady': x}", attribute("db", "x")],
    [
      "{$brooklyn:formatString: ['%s-%s', {$brooklyn:config: key}, '$brooklyn:component(\"db\").attributeWhenReady(\"x\")']}",
      {
        kind: "format",
        pattern: "%s-%s",
        args: [{ kind: "config", service: "web", key: "key" }, attribute("db", "x")],
      },
    ],
  ])("%s is read", (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ["3.0", "3.0"],
    ["7", 7],
    ["0x1F", "0x1F"],
    ["1e3", "1e3"],
    ["12345678901234567890", "12345678901234567890"],
    ["true", true],
    ['"true"', "true"],
    ["~", null],
    ["yes", "yes"],
    ["$other:x", "$other:x"],
  ])("a plain %s keeps what is written", (value, expected) => {
    expect(read(value)).toEqual(literal(expected));
  });

  it("has the place of its function in the file", () => {
    expect(serviceOf('env:\n  A: $brooklyn:component("db").attributeWhenReady("x")').env.A).toMatchObject({
      at: { file: "app.yaml", line: 5, column: 34, path: "services[0].env.A" },
    });
  });

  it.each([...UNSUPPORTED_FUNCTIONS])("%s is told to be not supported, with what to write", (name, remedy) => {
    const message = `unsupported-function: the function ${name} is not supported\n  ${remedy}`;
    const text = (value: string) => `services:\n- type: docker:web\n  env:\n    A: ${value}\n`;
    expect(diagnose(text(`$brooklyn:${name}("a", "b")`))).toContain(`app.yaml:4:18 error ${message}`);
    expect(diagnose(text(`{$brooklyn:${name}: {a: b}}`))).toContain(message);
  });

  it("of the application's own configuration belongs to no service", () => {
    const text =
      'id: shop\nbrooklyn.config:\n  a: 1\n  b: $brooklyn:config("a")\n  c: $brooklyn:component("shop").config("a")\nservices:\n- type: docker:web\n';
    const { blueprint } = parseBlueprint(text, "app.yaml");
    const own = { kind: "config", service: "", key: "a" };
    expect([blueprint?.config.b, blueprint?.config.c].map(bare)).toEqual([own, own]);
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9.]{0,12}$/);
  const text = fc.string({ maxLength: 12 });
  /** An expression and its text without the prefix, as it stands inside another. */
  const generated = fc.letrec<{ value: { source: string; expected: unknown } }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      text.map((value) => ({ source: quoted(value), expected: literal(value) })),
      fc.integer().map((value) => ({ source: String(value), expected: literal(value) })),
      word.map((sensor) => ({ source: `attributeWhenReady("${sensor}")`, expected: attribute("web", sensor) })),
      word.map((sensor) => ({
        source: `$brooklyn:component("db").attributeWhenReady("${sensor}")`,
        expected: attribute("db", sensor),
      })),
      fc.tuple(word, word).map(([supplier, key]) => ({
        source: `external("${supplier}", "${key}")`,
        expected: { kind: "external", supplier, key },
      })),
      fc.array(tie("value"), { maxLength: 3 }).map((args) => {
        const pattern = args.map(() => "%s").join("/");
        return {
          source: `formatString(${[quoted(pattern), ...args.map((arg) => arg.source)].join(" , ")})`,
          expected: { kind: "format", pattern, args: args.map((arg) => arg.expected) },
        };
      }),
    ),
  }));

  it("is read in any nesting", () => {
    fc.assert(
      fc.property(generated.value, ({ source, expected }) => {
        expect(read(JSON.stringify(`$brooklyn:formatString("%s", ${source})`))).toEqual({
          kind: "format",
          pattern: "%s",
          args: [expected],
        });
      }),
    );
  });

  it("gives diagnostics, never an exception, for any text", () => {
    const noise = fc.array(
      fc.oneof(fc.constantFrom("(", ")", '"', ",", ".", "component", "config", "\\", "$brooklyn:"), text),
    );
    fc.assert(
      fc.property(noise, (parts) => {
        const source = JSON.stringify({
          services: [{ type: "docker:web", env: { A: `$brooklyn:${parts.join("")}` } }],
        });
        const { blueprint, diagnostics } = parseBlueprint(source, "app.json");
        expect(blueprint === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      }),
    );
  });
});

/** A string of the blueprint language. */
function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}
