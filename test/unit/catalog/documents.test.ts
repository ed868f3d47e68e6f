import { describe, expect, it } from "vitest";
import { checkCatalog } from "../../../blueprint/catalog/check";
import { formatDiagnostic } from "../../../blueprint/diagnostics";
import { parseBlueprint } from "../../../blueprint/parse";
import { filesOf } from "./catalogs";

const check = (text: string) => checkCatalog(text, "a.bom")?.map(formatDiagnostic).join("\n");
const item = (keys: string) =>
  `brooklyn.catalog:\n  id: x\n  item: {type: "docker:web"}\n${keys.replace(/^/gm, "  ")}\n`;
const SOUND = item(
  "name: Web\ndescription: a page\niconUrl: classpath://web.png\nbrooklyn.libraries: []\nscanJavaAnnotations: false",
);

describe("a catalog", () => {
  it("may say what people read", () => {
    expect(check(SOUND)).toBe("");
  });

  it("is told what its items lack, but not the values that their users give", () => {
    expect(check(item("").replace('web"', 'web", brooklyn.parameters: [{name: a, constraints: [required]}]'))).toBe("");
    expect(check(item("").replace("docker:web", "chef:web"))).toContain(
      "a.bom:3:16 error unsupported-type: service 'x' has the type 'chef:web': a Chef cookbook",
    );
  });

  it.each([
    [
      "an unknown key",
      item("itm: 1"),
      "a.bom:4:3 error unknown-key: brooklyn.catalog has the unknown key 'itm'\n  did you mean 'item'?",
    ],
    [
      "libraries",
      item("brooklyn.libraries: [a.jar]"),
      "a.bom:4:3 error unsupported-key: brooklyn.libraries of brooklyn.catalog is not supported\n  no Java runs here",
    ],
    [
      "a search for Java classes",
      item("scanJavaAnnotations: true"),
      "a.bom:4:3 error unsupported-key: scanJavaAnnotations of brooklyn.catalog is not supported",
    ],
    [
      "a policy",
      item("itemType: policy"),
      "a.bom:4:13 error unsupported-item: the catalog has an item of the type 'policy', which is no type of a service\n  policies do not run here",
    ],
    [
      "a location",
      item("itemType: location"),
      "a.bom:4:13 error unsupported-item: the catalog has an item of the type 'location', which is no type of a service\n  describe the cloud under clocker:locations",
    ],
    [
      "a kind of item that is none",
      item("itemType: thing"),
      "a.bom:4:13 error bad-catalog: the catalog has an item of the type 'thing'\n  write entity or template",
    ],
    [
      "a version that is none",
      item("version: a b"),
      "a.bom:4:12 error bad-catalog: the version of a catalog item cannot be 'a b'",
    ],
    [
      "no text where one belongs",
      item("name: [a]"),
      "a.bom:4:9 error bad-type: name of a catalog item needs a text, not a list",
    ],
    [
      "two versions",
      "brooklyn.catalog: {id: 'x:1', version: 2, item: {type: 'docker:x'}}",
      "a.bom:1:24 error bad-catalog: the id of a catalog item is 'x:1', and its version '2'",
    ],
    [
      "an id that is none",
      "brooklyn.catalog: {id: 'a b', item: {type: 'docker:x'}}",
      "a.bom:1:24 error bad-catalog: the id of a catalog item cannot be 'a b'",
    ],
    [
      "no id",
      "brooklyn.catalog: {item: {type: 'docker:x'}}",
      "a.bom:1:19 error bad-catalog: an item of the catalog has no id",
    ],
    [
      "no item",
      "brooklyn.catalog: {items: [{id: x}]}",
      "a.bom:1:28 error bad-catalog: an entry of the catalog has neither item nor items",
    ],
    [
      "an item without a type",
      "brooklyn.catalog: {id: x, item: {env: {A: 1}}}",
      "a.bom:1:33 error bad-catalog: the catalog item 'x' has neither type nor services",
    ],
    [
      "an item without services",
      "brooklyn.catalog: {id: x, item: {services: []}}",
      "a.bom:1:44 error bad-type: services of a catalog item needs a list of maps, not a list",
    ],
    [
      "an item that is a text",
      "brooklyn.catalog: {id: x, item: 5}",
      "a.bom:1:33 error bad-catalog: an item of the catalog is '5', not a map\n",
    ],
    [
      "an item at an address",
      "brooklyn.catalog: {id: x, item: 'https://example.com/a'}",
      "a.bom:1:33 error fetched-item: an item of the catalog is 'https://example.com/a', not a map: plans are not fetched",
    ],
    [
      "items that are no list",
      "brooklyn.catalog: {items: {id: x}}",
      "a.bom:1:27 error bad-type: items of brooklyn.catalog needs a list, not a map",
    ],
    [
      "a catalog on a class path",
      "brooklyn.catalog: {items: ['classpath://a.bom']}",
      "a.bom:1:28 error bad-catalog: an entry of items is 'classpath://a.bom': other catalogs are not fetched",
    ],
    [
      "an item that stands twice",
      "brooklyn.catalog:\n  items:\n  - {id: x, item: {type: 'docker:x'}}\n  - {id: x, item: {type: 'docker:y'}}\n",
      "a.bom:4:5 error duplicate-item: the catalog item 'x:0.0.0-SNAPSHOT' stands twice, first at a.bom:3",
    ],
    [
      "what stands beside its items",
      `${SOUND}location: here\n`,
      "a.bom:9:1 warning ignored-key: location has no effect beside the item of brooklyn.catalog",
    ],
  ])("is told of %s", (_claim, text, expected) => {
    const told = check(text) ?? "";
    expect(told.slice(0, expected.length)).toBe(expected);
    expect(told.split("\n")).toHaveLength(2);
  });

  it("is not what a blueprint is, whatever it defines beside", () => {
    expect(checkCatalog("services: [{type: 'docker:x'}]", "app.yaml")).toBeUndefined();
    expect(checkCatalog(`${SOUND}services: [{type: "docker:x"}]`, "app.yaml")).toBeUndefined();
    expect(checkCatalog("brooklyn.catalog: {id: x}\nservices: [{type: 'docker:x'}]", "app.bom")).toEqual([]);
  });
});

describe("the catalogs of a stack", () => {
  const texts = {
    "types/b.yml": "brooklyn.catalog: {id: b, item: {type: a}}",
    "types/a.bom": "brooklyn.catalog: {id: a, version: 1, item: {type: 'docker:a'}}",
    "types/c.yaml": "brooklyn.catalog: {id: c, item: {type: b}}",
    "types/readme.md": "no catalog",
    "more.bom": "brooklyn.catalog: {id: a, version: 2, item: {type: 'docker:a:2'}}",
    "empty/readme.md": "",
    "wrong/app.yaml": "services: [{type: 'docker:x'}]",
  };
  const parse = (...paths: readonly string[]) =>
    parseBlueprint("services: [{type: c}]", "app.yaml", { catalog: { paths, files: filesOf(texts) } });
  const told = (...paths: readonly string[]) => parse(...paths).diagnostics.map(formatDiagnostic);

  it("are files and folders, whose items may be made of each other's", () => {
    const { blueprint, diagnostics } = parse("types", "more.bom", "./types/a.bom");
    expect(diagnostics).toEqual([]);
    expect(blueprint?.services.map(({ id, type }) => [id, type])).toEqual([["c", "docker:a:2"]]);
  });

  it("are told where they cannot be read, hold nothing, or are none", () => {
    expect(told("types", "gone.bom")[0]).toContain(
      "gone.bom error unreadable-file: cannot read the catalog: there is no such file\n  name files and folders of catalogs under clocker:catalog",
    );
    expect(told("types", "empty")).toEqual([
      expect.stringContaining(
        "empty warning empty-catalog: the folder of catalogs has no *.bom, *.yaml or *.yml in it",
      ),
    ]);
    expect(told("types", "wrong")).toEqual([
      expect.stringContaining(`${"wrong/app.yaml"}:1:1 error bad-catalog: the file has no brooklyn.catalog`),
    ]);
  });
});
