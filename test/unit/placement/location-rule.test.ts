import { describe, expect, it } from "vitest";
import { place } from "../../../placement/place";
import { dockerLocation } from "../settings/example";
import { blueprint, REDIS, service, settings } from "./blueprints";

/** Where the only service goes, or the one error as `code at path: message; remedy`. */
function outcome(
  app: readonly string[],
  own: readonly string[],
  placement?: string,
  workload = REDIS,
): string | undefined {
  const { plan, diagnostics } = place(
    blueprint([service("redis", { workload, locations: own })], { locations: app }),
    settings(placement === undefined ? {} : { placement: { redis: placement } }),
    "dev",
  );
  expect(plan === undefined).toBe(diagnostics.length > 0);
  const [placed] = plan?.services ?? [];
  const [problem] = diagnostics;
  return placed === undefined
    ? problem && `${problem.code} at ${problem.at.path}: ${problem.message}; ${problem.remedy}`
    : `${placed.platform} ${placed.location}${placed.host === undefined ? "" : `/${placed.host}`}`;
}

describe("the location of a service", () => {
  it.each([
    ["the application's, where it has none of its own", ["machines"], [], undefined, "openstack machines"],
    ["its own, where the application has none", [], ["tasks"], undefined, "marathon tasks"],
    ["its own, where both have one", ["machines"], ["tasks"], undefined, "marathon tasks"],
    ["the stack's, whatever the blueprint says", ["machines"], ["tasks"], "docks", "docker docks/h1"],
    ["the stack's, where the blueprint says nothing", [], [], "machines", "openstack machines"],
    [
      "the stack's, where the blueprint names a location that this stack does not have",
      ["gone"],
      [],
      "tasks",
      "marathon tasks",
    ],
    ["the stack's, where the blueprint is ambiguous", ["docks", "tasks"], [], "tasks", "marathon tasks"],
    ["the host that the stack names", [], [], "docks/h2", "docker docks/h2"],
    ["the first host by name, where the stack names none", [], ["docks"], undefined, "docker docks/h1"],
    ["one that is written twice", ["docks", "docks"], [], undefined, "docker docks/h1"],
  ])("is %s", (_, app, own, placement, expected) => {
    expect(outcome(app, own, placement)).toBe(expected);
  });

  it.each([
    [
      "none anywhere",
      [],
      [],
      undefined,
      "no-location at services.redis: service 'redis' has no location, and neither has the application; write location: in the blueprint or set clocker:placement.redis; known locations: docks, machines, tasks",
    ],
    [
      "several of its own",
      [],
      ["docks", "tasks"],
      undefined,
      "ambiguous-location at services.redis.location: service 'redis' has 2 locations (docks, tasks), but is one process; keep one of them or set clocker:placement.redis to one",
    ],
    [
      "several of the application",
      ["docks", "tasks"],
      [],
      undefined,
      "ambiguous-location at location: service 'redis' has 2 locations from the application (docks, tasks), but is one process; keep one of them or set clocker:placement.redis to one",
    ],
    [
      "an unknown one of its own",
      ["docks"],
      ["machine"],
      undefined,
      "unknown-location at services.redis.location: unknown location 'machine' of service 'redis' (did you mean 'machines'?); use one of docks, machines, tasks, or describe it under clocker:locations",
    ],
    [
      "an unknown one of the application",
      ["constructor"],
      [],
      undefined,
      "unknown-location at location: unknown location 'constructor' of the application; use one of docks, machines, tasks, or describe it under clocker:locations",
    ],
    [
      "an unknown one in the stack",
      ["docks"],
      [],
      "dock",
      "unknown-location at clocker:placement.redis: unknown location 'dock' for service 'redis' in clocker:placement (did you mean 'docks'?); use one of docks, machines, tasks, or describe it under clocker:locations",
    ],
    [
      "an unknown host",
      [],
      [],
      "docks/h3",
      "unknown-host at clocker:placement.redis: unknown host 'h3' of location 'docks' for service 'redis' in clocker:placement (did you mean 'h1'?); use one of docks/h1, docks/h2, or describe it under clocker:locations.docks.hosts",
    ],
    [
      "a host of a location that has none",
      [],
      [],
      "tasks/a1",
      "unknown-host at clocker:placement.redis: clocker:placement.redis names host 'a1', but marathon location 'tasks' chooses where services run by itself; set it to 'tasks'",
    ],
    [
      "a placement that is none",
      [],
      [],
      "docks/h1/x",
      "unknown-location at clocker:placement.redis: clocker:placement.redis is 'docks/h1/x'; write location, or location/host",
    ],
  ])("is an error: %s", (_, app, own, placement, expected) => {
    expect(outcome(app, own, placement)).toBe(expected);
  });

  it("may be called docker or localhost, where the stack describes one of that name", () => {
    for (const [name, code] of [
      ["docker", "unknown-location"],
      ["localhost", "provider-location"],
    ] as const) {
      const found = (locations: Record<string, unknown>) =>
        place(blueprint([service("redis", { workload: REDIS, locations: [name] })]), settings({}, locations), "dev");
      expect(found({ [name]: dockerLocation() }).plan?.services[0]?.location).toBe(name);
      expect(found({}).diagnostics.map(({ code }) => code)).toEqual([code]);
    }
  });

  it("may be called mesos, which is marathon", () => {
    const { plan } = place(
      blueprint([service("redis", { workload: REDIS, locations: ["mesos"] })]),
      settings({}, { mesos: { type: "mesos", url: "https://marathon.example.com" } }),
      "dev",
    );
    expect(plan?.services[0]?.platform).toBe("marathon");
  });

  it("of the application is one mistake, however many services take it", () => {
    const { diagnostics } = place(
      blueprint([service("a"), service("b"), service("c", { locations: ["docks"] })], { locations: ["nowhere"] }),
      settings(),
      "dev",
    );
    expect(diagnostics.map(({ message }) => message)).toEqual(["unknown location 'nowhere' of the application"]);
  });
});

describe("clocker:placement", () => {
  it("of a service that the blueprint does not have is an error beside all others", () => {
    const { diagnostics } = place(
      blueprint([service("redis", { locations: ["nowhere"] })]),
      settings({ placement: { redes: "docks" } }),
      "dev",
    );
    expect(diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`)).toEqual([
      "unknown-placement-service: clocker:placement places service 'redes', which the blueprint does not have (did you mean 'redis'?); use one of the blueprint's services (redis) or remove the entry: pulumi config rm --path 'clocker:placement.redes'",
      "unknown-location: unknown location 'nowhere' of service 'redis'; use one of docks, machines, tasks, or describe it under clocker:locations",
    ]);
  });
});
