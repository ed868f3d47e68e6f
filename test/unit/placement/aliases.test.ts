import { describe, expect, it } from "vitest";
import type { Service } from "../../../blueprint/model";
import { place } from "../../../placement/place";
import { blueprint, REDIS, service, settings } from "./blueprints";

const placeAll = (services: readonly Service[], placement: Record<string, string> = {}) =>
  place(blueprint(services, { locations: ["docks"] }), settings({ placement }), "dev");

const db = (id: string) => service(id, { ports: [6379] });

describe("the names under which a service answers in its network", () => {
  it("are its id, its containerName and the aliases of consumers beside it", () => {
    const { plan } = placeAll(
      [
        service("db", { ports: [6379], containerName: "store" }),
        service("web", { links: [["redis", "db"]] }),
        service("shop", { links: ["db", ["cache", "db"]] }),
        service("far", { links: [["remote", "db"]] }),
      ],
      { far: "docks/h2" },
    );
    expect(plan?.services.map((placed) => placed.aliases)).toEqual([
      ["db", "cache", "redis", "store"],
      ["web"],
      ["shop"],
      ["far"],
    ]);
  });

  it("mean one service each: two links that disagree are an error", () => {
    const { plan, diagnostics } = placeAll([
      db("one"),
      db("two"),
      service("web", { links: [["cache", "one"]] }),
      service("shop", { links: [["cache", "two"]] }),
    ]);
    expect(plan).toBeUndefined();
    expect(diagnostics).toEqual([
      {
        severity: "error",
        code: "alias-clash",
        message:
          "the name 'cache' would mean two services in the application's network on 'docks/h1': service 'web' calls its link to 'one' so, and service 'shop' calls its link to 'two' so",
        remedy: "give one of the links another alias, or place the services on different hosts",
        at: { file: "app.yaml", line: 1, column: 1, path: "services.shop.links.cache" },
      },
    ]);
  });

  it.each([
    ["an alias and an id", [db("one"), db("two"), service("web", { links: [["two", "one"]] })], {}],
    [
      "an alias and a containerName",
      [db("one"), service("two", { containerName: "cache" }), service("web", { links: [["cache", "one"]] })],
      {},
    ],
    [
      "two containerNames",
      [service("one", { containerName: "cache" }), service("two", { containerName: "cache" })],
      {},
    ],
    ["a forwarder and an id", [db("one"), db("two"), service("web", { links: [["two", "one"]] })], { one: "tasks" }],
    [
      "two forwarders",
      [db("one"), db("two"), service("web", { links: [["c", "one"]] }), service("shop", { links: [["c", "two"]] })],
      { one: "tasks", two: "docks/h2" },
    ],
  ])("clash between %s", (_, services, placement) => {
    expect(placeAll(services, placement).diagnostics.map(({ code }) => code)).toEqual(["alias-clash"]);
  });

  it.each([
    ["on different hosts", { shop: "docks/h2" }],
    ["on a platform where each consumer has its own", { web: "tasks", shop: "tasks" }],
  ])("do not clash %s", (_, placement) => {
    const { diagnostics } = placeAll(
      [db("one"), db("two"), service("web", { links: [["c", "one"]] }), service("shop", { links: [["c", "two"]] })],
      placement,
    );
    expect(diagnostics).toEqual([]);
  });

  it("may be wanted by two links to one target, and stand in a hosts entry for something else", () => {
    const machines = service("one", { workload: REDIS, locations: ["machines"] });
    const { diagnostics } = placeAll([
      machines,
      db("two"),
      service("web", { links: [["two", "one"], "two"] }),
      service("shop", { links: ["two"] }),
    ]);
    expect(diagnostics).toEqual([]);
  });
});
