import { describe, expect, it } from "vitest";
import type { Plan } from "../../../placement/model";
import { place } from "../../../placement/place";
import { compilePolicy } from "../../../placement/policy/compile";
import { tcp, udp } from "../../support/ports";
import { attribute, binding, blueprint, REDIS, type ServiceSketch, service, settings } from "./blueprints";
import { network } from "./policy/applications";

type Sketches = Readonly<Record<string, ServiceSketch>>;

function planned(sketches: Sketches, of = settings()): { plan: Plan | undefined; problems: string[] } {
  const { plan, diagnostics } = place(
    blueprint(Object.entries(sketches).map(([id, sketch]) => service(id, sketch))),
    of,
    "dev",
  );
  return { plan, problems: diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`) };
}

const on = (placement: Record<string, string>) => settings({ placement });
const portsOf = ({ plan }: ReturnType<typeof planned>, id: string) =>
  plan?.services.find((placed) => placed.service.id === id)?.ports;
const NAMES: ServiceSketch = { ports: [...tcp(53), ...udp(53)] };

describe("a link to a service of datagrams", () => {
  const sketches = (names: ServiceSketch): Sketches => ({ names, web: { links: ["names"] } });
  const route = (placement: Record<string, string>, names = NAMES, of = on(placement)) =>
    planned(sketches(names), of).plan?.services.find(({ service: { id } }) => id === "web")?.links[0];

  it("is a name on one host, and offers both protocols of a number", () => {
    expect(route({ names: "docks/h1", web: "docks/h1" })).toMatchObject({ route: "alias", ports: NAMES.ports });
  });

  it("is a hosts entry where the ports keep their numbers, also for several instances", () => {
    const direct: ServiceSketch = { directPorts: [...tcp(53), ...udp(53)] };
    expect(route({ names: "docks/h1", web: "docks/h2" }, direct)?.route).toBe("hosts");
    expect(route({ names: "tasks", web: "docks/h2" }, { ...direct, instances: 2 })?.route).toBe("hosts");
  });

  it("is a hosts entry where both have an address in Calico", () => {
    const placement = { names: "docks/h1", web: "tasks" };
    expect(route(placement, NAMES, network({}, { placement }))?.route).toBe("hosts");
  });

  it("is refused where only a forwarder would lead there, with what to do", () => {
    expect(planned(sketches(NAMES), on({ names: "docks/h1", web: "docks/h2" })).problems).toEqual([
      "no-udp-forwarder: cannot link service 'web' to 'names' as 'names': 'names' answers behind another port, and a forwarder carries TCP, not port 53/udp; give 'names' directPorts: [53, 53/udp], place both on one host, or give both an address of their own by clocker:network.calico",
    ]);
  });
});

describe("host ports", () => {
  it("of one number are two for two protocols", () => {
    const result = planned(
      { a: { portBindings: [binding(53, 1053)] }, b: { portBindings: [binding(53, 1053, "udp")] } },
      on({ a: "docks/h1", b: "docks/h1" }),
    );
    expect(result.problems).toEqual([]);
    expect(portsOf(result, "a")).toEqual([{ ...tcp(1053)[0], hostPort: 53, published: true }]);
    expect(portsOf(result, "b")).toEqual([{ ...udp(1053)[0], hostPort: 53, published: true }]);
  });

  it("clash within a protocol", () => {
    const result = planned(
      { a: { portBindings: [binding(53, 1053, "udp")] }, b: { directPorts: udp(53) } },
      on({ a: "docks/h1", b: "docks/h1" }),
    );
    expect(result.problems.join()).toContain(
      "host port 53/udp of 'docks/h1' for port 53/udp of service 'b' is already taken by port 1053/udp of service 'a'",
    );
  });

  it("of the range are given to the protocol whose sensor is read", () => {
    const placement = { names: "docks/h1", web: "docks/h2" };
    const reads = (sensor: string): ServiceSketch => ({ env: { NAMES: attribute("names", sensor) } });
    const one = planned({ names: NAMES, web: reads("docker.port.53/udp") }, on(placement));
    expect(portsOf(one, "names")).toEqual([
      { ...tcp(53)[0], published: false },
      { ...udp(53)[0], hostPort: expect.any(Number), published: false },
    ]);
    const both = planned(
      { names: NAMES, web: reads("docker.port.53/udp"), other: reads("mapped.docker.port.53") },
      on({ ...placement, other: "docks/h2" }),
    );
    expect(both.problems).toEqual([]);
    expect(portsOf(both, "names")?.map(({ hostPort }) => hostPort)).toEqual([
      expect.any(Number),
      portsOf(one, "names")?.[1]?.hostPort,
    ]);
  });

  it("of one number for two container ports are refused on Marathon, where ports have no protocol", () => {
    const twice: ServiceSketch = { portBindings: [binding(53, 53), binding(53, 54, "udp")], locations: ["tasks"] };
    expect(planned({ names: twice }).problems.join()).toContain(
      "it asks for portBindings of one number to several container ports: [53 -> 53, 53 -> 54/udp], which Mesos, whose ports have no protocol, does not offer",
    );
    const same: ServiceSketch = { portBindings: [binding(53, 53), binding(53, 53, "udp")], locations: ["tasks"] };
    expect(planned({ names: same }).problems).toEqual([]);
  });
});

describe("what is let through", () => {
  const of = network({ sources: ["203.0.113.0/24"] });
  const compiled = (sketches: Sketches) => {
    const { plan, problems } = planned(sketches, of);
    if (plan === undefined) throw new Error(problems.join());
    return compilePolicy(plan, of);
  };

  it("has a rule for each protocol of a link, and of what is published", () => {
    const { policies, relations } = compiled({
      names: { locations: ["docks"], ports: NAMES.ports ?? [], portBindings: [binding(5353, 53, "udp")] },
      web: { locations: ["tasks"], ports: [80], links: ["names"] },
    });
    const rules = (name: string) =>
      policies
        .find((policy) => policy.name.endsWith(name))
        ?.spec.ingress?.map(({ protocol, destination }) => `${protocol} ${destination.ports}`);
    expect(rules(".names-from-web")).toEqual(["TCP 53", "UDP 53"]);
    expect(rules(".names-published")).toEqual(["UDP 53"]);
    expect(relations.filter(({ to }) => to.kind === "service" && to.id === "names")).toMatchObject([
      { why: "link", port: 53, protocol: "TCP" },
      { why: "link", port: 53, protocol: "UDP" },
      { why: "published", port: 53, protocol: "UDP" },
    ]);
  });

  it("by a machine's own cloud names the protocol, and keeps the names of rules for TCP", () => {
    const { machineRules } = compiled({
      names: { workload: REDIS, locations: ["machines"], ports: [...tcp(6379), ...udp(53)], directPorts: udp(53) },
      web: { locations: ["docks"], links: ["names"] },
    });
    expect(machineRules["names"]?.sources.map(({ key, protocol }) => `${key} ${protocol}`)).toEqual([
      "22-from-192-0-2-1-32 tcp",
      "6379-from-192-0-2-11-32 tcp",
      "53-udp-from-192-0-2-11-32 udp",
      "53-udp-from-203-0-113-0-24 udp",
    ]);
  });

  it("to health checks is never a port of datagrams", () => {
    const { relations } = compiled({
      names: { locations: ["tasks"], ports: udp(53) },
      web: { locations: ["tasks"], ports: [...tcp(8080), ...udp(53)] },
    });
    expect(relations.filter(({ why }) => why === "health")).toMatchObject([
      { to: { id: "web" }, port: 8080, protocol: "TCP" },
    ]);
  });
});
