import { describe, expect, it } from "vitest";
import { place } from "../../../placement/place";
import { tcp } from "../../support/ports";
import { marathonLocation } from "../settings/example";
import { attribute, blueprint, REDIS, type ServiceSketch, service } from "./blueprints";
import { network } from "./policy/applications";

/** `web` on one site links to `db` on another, with Calico. */
function linked(web: string, db: string, target: ServiceSketch = { workload: REDIS }, locations = {}) {
  return place(
    blueprint([service("db", target), service("web", { workload: REDIS, links: [["cache", "db"]] })]),
    network({}, { placement: { web, db }, locations }),
    "dev",
  );
}

const planned = ({ plan }: ReturnType<typeof linked>, id: string) =>
  plan?.services.find((one) => one.service.id === id);

describe("with Calico the route of a link", () => {
  it.each([
    ["docks/h1", "docks/h1", "alias"],
    ["docks/h1", "docks/h2", "hosts"],
    ["docks/h1", "tasks", "hosts"],
    ["docks/h1", "machines", "hosts"],
    ["tasks", "docks/h1", "hosts"],
    ["tasks", "tasks", "hosts"],
    ["tasks", "machines", "hosts"],
    ["machines", "docks/h1", "forward"],
    ["machines", "tasks", "forward"],
    ["machines", "machines", "hosts"],
  ])("from %s to %s is %s", (web, db, route) => {
    const result = linked(web, db);
    expect(result.diagnostics).toEqual([]);
    expect(planned(result, "web")?.links).toEqual([{ alias: "cache", target: "db", ports: tcp(6379), route }]);
  });

  it("from a machine to a host port that is the port itself is a hosts entry", () => {
    const target = { workload: REDIS, directPorts: [6379] };
    expect(planned(linked("machines", "docks/h1", target), "web")?.links[0]?.route).toBe("hosts");
  });

  it("from Marathon without known agents is a forwarder's still", () => {
    const locations = { tasks: marathonLocation({ sources: ["192.0.2.32/27"] }) };
    expect(linked("tasks", "docks/h1", { workload: REDIS }, locations).diagnostics.map(({ code }) => code)).toEqual([
      "no-forwarder-host",
    ]);
    expect(planned(linked("docks/h1", "tasks", { workload: REDIS }, locations), "web")?.links[0]?.route).toBe(
      "forward",
    );
  });
});

describe("with Calico a host port", () => {
  it("is taken for consumers on machines and readers of sensors, not for containers", () => {
    const hostPort = (web: string) => planned(linked(web, "docks/h1"), "db")?.ports[0]?.hostPort;
    expect(hostPort("docks/h2")).toBeUndefined();
    expect(hostPort("tasks")).toBeUndefined();
    expect(hostPort("machines")).toEqual(expect.any(Number));
    const { plan } = place(
      blueprint([
        service("db", { workload: REDIS, locations: ["docks"] }),
        service("web", { locations: ["docks"], env: { URL: attribute("db", "mapped.docker.port.6379") } }),
      ]),
      network(),
      "dev",
    );
    expect(plan?.services[0]?.ports[0]?.hostPort).toEqual(expect.any(Number));
  });
});

describe("with Calico a link to a service without ports", () => {
  it("is an error also beside the target, with the link's line", () => {
    const { diagnostics } = linked("docks/h1", "docks/h1", {});
    expect(diagnostics.map(({ severity, message, at }) => `${severity}: ${message} [${at.path}]`)).toEqual([
      "error: cannot link service 'web' to 'db' as 'cache': 'db' declares no port, and Calico lets nothing through to it without one [services.web.links.cache]",
    ]);
  });
});
