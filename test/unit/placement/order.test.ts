import { describe, expect, it } from "vitest";
import type { Expression, Service } from "../../../blueprint/model";
import { place } from "../../../placement/place";
import { at, attribute, blueprint, service, settings } from "./blueprints";

const placeAll = (services: readonly Service[], config: Record<string, Expression> = {}) =>
  place(blueprint(services, { locations: ["docks"], config }), settings(), "dev");
const order = (services: readonly Service[], config: Record<string, Expression> = {}) =>
  placeAll(services, config).plan?.services.map(({ service }) => service.id);

const config = (of: string, key: string): Expression => ({ kind: "config", service: of, key, at: at(key) });
const format = (...args: Expression[]): Expression => ({ kind: "format", pattern: "%s", args, at: at("format") });

describe("the starting order", () => {
  it("is the blueprint's where nothing decides", () => {
    expect(order([service("c"), service("a"), service("b")])).toEqual(["c", "a", "b"]);
  });

  it("puts the target of a link first and leaves the rest as it stands", () => {
    const db = service("db", { ports: [1] });
    expect(order([service("web", { links: ["db"] }), service("x"), db, service("y")])).toEqual(["x", "db", "web", "y"]);
  });

  it.each([
    ["its environment", { env: { A: attribute("db", "host.address") } }],
    ["a format in its command", { commands: [format(format(attribute("db", "host.address")))] }],
    ["its entry point", { entrypoint: [attribute("db", "host.address")] }],
    ["configuration of another service", { env: { A: config("other", "db.address") } }],
    ["configuration of the application", { env: { A: config("web", "app.address") } }],
  ])("puts a service first whose sensor another one reads in %s", (_, sketch) => {
    const services = [
      service("web", sketch),
      service("other", { config: { "db.address": attribute("db", "host.address") } }),
      service("db"),
    ];
    const result = order(services, { "app.address": attribute("db", "host.address") });
    expect(result?.indexOf("db")).toBeLessThan(result?.indexOf("web") ?? -1);
  });

  it("puts the owner of volumes first, by id or containerName", () => {
    expect(order([service("web", { volumesFrom: ["store"] }), service("db", { containerName: "store" })])).toEqual([
      "db",
      "web",
    ]);
    expect(order([service("web", { volumesFrom: ["db", "somebody-elses"] }), service("db")])).toEqual(["db", "web"]);
  });

  it("ignores configuration that nothing uses, and sensors of the service itself", () => {
    const services = [
      service("web", {
        config: { unused: attribute("db", "host.address") },
        env: { A: attribute("web", "host.address") },
      }),
      service("db"),
    ];
    expect(order(services)).toEqual(["web", "db"]);
  });

  it("survives configuration that refers to itself", () => {
    expect(order([service("web", { config: { a: config("web", "a") }, env: { A: config("web", "a") } })])).toEqual([
      "web",
    ]);
  });

  it("is impossible in a circle, whose members the error names alone", () => {
    const { plan, diagnostics } = placeAll([
      service("web", { links: ["db"] }),
      service("db", { ports: [1], env: { A: attribute("queue", "host.address") } }),
      service("queue", { ports: [1], links: ["db"] }),
      service("free"),
    ]);
    expect(plan).toBeUndefined();
    expect(diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`)).toEqual([
      "dependency-circle: services db, queue wait for each other, so that none of them can start; remove one of their links or sensor references",
    ]);
  });
});

describe("the consumers of a service", () => {
  it("are those that link to it or read it, by name", () => {
    const { plan } = placeAll([
      service("db", { ports: [1] }),
      service("web", { links: ["db"] }),
      service("audit", { env: { A: attribute("db", "host.address") } }),
      service("none"),
    ]);
    expect(plan?.services[0]?.consumers).toEqual(["audit", "web"]);
  });
});

describe("volumes of another service", () => {
  it("on another host are an error", () => {
    const { diagnostics } = place(
      blueprint([service("db", { containerName: "store" }), service("web", { volumesFrom: ["store"] })], {
        locations: ["docks"],
      }),
      settings({ placement: { web: "docks/h2" } }),
      "dev",
    );
    expect(diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`)).toEqual([
      "volumes-elsewhere: service 'web' on 'docks/h2' takes volumes from 'store', which is service 'db' on 'docks/h1'; place both on one host, e.g. clocker:placement.web = docks/h1",
    ]);
  });
});
