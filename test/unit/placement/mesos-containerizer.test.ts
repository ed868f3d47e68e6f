import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Expression } from "../../../blueprint/model";
import { place } from "../../../placement/place";
import { compilePolicy } from "../../../placement/policy/compile";
import { calicoLabels } from "../../../placement/policy/labels";
import { isLabelValue } from "../../../providers/calico/validation/name-leaves";
import { sanitiseMesosLabel } from "../../../providers/calico/validation/sanitise";
import type { Settings } from "../../../settings/schema";
import { marathonLocation } from "../settings/example";
import { attribute, binding, blueprint, host, REDIS, type ServiceSketch, service, settings } from "./blueprints";

const CALICO = { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool: "198.18.160.0/20" };
const word = (value: string): Expression => ({ kind: "literal", value });

/** Settings whose location `ucr` runs tasks with Mesos' own containerizer. */
function mesos(change: Record<string, unknown> = {}, network: Record<string, unknown> = { calico: CALICO }): Settings {
  const url = "http://192.0.2.30:8080";
  return settings(
    { network },
    { ucr: marathonLocation({ url, containerizer: "mesos", network: "calico", ...change }) },
  );
}

function placed(sketches: Record<string, ServiceSketch>, of: Settings) {
  const services = Object.entries(sketches).map(([id, sketch]) => service(id, { locations: ["ucr"], ...sketch }));
  return place(blueprint(services), of, "dev");
}

const errors = ({ diagnostics }: ReturnType<typeof place>) =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ message, remedy }) => `${message}; ${remedy}`);

const lacks = (asked: string, instead = "remove the key") =>
  `cannot place service 'x' on marathon location 'ucr': it asks for ${asked}, which Mesos' own containerizer does not offer; ${instead}, override it by clocker:overrides.x, or place the service elsewhere`;

describe("a service that Mesos' own containerizer runs", () => {
  it("is told all that it lacks, each an error", () => {
    const everything: ServiceSketch = {
      links: [["cache", "y"]],
      entrypoint: [word("redis-server")],
      containerName: "box",
      privileged: true,
    };
    expect(errors(placed({ x: everything, y: { ports: [6379] } }, mesos()))).toEqual([
      lacks(
        "links: [cache -> y]",
        'give it addresses by env: instead, e.g. $brooklyn:component("id").attributeWhenReady("host.subnet.address"), set containerizer: docker',
      ),
      lacks("entrypoint: a program of its own"),
      lacks("containerName: box"),
      lacks("privileged: true"),
    ]);
    const besides: ServiceSketch = { commands: [word("--quiet")], volumes: [], memoryBytes: 1048576 };
    expect(errors(placed({ x: besides, y: { workload: REDIS } }, mesos()))).toEqual([]);
  });

  it("lacks nothing of that with Docker's, which needs no network for it", () => {
    const of = mesos({ containerizer: "docker", network: undefined, agents: { a1: host(21) } });
    const asks: ServiceSketch = { links: ["y"], entrypoint: [word("a")], containerName: "box", privileged: true };
    expect(errors(placed({ x: asks, y: { ports: [80] } }, of))).toEqual([]);
  });

  it("has host ports only where it is published or where somebody asks for one", () => {
    const of = mesos();
    const { plan } = placed(
      {
        open: { ports: [80] },
        published: { portBindings: [binding(8000, 80)], ports: [80, 81] },
        asked: { ports: [80] },
        near: { ports: [80] },
        dock: { locations: ["docks"], links: ["near"] },
        machine: { locations: ["machines"], workload: REDIS, links: ["asked"] },
      },
      of,
    );
    const ports = (id: string) => plan?.services.find(({ service: { id: own } }) => own === id)?.ports;
    expect(ports("open")).toEqual([{ port: 80, protocol: "tcp", published: false }]);
    expect(ports("near")).toEqual([{ port: 80, protocol: "tcp", published: false }]);
    expect(ports("published")).toEqual([
      { port: 80, protocol: "tcp", hostPort: 8000, published: true },
      { port: 81, protocol: "tcp", published: false },
    ]);
    expect(ports("asked")).toEqual([{ port: 80, protocol: "tcp", hostPort: "dynamic", published: false }]);
  });

  it("has host ports as ever without Calico", () => {
    expect(placed({ x: { ports: [80] } }, mesos({}, {})).plan?.services[0]?.ports).toEqual([
      { port: 80, protocol: "tcp", hostPort: "dynamic", published: false },
    ]);
  });

  it("is guarded as an endpoint without agents, and not at all without a network of Calico's", () => {
    const of = mesos();
    const { plan } = placed({ x: { ports: [80], env: { Y: attribute("y", "host.subnet.address") } }, y: REDIS_IN }, of);
    if (!plan) throw new Error("no plan");
    const compiled = compilePolicy(plan, of);
    expect(compiled.problems).toEqual([]);
    expect(compiled.policies.map(({ name }) => name)).toEqual([
      "clocker-shop-dev.every-service",
      "clocker-shop-dev.y-from-x",
    ]);
    const without = mesos({ network: undefined });
    expect(compilePolicy(plan, without).problems.map(({ message, remedy }) => `${message}; ${remedy}`)[0]).toMatch(
      /^nothing can enforce the links of service '[xy]' on marathon location 'ucr': it has no network \(the agents' CNI network of Calico's plugin\); name it under clocker:locations\.ucr\.network, place/,
    );
  });
});

const REDIS_IN: ServiceSketch = { workload: REDIS };

it("labels of a service survive Mesos whatever the names are, and stay apart", () => {
  const name = fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9._-]{1,80}$/));
  fc.assert(
    fc.property(name, name, (one, other) => {
      const labels = (stack: string) =>
        calicoLabels({ application: "shop", stack, physicalName: "shop", services: [] }, "web");
      for (const [key, value] of Object.entries(labels(one))) {
        expect([sanitiseMesosLabel(key), sanitiseMesosLabel(value)]).toEqual([key, value]);
        expect(isLabelValue(value)).toBe(true);
      }
      expect(labels(one)["clocker.stack"] === labels(other)["clocker.stack"]).toBe(one === other);
    }),
    { numRuns: 500 },
  );
});
