import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AppDefinition, LiveApp } from "../../../../providers/marathon/api";
import { definitionOf, isLike, sameApp } from "../../../../providers/marathon/reconcile";

const counts = { tasksStaged: 0, tasksRunning: 1, tasksHealthy: 0, tasksUnhealthy: 0 };
const version = "2026-11-23T04:40:57.726Z";

/** What Marathon 1.8 shows of an app on a bridge whose definition left nearly everything out. */
const shown = {
  id: "/shop/web",
  backoffFactor: 1.15,
  backoffSeconds: 1,
  container: {
    type: "DOCKER",
    docker: { forcePullImage: false, image: "nginx:1.27", parameters: [], privileged: false },
    volumes: [],
    portMappings: [{ containerPort: 80, hostPort: 0, labels: {}, protocol: "tcp", servicePort: 10004 }],
  },
  cpus: 0.25,
  disk: 0,
  env: { A: "1" },
  executor: "",
  gpus: 0,
  healthChecks: [
    {
      gracePeriodSeconds: 300,
      intervalSeconds: 60,
      maxConsecutiveFailures: 3,
      portIndex: 0,
      protocol: "MESOS_TCP",
      ipProtocol: "IPv4",
      timeoutSeconds: 20,
      delaySeconds: 15,
    },
  ],
  instances: 1,
  killSelection: "YOUNGEST_FIRST",
  labels: { owner: "me" },
  maxLaunchDelaySeconds: 300,
  mem: 64,
  networks: [{ mode: "container/bridge" }],
  requirePorts: false,
  unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
  upgradeStrategy: { maximumOverCapacity: 1, minimumHealthCapacity: 1 },
  version,
  versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
  deployments: [],
  tasks: [],
  ...counts,
} satisfies LiveApp;

const wanted = {
  cpus: 0.25,
  mem: 64,
  container: { docker: { image: "nginx:1.27" }, portMappings: [{ containerPort: 80 }] },
  networks: [{ mode: "container/bridge" }],
  env: { A: "1" },
  labels: { owner: "me" },
  healthChecks: [{ protocol: "MESOS_TCP" }],
};

describe("definitionOf", () => {
  test("gives the definition back as it was written if nobody changed the app", () => {
    expect(definitionOf(shown, wanted)).toEqual(wanted);
    expect(isLike(shown, wanted)).toBe(true);
  });

  test.each<[string, Partial<LiveApp>, AppDefinition]>([
    ["instances", { instances: 3 }, { instances: 3 }],
    ["an environment variable", { env: { A: "2" } }, { env: { A: "2" } }],
    ["the last label", { labels: undefined }, { labels: {} }],
    ["a field that nobody asked for", { user: "nobody" }, { user: "nobody" }],
    ["the launch delay", { maxLaunchDelaySeconds: 60 }, { maxLaunchDelaySeconds: 60 }],
    ["the upgrade strategy", { upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 0 } }, {}],
    ["health checks", { healthChecks: [] }, { healthChecks: [] }],
    [
      "the image",
      { container: { ...shown.container, docker: { ...shown.container.docker, image: "nginx:1.28" } } },
      {},
    ],
  ])("shows a foreign change of %s", (_, change, expected) => {
    const seen = definitionOf({ ...shown, ...change } as LiveApp, wanted);
    expect(seen).toMatchObject(expected);
    expect(sameApp(seen, wanted)).toBe(false);
    const touched = Object.keys(change);
    for (const key of Object.keys(wanted).filter((key) => !touched.includes(key))) {
      expect(seen[key]).toEqual(wanted[key as keyof typeof wanted]);
    }
  });

  test("takes the defaults of other versions for what they are, unless something else was asked for", () => {
    const old = { ...shown, maxLaunchDelaySeconds: 3600, role: "*", unreachableStrategy: "disabled" };
    expect(definitionOf(old, wanted)).toEqual(wanted);
    expect(definitionOf(old, { ...wanted, maxLaunchDelaySeconds: 300 })).toEqual({
      ...wanted,
      maxLaunchDelaySeconds: 3600,
    });
  });

  test("keeps a service port that was asked for and sees when it is another", () => {
    const fixed = {
      ...wanted,
      container: { ...wanted.container, portMappings: [{ containerPort: 80, servicePort: 10004 }] },
    };
    expect(definitionOf(shown, fixed)).toEqual(fixed);
    fixed.container.portMappings = [{ containerPort: 80, servicePort: 10009 }];
    expect(isLike(shown, fixed)).toBe(false);
  });

  test("does not take Marathon's default network for a change", () => {
    const app = { cmd: "serve", networks: [{ mode: "container" }] };
    const live = {
      ...{ id: "/x", version, instances: 1, cmd: "serve", ...counts },
      networks: [{ mode: "container", name: "dcos" }],
      container: {
        type: "MESOS",
        volumes: [],
        portMappings: [{ containerPort: 0, labels: {}, name: "default", protocol: "tcp", servicePort: 10501 }],
      },
    };
    expect(definitionOf(live, app)).toEqual({ cmd: "serve", networks: [{ mode: "container" }] });
  });
});

describe("sameApp", () => {
  test.each<[string, AppDefinition, AppDefinition]>([
    ["no networks", { networks: [] }, { networks: [{ mode: "host" }] }],
    [
      "the order of constraints",
      {
        constraints: [
          ["a", "UNIQUE"],
          ["b", "IS", "c"],
        ],
      },
      {
        constraints: [
          ["b", "IS", "c"],
          ["a", "UNIQUE"],
        ],
      },
    ],
    ["the case of names", { killSelection: "oldest_first" }, { killSelection: "OLDEST_FIRST" }],
    ["null", { user: null, env: {} }, {}],
    [
      "the delay of checks that Marathon does",
      { healthChecks: [{ delaySeconds: 3 }] },
      { healthChecks: [{ protocol: "HTTP", portIndex: 0 }] },
    ],
    [
      "half a strategy",
      { unreachableStrategy: { expungeAfterSeconds: 7 } },
      { unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 7 } },
    ],
    [
      "a volume's mode",
      { container: { volumes: [{ containerPath: "/d", hostPath: "/h", mode: "rw" }] } },
      { container: { type: "DOCKER", volumes: [{ containerPath: "/d", hostPath: "/h", mode: "RW" }] } },
    ],
  ])("does not mind %s", (_, one, other) => {
    expect(sameApp(one, other)).toBe(true);
  });

  test.each<[string, AppDefinition, AppDefinition]>([
    ["no ports at all", { portDefinitions: [] }, {}],
    ["another order of arguments", { args: ["a", "b"] }, { args: ["b", "a"] }],
    [
      "another order of ports",
      { portDefinitions: [{ port: 1 }, { port: 2 }] },
      { portDefinitions: [{ port: 2 }, { port: 1 }] },
    ],
    [
      "the delay of checks that agents do",
      { healthChecks: [{ protocol: "MESOS_TCP", delaySeconds: 3 }] },
      { healthChecks: [{ protocol: "MESOS_TCP" }] },
    ],
  ])("sees %s", (_, one, other) => {
    expect(sameApp(one, other)).toBe(false);
  });

  test("holds for a definition and its copy with keys in another order and defaults written out", () => {
    const definition = fc.record(
      {
        cmd: fc.string({ minLength: 1 }),
        instances: fc.nat(5),
        cpus: fc.constantFrom(0.1, 1, 2),
        env: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
        networks: fc.constantFrom([], [{ mode: "host" }], [{ mode: "container/bridge" }], [{ name: "n" }]),
        constraints: fc.uniqueArray(fc.tuple(fc.string(), fc.constantFrom("UNIQUE", "CLUSTER")), {
          selector: (constraint) => JSON.stringify(constraint),
        }),
      },
      { requiredKeys: ["cmd"] },
    );
    const defaults = { instances: 1, cpus: 1, env: {}, networks: [], constraints: [], disk: 0, labels: {} };
    fc.assert(
      fc.property(definition, (app) => {
        const reversed = Object.fromEntries(Object.entries({ ...defaults, ...app }).reverse());
        const shuffled = app.constraints ? { ...reversed, constraints: app.constraints.toReversed() } : reversed;
        expect(sameApp(app, shuffled)).toBe(true);
        expect(sameApp(app, { ...app, cmd: `${app.cmd}!` })).toBe(false);
      }),
    );
  });
});
