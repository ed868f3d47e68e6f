import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../../../placement/policy/compile";
import type { CompiledNetwork } from "../../../../placement/policy/model";
import { tcp } from "../../../support/ports";
import { marathonLocation } from "../../settings/example";
import { host } from "../blueprints";
import { CALICO, compiled, network, planOf, SHOP } from "./applications";

const texts = ({ problems }: CompiledNetwork) =>
  problems.map(({ severity, code, message, remedy, at }) => `${severity} ${code}: ${message}; ${remedy} [${at.path}]`);

describe("what cannot be enforced", () => {
  it("is an error with the blueprint's line: a service where nothing can enforce", () => {
    const of = network({}, { locations: { tasks: marathonLocation({ url: "http://192.0.2.30:8080" }) } });
    expect(texts(compiled({ monster: { locations: ["tasks"], ports: [8080] } }, of))).toEqual([
      "error not-enforceable: nothing can enforce the links of service 'monster' on marathon location 'tasks': it has no agents (the Docker endpoints of the Mesos agents); list them under clocker:locations.tasks.agents, place the service elsewhere, or remove clocker:network.calico [services.monster]",
    ]);
  });

  it("is an error with the link's line: a port that the target does not declare", () => {
    const of = network();
    const plan = planOf(SHOP, of);
    const services = plan.services.map((placed) => ({
      ...placed,
      links: placed.links.map((link) => ({ ...link, ports: [...link.ports, ...tcp(9999)] })),
    }));
    expect(texts(compilePolicy({ ...plan, services }, of))[0]).toBe(
      "error undeclared-link-port: service 'monster' links to port 9999 of 'redis' as 'redis', which 'redis' does not declare; write openPorts: in service 'redis'; it declares 6379 [services.monster.links.redis]",
    );
  });

  it.each([
    [[], "clocker:network.sources is empty"],
    [["2001:db8::/32"], "clocker:network.sources has no IPv4 range"],
  ])("is a warning with the binding's line: a port published to nobody (%j)", (sources, why) => {
    const result = compiled(SHOP, network({ sources }));
    expect(texts(result)).toEqual([
      `warning published-to-nobody: service 'page' publishes port 5000 on 'docks', but ${why}: only services that link to it get through; list who may reach it under clocker:network.sources; 0.0.0.0/0 is everybody [portBindings.80]`,
    ]);
    expect(result.policies.some(({ name }) => name.endsWith("page-published"))).toBe(false);
  });

  it.each(["https://marathon.example.com:8443", "http://127.0.0.1:8080"])(
    "is a warning: health checks from a Marathon known by a name or a tunnel (%s)",
    (url) => {
      const of = network({}, { locations: { tasks: marathonLocation({ url, agents: { a1: host(21) } }) } });
      expect(texts(compiled(SHOP, of))).toEqual([
        "warning unknown-health-sources: health checks of service 'monster' are let through from known addresses only, and the URL of marathon location 'tasks' does not hold the address that they come from; write the addresses under clocker:locations.tasks.healthSources; an empty list if the agents alone check [services.monster]",
      ]);
    },
  );
});

describe("a range that has no room", () => {
  const on = (host: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${host}n${index}`, `docks/${host}`]));
  const result = (calico: Record<string, unknown>, placement: Record<string, string>) =>
    texts(
      compiled(
        Object.fromEntries(Object.keys(placement).map((id) => [id, {}])),
        network({ calico: { ...CALICO, ...calico } }, { placement }),
      ),
    );

  it("for a block on each host is an error that says how wide it has to be", () => {
    const placement = { ...on("h1", 1), ...on("h2", 1), task: "tasks" };
    expect(result({ rangePrefix: 27, blockSize: 28 }, placement)).toEqual([
      "error range-too-small: the application's range, a /27, has 2 blocks of 16 addresses for its hosts, and they need 3; set rangePrefix to 26 or less, which needs a pool with room for it, or place the services on fewer hosts [clocker:network.calico.rangePrefix]",
    ]);
    expect(result({ rangePrefix: 26, blockSize: 28 }, placement)).toEqual([]);
  });

  it("for all services of one host is an error too", () => {
    expect(result({ rangePrefix: 28, blockSize: 30 }, on("h1", 16))).toEqual([]);
    expect(result({ rangePrefix: 28, blockSize: 30 }, on("h1", 17))).toEqual([
      "error range-too-small: the application's range, a /28, has 4 blocks of 4 addresses for its hosts, and they need 5; set rangePrefix to 27 or less, which needs a pool with room for it, or place the services on fewer hosts [clocker:network.calico.rangePrefix]",
    ]);
  });
});
