import { describe, expect, it } from "vitest";
import type { PlacementResult } from "../../../placement/model";
import { place } from "../../../placement/place";
import { tcp } from "../../support/ports";
import { marathonLocation, openstackLocation } from "../settings/example";
import { attribute, binding, blueprint, host, REDIS, type ServiceSketch, service, settings } from "./blueprints";

/** `web` on one site links to `db` (Redis, 6379) on another as `cache`. */
function linked(
  web: string,
  db: string,
  { target = {}, locations = {} }: { target?: ServiceSketch; locations?: Record<string, unknown> } = {},
): PlacementResult {
  return place(
    blueprint([
      service("db", { workload: REDIS, ...target }),
      service("web", { workload: REDIS, links: [["cache", "db"]] }),
    ]),
    settings({ placement: { web, db }, network: { sources: ["192.0.2.0/24"] } }, locations),
    "dev",
  );
}

const planned = ({ plan }: PlacementResult, id: string) => plan?.services.find(({ service }) => service.id === id);
const route = (result: PlacementResult) => planned(result, "web")?.links[0]?.route;
const hostPort = (result: PlacementResult) => planned(result, "db")?.ports[0]?.hostPort;
const texts = ({ diagnostics }: PlacementResult) =>
  diagnostics.map(({ severity, code, message, remedy }) => `${severity} ${code}: ${message}; ${remedy}`);

describe("the route of a link", () => {
  it.each([
    ["docks/h1", "docks/h1", "alias"],
    ["docks/h1", "docks/h2", "forward"],
    ["docks/h1", "tasks", "forward"],
    ["docks/h1", "machines", "hosts"],
    ["tasks", "docks/h1", "forward"],
    ["tasks", "tasks", "forward"],
    ["tasks", "machines", "hosts"],
    ["machines", "docks/h1", "forward"],
    ["machines", "tasks", "forward"],
    ["machines", "machines", "hosts"],
  ])("from %s to %s is %s", (web, db, expected) => {
    const result = linked(web, db);
    expect(texts(result)).toEqual([]);
    expect(planned(result, "web")?.links).toEqual([
      { alias: "cache", target: "db", ports: tcp(6379), route: expected },
    ]);
  });

  it.each([
    ["docks/h1", "docks/h2"],
    ["docks/h1", "tasks"],
    ["tasks", "docks/h1"],
    ["tasks", "tasks"],
    ["machines", "docks/h1"],
    ["machines", "tasks"],
  ])("from %s to %s is a hosts entry where the host port is the port", (web, db) => {
    expect(route(linked(web, db, { target: { directPorts: [6379] } }))).toBe("hosts");
    expect(route(linked(web, db, { target: { portBindings: [binding(6379, 6379)] } }))).toBe("hosts");
    expect(route(linked(web, db, { target: { portBindings: [binding(6380, 6379)] } }))).toBe("forward");
  });

  it("is a forwarder where only some of the ports keep their number", () => {
    const target = { ports: [6379, 8080], directPorts: [6379] };
    expect(route(linked("docks/h1", "docks/h2", { target }))).toBe("forward");
  });

  it("is a forwarder where the target's host is known by a name, which a hosts file does not take", () => {
    const named = { type: "docker", hosts: { n1: { url: "ssh://a", address: "n1.example.com" } } };
    const result = linked("docks/h1", "named", { target: { directPorts: [6379] }, locations: { named } });
    expect(route(result)).toBe("forward");
  });
});

describe("a link that cannot be carried", () => {
  it("from Marathon without known agents, to another port, is an error that says what to do", () => {
    const locations = { tasks: marathonLocation({ sources: ["192.0.2.32/27"] }) };
    expect(texts(linked("tasks", "docks", { locations }))).toEqual([
      "error no-forwarder-host: cannot link service 'web' to 'db' as 'cache': 'db' answers behind another port, and marathon location 'tasks' has no agents (the Docker endpoints of the Mesos agents) where a forwarder could stand; list them under clocker:locations.tasks.agents, or give 'db' directPorts: [6379]",
    ]);
    expect(texts(linked("tasks", "docks", { locations, target: { directPorts: [6379] } }))).toEqual([]);
    expect(texts(linked("tasks", "machines", { locations }))).toEqual([]);
  });

  it("to OpenStack from Marathon without known addresses is an error that says what to do", () => {
    expect(texts(linked("tasks", "machines", { locations: { tasks: marathonLocation() } }))).toEqual([
      "error unknown-sources: cannot link service 'web' to 'db' as 'cache': openstack location 'machines' lets in known addresses only, and those that traffic of 'tasks' comes from are not known; write them as ranges under clocker:locations.tasks.sources",
    ]);
  });

  it("to OpenStack by sensors alone, from unknown addresses, is a warning", () => {
    const reading = (tasks: Record<string, unknown>) =>
      place(
        blueprint([
          service("db", { workload: REDIS, locations: ["machines"] }),
          service("web", { env: { HOST: attribute("db", "host.address") }, locations: ["tasks"] }),
        ]),
        settings({}, { tasks: marathonLocation(tasks) }),
        "dev",
      );
    expect(texts(reading({}))).toEqual([
      "warning unknown-sources: service 'web' reads sensors of 'db', but could not connect to it: openstack location 'machines' lets in known addresses only, and those that traffic of 'tasks' comes from are not known; write them as ranges under clocker:locations.tasks.sources",
    ]);
    expect(texts(reading({ sources: ["192.0.2.32/27"] }))).toEqual([]);
  });

  it.each([
    ["a Docker host known by a name", "named"],
    ["another OpenStack", "others"],
  ])("to OpenStack from %s needs the location's sources", (_, web) => {
    const named = { type: "docker", hosts: { n1: { url: "ssh://a", address: "n1.example.com" } } };
    const others = openstackLocation();
    const codes = linked(web, "machines", { locations: { named, others } }).diagnostics.map(({ code }) => code);
    expect(codes).toEqual(["unknown-sources"]);
    const sources = ["192.0.2.64/26"];
    const known = { named: { ...named, sources }, others: { ...others, sources } };
    expect(texts(linked(web, "machines", { locations: known }))).toEqual([]);
  });

  it("to a service without ports is an error, and a warning beside it", () => {
    const portless = (placement: Record<string, string>) =>
      place(
        blueprint([service("job"), service("web", { links: ["job"] })], { locations: ["docks"] }),
        settings({ placement }),
        "dev",
      );
    expect(texts(portless({ web: "tasks" }))).toEqual([
      "error link-without-ports: cannot link service 'web' to 'job' as 'job': 'job' declares no port, and nothing can be carried between locations without one; write openPorts: in service 'job'",
    ]);
    const beside = portless({});
    expect(texts(beside)).toEqual([
      "warning link-without-ports: service 'web' links to 'job', which declares no port: the name 'job' resolves, but there are no link variables; write openPorts: in service 'job'",
    ]);
    expect(planned(beside, "web")?.links[0]?.route).toBe("alias");
  });
});

describe("a host port", () => {
  it("on Docker is opened only where somebody elsewhere needs it", () => {
    expect(hostPort(linked("docks/h1", "docks/h1"))).toBeUndefined();
    expect(hostPort(linked("docks/h2", "docks/h1"))).toBeGreaterThanOrEqual(20000);
    expect(hostPort(linked("machines", "docks/h1"))).toBeLessThanOrEqual(29999);
  });

  it.each([
    ["mapped.docker.port.8080", [8080]],
    ["docker.port.9090", [9090]],
    ["mapped.datastore.url", [8080, 9090]],
    ["host.address", []],
  ])("on Docker is opened where a service reads %s, even beside it", (sensor, ports) => {
    const { plan } = place(
      blueprint([service("db", { ports: [8080, 9090] }), service("web", { env: { URL: attribute("db", sensor) } })], {
        locations: ["docks"],
      }),
      settings(),
      "dev",
    );
    const db = plan?.services.find(({ service }) => service.id === "db");
    expect(db?.ports.filter((port) => port.hostPort !== undefined).map(({ port }) => port)).toEqual(ports);
    expect(db?.ports.every(({ published }) => !published)).toBe(true);
  });

  it("on Marathon is chosen by the cluster, on OpenStack is the port itself", () => {
    expect(planned(linked("docks", "tasks"), "db")?.ports).toEqual([
      { port: 6379, protocol: "tcp", hostPort: "dynamic", published: false },
    ]);
    expect(planned(linked("docks", "machines"), "db")?.ports).toEqual([
      { port: 6379, protocol: "tcp", hostPort: 6379, published: false },
    ]);
  });

  it.each(["docks", "tasks"])("that the blueprint fixes is kept and published on %s", (location) => {
    const target = { ports: [6379, 8080, 9090], directPorts: [8080], portBindings: [binding(80, 9090)] };
    expect(planned(linked("docks", location, { target }), "db")?.ports.slice(1)).toEqual([
      { port: 8080, protocol: "tcp", hostPort: 8080, published: true },
      { port: 9090, protocol: "tcp", hostPort: 80, published: true },
    ]);
  });

  it("stays the same when services are added to the blueprint or change their order", () => {
    const web = service("web", { links: ["db"], locations: ["tasks"] });
    const db = service("db", { ports: [8080], locations: ["docks"] });
    const more = service("more", { ports: [8081], locations: ["docks"] });
    const port = (services: (typeof db)[]) => hostPort(place(blueprint(services), settings(), "dev"));
    expect(port([db, web])).toBeTypeOf("number");
    expect(port([more, web, db])).toBe(port([db, web]));
  });

  it("differs between two stacks of one blueprint", () => {
    const services = [
      service("db", { ports: [8080], locations: ["docks"] }),
      service("web", { links: ["db"], locations: ["tasks"] }),
    ];
    const port = (stack: string) => hostPort(place(blueprint(services), settings(), stack));
    expect(port("dev")).not.toBe(port("prod"));
  });

  it("that two services fix on one host is an error, on two hosts is none", () => {
    const both = (placement: Record<string, string>) =>
      place(
        blueprint([service("a", { portBindings: [binding(80, 8080)] }), service("b", { directPorts: [80] })], {
          locations: ["docks"],
        }),
        settings({ placement }, { same: { type: "docker", hosts: { other: host(11) } } }),
        "dev",
      );
    const clash = (site: string) =>
      `error port-clash: host port 80 of '${site}' for port 80 of service 'b' is already taken by port 8080 of service 'a'; give one of them another host port in portBindings, or place one on another host`;
    expect(texts(both({}))).toEqual([clash("docks/h1")]);
    expect(texts(both({ b: "docks/h2" }))).toEqual([]);
    expect(texts(both({ b: "same" }))).toEqual([clash("same/other")]);
  });

  it("has to be free in the range that the stack allows", () => {
    const ports = Array.from({ length: 101 }, (_, index) => 1000 + index);
    const { plan, diagnostics } = place(
      blueprint([
        service("db", { ports, locations: ["docks"] }),
        service("web", { links: ["db"], locations: ["tasks"] }),
      ]),
      settings({ network: { portRange: { from: 20000, to: 20099 } } }),
      "dev",
    );
    expect(plan).toBeUndefined();
    expect(diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`)).toEqual([
      "port-range-exhausted: no host port is left on 'docks/h1' for port 1100 of service 'db'; widen clocker:network.portRange (now 20000 to 20099) or spread the services over more hosts",
    ]);
  });
});
