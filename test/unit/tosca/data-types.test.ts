import { describe, expect, test } from "vitest";
import { parseTosca, VERSION } from "./tosca";

const ARTIFACTS = "artifacts: {image: {file: shop/web:1, type: tosca.artifacts.Deployment.Image.Container.Docker}}";

/** A template with one node of a type with a property `it` of that definition; data types are those of a shop. */
function template(definition: string, value: string, env = "", more = ""): string {
  return `${VERSION}
data_types:
  shop.Size: {derived_from: integer, constraints: [{in_range: [1, 9]}]}
  shop.Item:
    properties:
      name: {type: string}
      size: {type: shop.Size, default: 3}
      weight: {type: scalar-unit.size, required: false, constraints: [{less_or_equal: 1 GB}]}
  shop.Gift:
    derived_from: shop.Item
    properties: {to: {type: list, required: false, entry_schema: {type: string, constraints: [{min_length: 2}]}}}
  shop.Box: {properties: {gift: {type: shop.Gift, default: {name: book}}, by: {type: map, required: false, entry_schema: shop.Item}}}
  ${more}
node_types:
  shop.Web:
    derived_from: tosca.nodes.Container.Application.Docker
    properties: {it: ${definition}}
    ${ARTIFACTS}
topology_template:
  node_templates:
    web:
      type: shop.Web
      ${value === "" ? "" : `properties: {it: ${value}}`}
      interfaces: {Standard: {create: {inputs: {${env || "A: {get_property: [SELF, it]}"}}}}}
`;
}

/** What is told beside what the environment says, which takes single values only. */
function told(definition: string, value: string, more = ""): readonly string[] {
  const { diagnostics } = parseTosca(template(definition, value, "B: c", more));
  const own = diagnostics.filter(({ code }) => code !== "ignored-key");
  return own.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`);
}

const bad = (value: string, reason: string, remedy: string, at = "it") =>
  `bad-value: property '${at}' of node 'web' cannot be ${value}: ${reason}; write ${remedy}`;

describe("a value of a TOSCA template", () => {
  test.each([
    ["integer", "-3"],
    ["float", "1e3"],
    ["boolean", "true"],
    ["string", "0123"],
    ["timestamp", "2026-03-01"],
    ["timestamp", "2026-03-01T12:30:00.5-08:00"],
    ["timestamp", "2026-3-1 1:30:00 +1"],
    ["version", "2.0.1.beta-4"],
    ["range", "[1, 4]"],
    ["range", "[1, UNBOUNDED]"],
    ["list", "[a, {b: c}]"],
    ["map", "{a: [b]}"],
    ["scalar-unit.size", "4 GiB"],
    ["scalar-unit.time", "0.5 ms"],
    ["scalar-unit.frequency", "2.4GHz"],
    ["scalar-unit.bitrate", "10 Mibps"],
    ["tosca.datatypes.Credential", "{token: a, user: b}"],
    ["PortDef", "65535"],
    ["tosca:PortSpec", "{target: 80, source_range: [1, 9]}"],
    ["TimeInterval", "{start_time: 2026-03-01, end_time: 2026-03-02}"],
    ["shop.Size", "9"],
    ["shop.Gift", "{name: book, to: [ann], weight: 1000 MB}"],
    ["shop.Box", "{}"],
  ])("of the type %s may be %s", (type, value) => {
    expect(told(`{type: ${type}}`, value)).toEqual([]);
  });

  test.each([
    ["integer", "1.5", "'1.5'", "a whole number, e.g. 3"],
    ["float", "much", "'much'", "a number, e.g. 0.5"],
    ["boolean", "yes", "'yes'", "true or false"],
    ["string", "[a]", "a list", "a text"],
    ["timestamp", "2026-13-01", "'2026-13-01'", "a time, e.g. 2026-03-01T12:00:00Z"],
    ["version", "7", "'7'", "a version of at least two numbers, e.g. 2.0 or 2.0.1"],
    ["range", "[4, 1]", "a list", "two whole numbers, the lower first, e.g. [1, 4] or [1, UNBOUNDED]"],
    ["list", "a", "'a'", "a list, e.g. [a, b]"],
    ["map", "[a]", "a list", "a map, e.g. { a: b }"],
    ["scalar-unit.size", "4", "'4'", "a size, e.g. 512 MiB or 4 GB"],
    ["scalar-unit.time", "4 GB", "'4 GB'", "a time, e.g. 30 s or 2 h"],
    ["scalar-unit.frequency", "fast", "'fast'", "a frequency, e.g. 2.4 GHz"],
    ["scalar-unit.bitrate", "10", "'10'", "a bit rate, e.g. 10 Mbps"],
    ["shop.Size", "x", "'x'", "a whole number, e.g. 3"],
    ["shop.Item", "x", "'x'", "a map of name, size, weight"],
  ])("of the type %s cannot be %s", (type, value, shown, remedy) => {
    expect(told(`{type: ${type}}`, value)).toEqual([bad(shown, `it needs the type ${type}`, remedy)]);
  });

  test.each([
    ["{type: shop.Size}", "10", [bad("'10'", "its definition says in_range 1, 9", "a value that keeps it")]],
    [
      "{type: shop.Size, constraints: [{valid_values: [1, 2]}]}",
      "3",
      [bad("'3'", "its definition says valid_values 1, 2", "one of 1, 2")],
    ],
    [
      "{type: scalar-unit.size, constraints: [{greater_or_equal: 1 GiB}]}",
      "1 GB",
      [bad("'1 GB'", "its definition says greater_or_equal 1 GiB", "a value that keeps it")],
    ],
    [
      "{type: version, constraints: [{less_than: '3.10'}]}",
      "3.11.2",
      [bad("'3.11.2'", "its definition says less_than 3.10", "a value that keeps it")],
    ],
    [
      "{type: range, constraints: [{in_range: [1, 5]}]}",
      "[2, 7]",
      [bad("a list", "its definition says in_range 1, 5", "a value that keeps it")],
    ],
    [
      "{type: list, entry_schema: integer, constraints: [{max_length: 1}]}",
      "[1, x]",
      [
        bad("a list", "its definition says max_length 1", "a value that keeps it"),
        bad("'x'", "it needs the type integer", "a whole number, e.g. 3", "it.1"),
      ],
    ],
    [
      "{type: map, key_schema: {type: string, constraints: [{max_length: 1}]}, entry_schema: {type: list, entry_schema: shop.Size}}",
      "{a: [1, 12], bb: [2]}",
      [
        bad("'12'", "its definition says in_range 1, 9", "a value that keeps it", "it.a.1"),
        "bad-value: the key 'bb' of property 'it' of node 'web' cannot be 'bb': its definition says max_length 1; write a value that keeps it",
      ],
    ],
    [
      "{type: shop.Gift}",
      "{nme: a, size: 12, to: [b]}",
      [
        "unknown-property: property 'it.nme' of node 'web' is no property of its type 'shop.Gift'; did you mean 'name'?",
        "missing-property: property 'it.name' of node 'web' is needed by the type 'shop.Gift' and has no value; write `name: ...` there",
        bad("'12'", "its definition says in_range 1, 9", "a value that keeps it", "it.size"),
        bad("'b'", "its definition says min_length 2", "a value that keeps it", "it.to.0"),
      ],
    ],
    [
      "{type: shop.Box}",
      "{by: {a: {name: b, weight: 2 GB}}}",
      [bad("'2 GB'", "its definition says less_or_equal 1 GB", "a value that keeps it", "it.by.a.weight")],
    ],
    [
      "{type: Credential}",
      "{user: a, token_typ: b}",
      [
        "missing-property: property 'it.token' of node 'web' is needed by the type 'Credential' and has no value; write `token: ...` there",
        "unknown-property: property 'it.token_typ' of node 'web' is no property of its type 'Credential'; did you mean 'token_type'?",
      ],
    ],
    [
      "{type: shop.Itm}",
      "{}",
      [
        "unknown-type: property 'it' of node 'web' has the type 'shop.Itm', which neither the template nor TOSCA defines; did you mean 'shop.Item'?",
      ],
    ],
  ])("of %s, %s, is told by each mistake", (definition, value, expected) => {
    expect([...told(definition, value)].sort()).toEqual([...expected].sort());
  });

  test("is checked where it is the default of a property", () => {
    expect(told("{type: integer, default: x}", "")).toEqual([
      bad("'x'", "it needs the type integer", "a whole number, e.g. 3"),
    ]);
  });

  test.each([
    ["[SELF, it, gift, size]", "shop.Box", "{}", 3],
    ["[SELF, it, gift, name]", "shop.Box", "{}", "book"],
    ["[SELF, it, by, a, size]", "shop.Box", "{by: {a: {name: b}}}", 3],
    ["[SELF, it, 1, size]", "list, entry_schema: shop.Item", "[{name: a, size: 1}, {name: b}]", 3],
    ["[SELF, it, token_type]", "Credential", "{token: a}", "password"],
  ])("gives get_property %s the defaults of its type %s", (path, type, value, expected) => {
    const { blueprint } = parseTosca(template(`{type: ${type}}`, value, `A: {get_property: ${path}}`));
    expect(blueprint?.services[0]?.env.A).toEqual({ kind: "literal", value: expected });
  });

  test("of an input has the fields of its type, from outside too", () => {
    const text = `${template("{type: string, required: false}", "", "A: {get_input: [gift, size]}, B: {get_input: [gift, name]}")}
  inputs: {gift: {type: shop.Gift, default: {name: book}}}`;
    expect(parseTosca(text).blueprint?.services[0]?.env).toMatchObject({ A: { value: 3 }, B: { value: "book" } });
    const wrong = parseTosca(text.replace("{name: book}}}", "{name: book, size: big}}}")).diagnostics;
    expect(wrong.map(({ message, at }) => [at.line, message])).toEqual([
      [26, "input 'gift.size' cannot be 'big': it needs the type shop.Size"],
    ]);
  });

  test("of a capability is held against the type of the capability", () => {
    const more = `x.Y: {}
capability_types:
  shop.Queue: {properties: {depth: {type: integer}}}
  shop.Fast: {derived_from: shop.Queue, properties: {latency: {type: scalar-unit.time}}}`;
    const text = template("{type: string, required: false}", "", "", more)
      .replace("    artifacts", "    capabilities: {queue: shop.Fast}\n    artifacts")
      .replace(
        "      interfaces",
        "      capabilities: {queue: {properties: {depth: deep, latency: 3 GB}}}\n      interfaces",
      );
    const errors = parseTosca(text).diagnostics.filter(({ code }) => code === "bad-value");
    expect(errors.map(({ message }) => message)).toEqual([
      "property 'depth' of capability 'queue' of node 'web' cannot be 'deep': it needs the type integer",
      "property 'latency' of capability 'queue' of node 'web' cannot be '3 GB': it needs the type scalar-unit.time",
    ]);
  });

  test("that is known only while things run is not judged", () => {
    expect(told("{type: integer}", "{get_attribute: [other, private_address]}").join()).toContain("unknown-node");
    const text = template(
      "{type: map, entry_schema: integer}",
      "{a: {get_attribute: [SELF, private_address]}}",
      "B: c",
    );
    expect(parseTosca(text).diagnostics.filter(({ code }) => code === "bad-value")).toEqual([]);
  });
});

describe("a data type of a TOSCA template", () => {
  test.each([
    [
      "shop.A: {derived_from: shop.B}\n  shop.B: {derived_from: shop.A}",
      "data type 'shop.A' cannot be derived from 'shop.B'",
    ],
    ["shop.A: {derived_from: shop.None}", "data type 'shop.A' cannot be derived from 'shop.None'"],
    [
      "shop.A: {properties: {b: {type: strin}}}",
      "a value has the type 'strin', which neither the template nor TOSCA defines; did you mean 'string'?",
    ],
    ["shop.A: {properties: {b: {default: c}}}", "missing-type: property 'b' of data type 'shop.A' has no type"],
    ["shop.A: {propertys: {}}", "data type 'shop.A' has the key 'propertys'"],
    ["shop.A: {properties: [b]}", "bad-type: properties of data type 'shop.A' needs a map, not a list"],
  ])("%s is told", (more, expected) => {
    expect(told("{type: string, required: false}", "", more).join("\n")).toContain(expected);
  });

  test("whose defaults hold themselves is told, and may hold itself otherwise", () => {
    const tree = "shop.A: {properties: {b: {type: shop.A, default: {}}}}";
    expect(told("{type: shop.A}", "{}", tree).join("\n")).toContain("property-cycle: property 'it' of node 'web'");
    const finite = "shop.A: {properties: {b: {type: list, required: false, entry_schema: shop.A}}}";
    expect(told("{type: shop.A}", "{b: [{b: []}, {}]}", finite)).toEqual([]);
  });

  test("whose defaults are more than any value needs is told", () => {
    const fields = (type: string) =>
      Array.from("abcdefgh", (name) => `${name}: {type: ${type}, default: {}}`).join(", ");
    const types = Array.from({ length: 9 }, (_, at) => `t${at}: {properties: {${fields(`t${at + 1}`)}}}`);
    const more = [...types, "t9: {}"].join("\n  ");
    expect(told("{type: t0}", "{}", more).join("\n")).toContain("or there are more than 10000");
  });
});
