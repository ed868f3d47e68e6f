import { describe, expect, it } from "vitest";
import { blueprintWith, outline, parseWith, told } from "./catalogs";

const WEB = `brooklyn.catalog:
  id: web
  item:
    type: docker:web:1
    name: Web
    location: near
    env: {MODE: a, SIZE: 1}
    docker.container.openPorts: [80]
    brooklyn.config: {docker.memory: 64m, mine: item, other: item}
    brooklyn.parameters:
    - {name: page, type: string, default: home, description: what is shown}
    - {name: users, type: integer}
`;

const webOf = (keys: string) => {
  const [service] = blueprintWith(WEB, `services:\n- type: web\n${keys.replace(/^/gm, "  ")}\n`).services;
  if (service === undefined) throw new Error("there is no service");
  return service;
};

describe("what a service writes beside its catalog item", () => {
  it("is all that differs from the item", () => {
    expect(webOf("")).toMatchObject({
      id: "web",
      name: "Web",
      type: "docker:web:1",
      ports: [{ port: 80 }],
      memoryBytes: 64 * 2 ** 20,
      locations: [{ name: "near", at: { file: "a.bom", line: 6 } }],
      config: { mine: { value: "item" }, page: { value: "home" }, users: { value: null } },
    });
  });

  it("replaces the item's key, in any spelling and at any place", () => {
    expect(Object.keys(webOf("brooklyn.config: {docker.container.environment: {B: 1}}").env)).toEqual(["B"]);
    expect(webOf("openPorts: 81").ports).toMatchObject([{ port: 81 }]);
    expect(webOf("memory: 32m").memoryBytes).toBe(32 * 2 ** 20);
    expect(webOf("locations: [far]").locations.map(({ name }) => name)).toEqual(["far"]);
    expect(webOf("name: Mine").name).toBe("Mine");
  });

  it("takes the item's key away if it is empty", () => {
    expect(webOf("env:").env).toEqual({});
    expect(webOf("location:").locations).toEqual([]);
    expect(Object.keys(webOf("brooklyn.config:\n").env)).toEqual(["MODE", "SIZE"]);
  });

  it("is laid over the item's configuration key by key", () => {
    const { config, memoryBytes } = webOf("brooklyn.config: {mine: use}");
    expect(config).toMatchObject({ mine: { value: "use" }, other: { value: "item" } });
    expect(memoryBytes).toBe(64 * 2 ** 20);
  });

  it("fills the item's parameters, by their bare names too", () => {
    expect(webOf("page: start\nusers: 7").config).toMatchObject({ page: { value: "start" }, users: { value: 7 } });
    expect(webOf("brooklyn.config: {page: start}").config).toMatchObject({ page: { value: "start" } });
    expect(webOf("other: use").config).toMatchObject({ other: { value: "use" } });
  });

  it("may give the item's parameters other defaults, and further ones", () => {
    const parameters = "brooklyn.parameters: [{name: page, default: start}, {name: more, default: 1}]";
    expect(webOf(parameters).config).toMatchObject({
      page: { value: "start" },
      more: { value: "1" },
      users: { value: null },
    });
  });

  it("is judged by the item's parameters, at its own place and under its own name", () => {
    expect(told(WEB, "services:\n- type: web\n  id: shop\n  users: many\n")).toContain(
      "app.yaml:4:10 error bad-parameter: users of service 'shop'",
    );
  });

  it("has the item's children and its own", () => {
    const catalog = `brooklyn.catalog:
  id: pair
  item: {type: BasicEntity, brooklyn.children: [{type: "docker:a", id: a}]}
`;
    const text = "services: [{type: pair, id: p, brooklyn.children: [{type: 'docker:b', id: b}]}]";
    expect(outline(blueprintWith(catalog, text))).toEqual(["p-a docker:a", "b docker:b"]);
  });

  it("yields to the stack's overrides, by the id in the application", () => {
    const overrides = { shop: { env: { MODE: "stack" } } };
    const { services } = blueprintWith(WEB, "services: [{type: web, id: shop}]", overrides);
    expect(services[0]?.env).toEqual({ MODE: { kind: "literal", value: "stack" } });
  });
});

const SHOP = `brooklyn.catalog:
  id: shop
  version: 1.0
  item:
    name: Shop
    location: near
    brooklyn.config: {owner: item}
    services:
    - type: docker:web
      id: web
      links: [$brooklyn:component("store")]
      env:
        STORE: $brooklyn:component("store").attributeWhenReady("host.address")
        OWNER: $brooklyn:scopeRoot().config("owner")
        ROOT: $brooklyn:scopeRoot().entityId()
        NEAR: $brooklyn:sibling("store").entityId()
    - {type: "docker:store", id: store}
`;

describe("an item with several services", () => {
  it("becomes a group, whose services have ids of their own in each use", () => {
    const text = "services: [{type: shop, id: left}, {type: shop, id: right}, {type: shop}]";
    const blueprint = blueprintWith(SHOP, text);
    expect(blueprint.groups.map(({ id, name }) => [id, name])).toEqual([
      ["left", "Shop"],
      ["right", "Shop"],
      ["shop", "Shop"],
    ]);
    expect(outline(blueprint)).toEqual([
      "left-web docker:web store=left-store",
      "left-store docker:store",
      "right-web docker:web store=right-store",
      "right-store docker:store",
      "shop-web docker:web store=shop-store",
      "shop-store docker:store",
    ]);
    const [left, , right] = blueprint.services;
    expect(left?.locations.map(({ name }) => name)).toEqual(["near"]);
    expect(left?.env).toMatchObject({
      STORE: { service: "left-store" },
      ROOT: { value: "left" },
      NEAR: { value: "left-store" },
    });
    expect(right?.env).toMatchObject({
      STORE: { service: "right-store" },
      OWNER: { kind: "config", service: "right" },
    });
  });

  it("is the application where it is the one service, and its services keep their ids", () => {
    const blueprint = blueprintWith(SHOP, "services: [{type: shop, brooklyn.config: {owner: me}}]");
    expect(blueprint).toMatchObject({ name: "Shop", groups: [], config: { owner: { value: "me" } } });
    expect(outline(blueprint)).toEqual(["web docker:web store", "store docker:store"]);
    expect(blueprint.services[0]?.env).toMatchObject({ OWNER: { kind: "config", service: "" } });
    expect(blueprint.locations.map(({ name }) => name)).toEqual(["near"]);
    expect(outline(blueprintWith(SHOP, "wrappedApp: true\nservices: [{type: shop, id: x}]"))).toContain(
      "x-store docker:store",
    );
  });

  it("does not see the blueprint's services of the same ids, and is seen by the blueprint", () => {
    const text = `services:
- {type: "docker:other", id: store}
- {type: shop, id: shop}
- type: docker:c
  id: c
  links: [$brooklyn:component("store"), $brooklyn:component("web"), $brooklyn:component("shop-store")]
`;
    expect(outline(blueprintWith(SHOP, text))).toEqual([
      "store docker:other",
      "shop-web docker:web store=shop-store",
      "shop-store docker:store",
      "c docker:c store web=shop-web shop-store",
    ]);
  });

  it("may use what stands outside of it", () => {
    const catalog = `brooklyn.catalog: {id: x, item: {type: "docker:x", links: [$brooklyn:component("db")]}}`;
    expect(outline(blueprintWith(catalog, "services: [{type: x}, {type: 'docker:db', id: db}]"))).toEqual([
      "x docker:x db",
      "db docker:db",
    ]);
  });

  it("has an id that no other service has", () => {
    const text = "services: [{type: shop, id: a}, {type: 'docker:b', id: a-store}]";
    expect(outline(blueprintWith(SHOP, text))).toEqual([
      "a-web docker:web store=a-store-2",
      "a-store-2 docker:store",
      "a-store docker:b",
    ]);
  });

  it("is named in full where several have a service of the id", () => {
    const text = `services:
- {type: shop, id: a}
- {type: shop, id: b}
- {type: "docker:c", links: [$brooklyn:component("store")]}
`;
    expect(told(SHOP, text)).toBe(
      "app.yaml:4:40 error unknown-link-target: 'store' is the id of several services that catalog items make\n  name one of them: 'a-store' and 'b-store'",
    );
  });

  it("may hold others, each with names of its own", () => {
    const catalog = `${SHOP.replace("brooklyn.catalog:\n", 'brooklyn.catalog:\n  items:\n  - id: mall\n    item: {services: [{type: shop, id: one}, {type: shop, id: two}, {type: \'docker:gate\', links: [$brooklyn:component("one").descendant("web")]}]}\n')}`;
    expect(outline(blueprintWith(catalog, "services: [{type: mall, id: m}, {type: mall}]"))).toEqual([
      "m-one-web docker:web store=m-one-store",
      "m-one-store docker:store",
      "m-two-web docker:web store=m-two-store",
      "m-two-store docker:store",
      "m-gate docker:gate web=m-one-web",
      "mall-one-web docker:web store=mall-one-store",
      "mall-one-store docker:store",
      "mall-two-web docker:web store=mall-two-store",
      "mall-two-store docker:store",
      "mall-gate docker:gate web=mall-one-web",
    ]);
  });

  it("reads what the use writes outside of the item", () => {
    const catalog = `brooklyn.catalog: {id: x, item: {type: "docker:x", id: me, env: {A: '$brooklyn:scopeRoot().entityId()', B: '$brooklyn:component("me").entityId()'}}}`;
    const text =
      "id: app\nservices: [{type: x, id: one}, {type: x, id: two, env: {A: '$brooklyn:scopeRoot().entityId()'}}]";
    const [one, two] = blueprintWith(catalog, text).services;
    expect(one?.env).toMatchObject({ A: { value: "one" }, B: { value: "one" } });
    expect(two?.env).toMatchObject({ A: { value: "app" } });
  });
});

describe("a problem of an item", () => {
  it("is told once at its place in the catalog's file, with the first service that has it", () => {
    const catalog = "brooklyn.catalog:\n  id: x\n  item:\n    type: docker:x\n    openPort: 80\n";
    expect(told(catalog, "services: [{type: x, id: a}, {type: x, id: b}]")).toBe(
      "a.bom:5:5 error unknown-key: service 'a' has the unknown key 'openPort'\n  did you mean 'openPorts'?",
    );
  });

  it("is a circle of items, with the items on it", () => {
    const catalog = `brooklyn.catalog:
  version: 1
  items:
  - {id: a, item: {type: b}}
  - {id: b, item: {services: [{type: c}, {type: "docker:x"}]}}
  - {id: c, item: {type: a}}
`;
    expect(told(catalog, "services: [{type: a}]")).toBe(
      "a.bom:6:26 error catalog-cycle: catalog items are made of each other in a circle: a:1 -> b:1 -> c:1 -> a:1\n  give one of them another type",
    );
  });

  it("is that items multiply", () => {
    const items = Array.from({ length: 20 }, (_, n) => {
      const twice = `{type: i${n + 1}}`;
      return `  - {id: i${n}, item: {services: [${twice}, ${twice}]}}`;
    });
    const catalog = `brooklyn.catalog:\n  items:\n${items.join("\n")}\n  - {id: i20, item: {type: "docker:x"}}\n`;
    const { diagnostics, blueprint } = parseWith(catalog, "services: [{type: i0}]");
    expect(blueprint).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toContain("too-many-values");
    expect(diagnostics.length).toBeLessThan(10);
  });
});
