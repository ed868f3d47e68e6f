import { describe, expect, it } from "vitest";
import type { Expression } from "../../../blueprint/model";
import { place } from "../../../placement/place";
import { at, binding, blueprint, IMAGE, REDIS, type ServiceSketch, service, settings } from "./blueprints";

const word = (value: string): Expression => ({ kind: "literal", value });

function problems(location: string, sketch: ServiceSketch): string[] {
  const { diagnostics } = place(blueprint([service("x", { ...sketch, locations: [location] })]), settings(), "dev");
  return diagnostics.map(({ severity, code, message, remedy }) => `${severity} ${code}: ${message}; ${remedy}`);
}

const lacks = (platform: string, location: string, asked: string) =>
  `error platform-lacks-capability: cannot place service 'x' on ${platform} location '${location}': it asks for ${asked}, which ${platform} does not offer; remove the key, override it by clocker:overrides.x, or place the service elsewhere`;

/** Every key that some platform may lack. */
const everything: ServiceSketch = {
  workload: REDIS,
  entrypoint: [word("redis-server")],
  commands: [word("--port")],
  volumes: [{ source: { hostPath: "/srv" }, containerPath: "/data", readOnly: false, at: at("volumes") }],
  volumesFrom: ["store"],
  privileged: true,
  interactive: true,
  cpuShares: 512,
  memoryBytes: 1048576,
  portBindings: [binding(6380, 6379)],
};

describe("a service that asks for everything", () => {
  it("can be placed on Docker", () => {
    expect(problems("docks", everything)).toEqual([]);
  });

  it("is told all that Marathon lacks", () => {
    expect(problems("tasks", everything)).toEqual([
      lacks("marathon", "tasks", "volumesFrom: [store]"),
      lacks("marathon", "tasks", "interactive: true"),
      lacks("marathon", "tasks", "cpuShares: 512"),
    ]);
  });

  it("is told all that OpenStack lacks", () => {
    expect(problems("machines", everything).filter((line) => line.startsWith("error"))).toEqual([
      lacks("openstack", "machines", "entrypoint: a program of its own"),
      lacks("openstack", "machines", "commands: arguments of its own"),
      lacks("openstack", "machines", "volumes: [/srv -> /data]"),
      lacks("openstack", "machines", "volumesFrom: [store]"),
      lacks("openstack", "machines", "privileged: true"),
      lacks("openstack", "machines", "interactive: true"),
      lacks("openstack", "machines", "cpuShares: 512"),
      lacks("openstack", "machines", "memory: 1048576"),
      lacks("openstack", "machines", "portBindings that change the port: [6380 -> 6379]"),
    ]);
  });
});

describe("a service's type", () => {
  it("that runs images cannot be placed on OpenStack", () => {
    expect(problems("machines", { workload: IMAGE, privileged: true })).toEqual([
      "error platform-lacks-capability: cannot place service 'x' on openstack location 'machines': its type is 'docker:shop/web:1', and openstack runs software of entity types, not images; place it elsewhere, e.g. by clocker:placement.x",
    ]);
  });

  it.each([
    ["docks", IMAGE],
    ["docks", REDIS],
    ["tasks", IMAGE],
    ["tasks", REDIS],
    ["machines", REDIS],
  ])("can be placed on %s", (location, workload) => {
    expect(problems(location, { workload })).toEqual([]);
  });
});

describe("two host ports for one port", () => {
  const twice: ServiceSketch = { portBindings: [binding(80, 8080), binding(81, 8080)] };

  it("are both planned on Docker", () => {
    const { plan } = place(blueprint([service("x", { ...twice, locations: ["docks"] })]), settings(), "dev");
    expect(plan?.services[0]?.ports).toEqual([
      { port: 8080, protocol: "tcp", hostPort: 80, published: true },
      { port: 8080, protocol: "tcp", hostPort: 81, published: true },
    ]);
  });

  it("are refused on Marathon", () => {
    expect(problems("tasks", twice)).toEqual([
      lacks(
        "marathon",
        "tasks",
        "portBindings with several host ports for one container port: [80 -> 8080, 81 -> 8080]",
      ),
    ]);
  });
});

describe("a published port on OpenStack", () => {
  it("that nobody may reach is a warning", () => {
    expect(problems("machines", { workload: REDIS, directPorts: [6379] })).toEqual([
      "warning published-to-nobody: service 'x' publishes port 6379 on 'machines', but clocker:network.sources is empty: only services that link to it get through; list who may reach it under clocker:network.sources; 0.0.0.0/0 is everybody",
    ]);
  });
});
