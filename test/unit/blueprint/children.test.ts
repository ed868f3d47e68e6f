import { describe, expect, it } from "vitest";
import type { Expression } from "../../../blueprint/model";
import { blueprintOf, diagnose } from "./diagnose";

/** shop: web (with cache below it), tier: app, db; the expression is the value of A in app. */
function tree(value: string): string {
  return `id: shop
location: far
brooklyn.config: {level: application}
services:
- type: docker:web
  id: web
  memory: 64m
  brooklyn.config: {level: web}
  brooklyn.children:
  - {type: docker:cache, id: cache}
- type: org.apache.brooklyn.entity.stock.BasicApplication
  id: tier
  name: The tier
  location: near
  brooklyn.config:
    level: tier
    docker.container.environment: {TIER: "1"}
  brooklyn.children:
  - type: docker:app
    id: app
    brooklyn.config: {own: ${value}}
  - {type: docker:db, id: db, location: there}
`;
}

function read(value: string): unknown {
  const app = blueprintOf(tree(`'${value}'`)).services.find(({ id }) => id === "app");
  return JSON.parse(
    JSON.stringify(app?.config["own"] ?? null, (key, child: Expression) => (key === "at" ? undefined : child)),
  );
}

const config = (service: string, key = "level") => ({ kind: "config", service, key });
const sensor = (service: string) => ({ kind: "attribute", service, sensor: "x" });

describe("children of services", () => {
  it("are services of the application, below the one that holds them", () => {
    const { services, groups } = blueprintOf(tree("1"));
    expect(services.map(({ id, parent }) => [id, parent])).toEqual([
      ["web", undefined],
      ["cache", "web"],
      ["app", "tier"],
      ["db", "tier"],
    ]);
    expect(groups).toMatchObject([{ id: "tier", name: "The tier", config: { level: { value: "tier" } } }]);
  });

  it("have the location of the nearest that has one", () => {
    const { services } = blueprintOf(tree("1"));
    expect(services.map(({ locations }) => locations.map(({ name }) => name))).toEqual([[], [], ["near"], ["there"]]);
  });

  it("inherit keys of what holds them", () => {
    const [, cache, app, db] = blueprintOf(tree("1")).services;
    expect([cache?.memoryBytes, app?.memoryBytes]).toEqual([64 * 1024 ** 2, undefined]);
    expect([app?.env, db?.env]).toEqual([{ TIER: { kind: "literal", value: "1" } }, app?.env]);
  });

  it.each<[string, unknown]>([
    ['$brooklyn:config("level")', config("app")],
    ['$brooklyn:self().config("level")', config("app")],
    ['$brooklyn:parent().config("level")', config("tier")],
    ['$brooklyn:parent().parent().config("level")', config("")],
    ['$brooklyn:root().config("level")', config("")],
    ['$brooklyn:scopeRoot().config("level")', config("")],
    ['$brooklyn:application("shop").config("level")', config("")],
    ['$brooklyn:ancestor("tier").config("level")', config("tier")],
    ['$brooklyn:ancestor("shop").config("level")', config("")],
    ['$brooklyn:ancestor("app").config("level")', config("app")],
    ['$brooklyn:sibling("db").attributeWhenReady("x")', sensor("db")],
    ['$brooklyn:component("sibling", "db").attributeWhenReady("x")', sensor("db")],
    ['$brooklyn:root().child("web").attributeWhenReady("x")', sensor("web")],
    ['$brooklyn:root().child("web").child("cache").attributeWhenReady("x")', sensor("cache")],
    ['$brooklyn:component("tier").descendant("db").attributeWhenReady("x")', sensor("db")],
    ['$brooklyn:component("descendant", "app").config("level")', config("app")],
    ['$brooklyn:component("web").component("child", "cache").entityId()', { kind: "literal", value: "cache" }],
    ["$brooklyn:entityId()", { kind: "literal", value: "app" }],
    ["$brooklyn:root().entityId()", { kind: "literal", value: "shop" }],
    ["$brooklyn:location()", { kind: "location", service: "app" }],
    ['$brooklyn:component("db").location(0)', { kind: "location", service: "db" }],
    [
      '$brooklyn:urlEncode(config("level"))',
      { kind: "urlEncode", argument: { kind: "config", service: "app", key: "level" } },
    ],
    ['$brooklyn:config(formatString("lev%s", "el"))', config("app")],
  ])("%s means the entity that Brooklyn means", (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['$brooklyn:sibling("web").config("level")', "'web' is no sibling of service 'app'\n  there are 'app' and 'db'"],
    ['$brooklyn:component("tier").child("web").config("x")', "'web' is no child of service 'tier'"],
    ['$brooklyn:root().parent().config("x")', "the application has no parent"],
    ['$brooklyn:application("other").config("x")', "'other' is not the id of this application"],
    ['$brooklyn:component("tier").attributeWhenReady("x")', "service 'tier' runs nothing itself and has no sensors"],
    ['$brooklyn:component("tier").location()', "service 'tier' runs nothing itself and has no location"],
    ["$brooklyn:location(1)", "the function location cannot take the argument given"],
    ['$brooklyn:regexReplacement("a", "b*+", "")', "possessive quantifiers are not supported"],
    ['$brooklyn:regexReplacement("a", "b", "$1")', "the replacement has a group above the last, 0"],
    ["$brooklyn:parent()", "needs a value"],
    ['$brooklyn:config("levl")', "service 'app' has no configuration 'levl'\n  did you mean 'level'?"],
  ])("%s is told", (value, message) => {
    expect(diagnose(tree(`'${value}'`))).toContain(message);
  });

  it.each<[claim: string, yaml: string, message: string]>([
    ["a group without children", "services:\n- {type: BasicEntity}\n- {type: docker:a}\n", "2:3 warning empty-group"],
    ["children that are no list", "services:\n- type: docker:a\n  brooklyn.children: 1\n", "3:22 error bad-type"],
    ["a child that is no map", "services:\n- type: docker:a\n  brooklyn.children: [1]\n", "3:23 error bad-type"],
    [
      "a key of a container on a group",
      "services:\n- type: BasicApplication\n  openPorts: 80\n  brooklyn.children: [{type: docker:a}]\n",
      "3:3 error misplaced-key: openPorts of service 'group' means nothing to its type",
    ],
    [
      "a link to a group",
      'services:\n- {type: docker:a, links: [$brooklyn:component("g")]}\n- {type: BasicEntity, id: g, brooklyn.children: [{type: docker:b}]}\n',
      "error bad-link",
    ],
    [
      "one id twice, one below the other",
      "services:\n- {type: docker:a, id: a, brooklyn.children: [{type: docker:b, id: a}]}\n",
      "error duplicate-id",
    ],
  ])("tells %s", (_claim, yaml, message) => {
    expect(diagnose(yaml)).toContain(message);
  });

  it("of the application are services beside the others", () => {
    const { services } = blueprintOf("brooklyn.children: [{type: docker:a}]\nservices: [{type: docker:b}]\n");
    expect(services.map(({ id }) => id).sort()).toEqual(["a", "b"]);
  });

  it("cannot be overridden as a whole, but each by its id", () => {
    const text = "services:\n- {type: docker:a, id: a, brooklyn.children: [{type: docker:b, id: b}]}\n";
    expect(diagnose(text, { overrides: { a: { "brooklyn.children": [] } } })).toContain("error bad-override");
    const [, b] = blueprintOf(text, { overrides: { b: { memory: "64m" } } }).services;
    expect(b?.memoryBytes).toBe(64 * 1024 ** 2);
  });

  const one = (outer: string, inner = "") =>
    `${outer}services:\n- type: org.apache.brooklyn.entity.stock.BasicApplication\n${inner}  brooklyn.children: [{type: docker:a, id: a}]\n`;

  it.each<[claim: string, text: string, expected: object]>([
    ["its name and id", one("", "  id: b\n  name: B\n"), { id: "b", name: "B", groups: [] }],
    ["the outer name before its own", one("name: A\n", "  name: B\n"), { name: "A", groups: [] }],
    ["its location", one("", "  location: l\n"), { locations: [{ name: "l" }], groups: [] }],
    [
      "both configurations, the outer one before its own",
      one("brooklyn.config: {x: 1}\n", "  brooklyn.config: {x: 2, y: 3}\n"),
      { config: { x: { value: 1 }, y: { value: 3 } }, groups: [] },
    ],
    ["a group where wrappedApp asks for it", one("wrappedApp: true\n"), { groups: [{ id: "group" }] }],
    ["a group where both have locations", one("location: k\n", "  location: l\n"), { groups: [{ id: "group" }] }],
  ])("of a single application make it the application: it has %s", (_claim, text, expected) => {
    const blueprint = blueprintOf(text);
    expect(blueprint).toMatchObject(expected);
    expect(blueprint.services.map(({ id }) => id)).toEqual(["a"]);
  });
});
