import { describe, expect, it } from "vitest";
import type { Structure } from "../../../blueprint/model";
import { place } from "../../../placement/place";
import { compilePolicy } from "../../../placement/policy/compile";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { blueprint, type ServiceSketch, service } from "./blueprints";

const host = (last: number) => ({ url: `ssh://deploy@198.18.0.${last}`, address: `198.18.0.${last}` });
const CALICO = {
  etcd: { endpoints: ["https://192.0.2.5:2379"] },
  pool: "198.18.160.0/20",
  felixImage: "felix:1",
  driverImage: "driver:1",
};

function settingsOf({
  agents = 2,
  network = {},
}: {
  agents?: number;
  network?: Record<string, unknown>;
} = {}): Settings {
  return settingsSchema.parse({
    blueprint: "app.yaml",
    locations: {
      docks: { type: "docker", hosts: { a: host(11) } },
      tasks: {
        type: "marathon",
        url: "http://198.18.0.30:8080",
        ...(agents > 0 && {
          agents: Object.fromEntries(
            Array.from({ length: agents }, (_, index) => [`agent-${index}`, host(21 + index)]),
          ),
        }),
      },
    },
    network,
  });
}

function problems(location: string, sketch: ServiceSketch, settings = settingsOf()): string[] {
  const { diagnostics } = place(blueprint([service("x", { ...sketch, locations: [location] })]), settings, "dev");
  return diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`);
}

const literal = (value: string | number): Structure => ({ kind: "literal", value });
const list = (...items: Structure[]): Structure => ({ kind: "list", items });
const map = (entries: Record<string, Structure>): Structure => ({ kind: "map", entries });

describe("several instances", () => {
  it("are refused on Docker, by name and with what to do", () => {
    expect(problems("docks", { instances: 3 })).toEqual([
      "platform-lacks-capability: cannot place service 'x' on docker location 'docks': it asks for instances: 3, which docker does not offer; set it to 1, override it by clocker:overrides.x, or place the service elsewhere",
    ]);
  });

  it("are taken on Marathon; with a fixed host port as many as there are agents, if these are known", () => {
    expect(problems("tasks", { instances: 3 })).toEqual([]);
    expect(problems("tasks", { instances: 2, directPorts: [8080] })).toEqual([]);
    expect(problems("tasks", { instances: 3, directPorts: [8080] }, settingsOf({ agents: 0 }))).toEqual([]);
    expect(problems("tasks", { instances: 3, directPorts: [8080] })).toEqual([
      "platform-lacks-capability: cannot place service 'x' on marathon location 'tasks': it asks for instances: 3, each on an agent of its own for host port 8080, of 2 named agents, which the location does not offer; lower them, leave the host port to Marathon by openPorts, list all agents, override it by clocker:overrides.x, or place the service elsewhere",
    ]);
  });

  it("count each when a range of addresses is too small", () => {
    const calico = { ...CALICO, rangePrefix: 28, blockSize: 29 };
    const placed = (instances: number) => {
      const settings = settingsOf({ network: { calico } });
      const { plan } = place(blueprint([service("x", { instances, locations: ["tasks"] })]), settings, "dev");
      if (plan === undefined) throw new Error("no plan");
      return compilePolicy(plan, settings).problems.map(({ code }) => code);
    };
    expect(placed(16)).not.toContain("range-too-small");
    expect(placed(17)).toContain("range-too-small");
  });
});

describe("marathon.app", () => {
  const marathonApp = { networks: list(map({ mode: literal("container"), name: literal("lan") })) };

  it("is refused elsewhere, by its fields", () => {
    expect(problems("docks", { marathonApp: { cpus: literal(1), constraints: list() } })).toEqual([
      "platform-lacks-capability: cannot place service 'x' on docker location 'docks': it asks for marathon.app: [cpus, constraints], which docker does not offer; remove the key, override it by clocker:overrides.x, or place the service elsewhere",
    ]);
    expect(problems("docks", { marathonApp })).toHaveLength(1);
  });

  it("may name a network, but not in Calico or where a link needs one of its own", () => {
    expect(problems("tasks", { marathonApp })).toEqual([]);
    const refused = (reason: string) =>
      `owned-field: marathon.app of service 'x' cannot set 'networks' on location 'tasks': ${reason}; remove networks from marathon.app`;
    expect(problems("tasks", { marathonApp }, settingsOf({ network: { calico: CALICO } }))).toEqual([
      refused("its tasks are in Calico's"),
    ]);
    const db = service("db", { locations: ["docks"], ports: [6379] });
    const { diagnostics } = place(
      blueprint([db, service("x", { marathonApp, links: ["db"], locations: ["tasks"] })]),
      settingsOf(),
      "dev",
    );
    expect(diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`)).toEqual([
      refused("its link 'db' needs a forwarder in one of its own"),
    ]);
  });

  it.each<[string, Structure | undefined, number[]]>([
    ["none of its own", undefined, [80]],
    ["the second port", list(map({ protocol: literal("HTTP"), portIndex: literal(1) })), [81]],
    ["a port by number", list(map({ protocol: literal("TCP"), port: literal(82) })), [82]],
    ["the first port and a command", list(map({}), map({ protocol: literal("COMMAND") })), [80]],
    ["nothing", list(), []],
  ])("with checks of %s lets these through Calico", (_, healthChecks, expected) => {
    const settings = settingsOf({ network: { calico: CALICO } });
    const sketch: ServiceSketch = {
      ports: [80, 81, 82],
      locations: ["tasks"],
      ...(healthChecks && { marathonApp: { healthChecks } }),
    };
    const { plan } = place(blueprint([service("x", sketch)]), settings, "dev");
    if (plan === undefined) throw new Error("no plan");
    const checked = compilePolicy(plan, settings).relations.filter(({ why }) => why === "health");
    expect(checked.map(({ port }) => port)).toEqual(expected);
  });
});
