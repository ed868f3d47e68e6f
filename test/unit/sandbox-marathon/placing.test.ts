import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createdApp } from "../../../sandbox/marathon/model/update-app";
import { meetsConstraints } from "../../../sandbox/marathon/tasks/constraints";
import { match } from "../../../sandbox/marathon/tasks/matcher";
import type { Agent } from "../../../sandbox/marathon/tasks/runner";

const agent = (n: number, rack: string): Agent => ({
  id: `S${n}`,
  hostname: `host-${n}`,
  address: `198.18.0.${n}`,
  attributes: { rack },
  cpus: 4,
  mem: 1024,
  disk: 1000,
  gpus: 0,
  ports: [[31_000, 31_009]],
});
const [one, two, three] = [agent(1, "a"), agent(2, "a"), agent(3, "b")];

describe("constraints", () => {
  it.each<[string, string[], Agent, Agent[], boolean]>([
    ["UNIQUE refuses a second on the same host", ["hostname", "UNIQUE"], one, [one], false],
    ["UNIQUE takes another host", ["hostname", "UNIQUE"], two, [one], true],
    ["CLUSTER takes the value", ["rack", "CLUSTER", "b"], three, [], true],
    ["CLUSTER refuses another value", ["rack", "CLUSTER", "b"], one, [], false],
    ["CLUSTER without a value stays with the first", ["rack", "CLUSTER"], three, [one], false],
    ["IS wants the value", ["rack", "IS", "a"], three, [], false],
    ["LIKE matches the whole value", ["hostname", "LIKE", "host"], one, [], false],
    ["LIKE takes a pattern", ["hostname", "LIKE", "host-[12]"], one, [], true],
    ["UNLIKE refuses what matches", ["rack", "UNLIKE", "a"], one, [], false],
    ["UNLIKE takes an agent without the attribute", ["zone", "UNLIKE", "a"], one, [], true],
    ["LIKE refuses an agent without the attribute", ["zone", "LIKE", ".*"], one, [], false],
    ["MAX_PER counts per value", ["rack", "MAX_PER", "2"], one, [one, two], false],
    ["MAX_PER takes one below", ["rack", "MAX_PER", "2"], one, [one, three], true],
    ["GROUP_BY evens out", ["rack", "GROUP_BY"], one, [one, three, two], false],
    ["GROUP_BY waits for a value not seen yet", ["rack", "GROUP_BY", "2"], one, [one], false],
  ])("%s", (_, constraint, candidate, others, expected) => {
    expect(meetsConstraints([constraint], candidate, others)).toBe(expected);
  });
});

describe("matching an offer", () => {
  const offer = { agent: one, cpus: 1, mem: 256, disk: 0, gpus: 0, usedPorts: new Set<number>() };
  const app = (rest: object) => ({
    ...createdApp({ id: "a", cmd: "sleep 1", cpus: 0.1, ...rest }, {}, { features: new Set(["gpu_resources"]) }),
    version: "2026-01-01T00:00:00.000Z",
  });

  it.each<[object, string]>([
    [{ cpus: 2 }, "InsufficientCpus"],
    [{ mem: 512 }, "InsufficientMemory"],
    [{ disk: 1 }, "InsufficientDisk"],
    [{ gpus: 1 }, "InsufficientGpus"],
    [{ acceptedResourceRoles: ["web"] }, "UnfulfilledRole"],
    [{ constraints: [["rack", "IS", "b"]] }, "UnfulfilledConstraint"],
    [{ requirePorts: true, portDefinitions: [{ port: 8080 }] }, "InsufficientPorts"],
    [{ portDefinitions: Array.from({ length: 11 }, () => ({})) }, "InsufficientPorts"],
  ])("%j is %s", (rest, reason) => {
    expect(match(app(rest), offer, [])).toEqual({ reason });
  });

  it("gives each port of its own from the agent's range, none twice and none in use", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 31_000, max: 31_009 })), fc.nat(10), (used, wanted) => {
        const usedPorts = new Set(used);
        const portDefinitions = Array.from({ length: wanted }, () => ({}));
        const answer = match(app({ portDefinitions }), { ...offer, usedPorts }, []);
        if (wanted > 10 - used.length) {
          expect(answer).toEqual({ reason: "InsufficientPorts" });
          return;
        }
        const ports = "ports" in answer ? answer.ports : [];
        expect(new Set([...ports, ...used]).size).toBe(wanted + used.length);
        for (const port of ports) expect(port >= 31_000 && port <= 31_009).toBe(true);
      }),
    );
  });
});
