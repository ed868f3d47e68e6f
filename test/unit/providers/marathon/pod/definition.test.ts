import { describe, expect, test } from "vitest";
import { checkPod } from "../../../../../providers/marathon/pod/definition";
import {
  changedFields,
  isLikePod,
  type LivePod,
  type PodDefinition,
  podOf,
  samePod,
} from "../../../../../providers/marathon/pod/normal-form";
import type { Properties } from "../../../../../providers/runtime/handler";
import { UNKNOWN } from "../../../../../providers/runtime/unknown";
import { isObject, type Json } from "../../../../conformance/json";
import { readRecording } from "../../../../conformance/recording";
import { POD_LABELS as labels, podArgs, server } from "../../../../contract/support/marathon-pods";

const logs = { name: "logs", resources: { cpus: 0.1, mem: 16 } };

function pod(fields: Properties = {}): Properties {
  return podArgs(fields).pod;
}

function failuresOf(value: unknown): string[] {
  return checkPod(value, "/shop/web").failures.map(({ property, reason }) => `${property} ${reason}`);
}

describe("a pod's definition", () => {
  test("in full is accepted, and is checked to the same a second time", () => {
    const whole = pod({
      user: "web",
      environment: { A: "x", N: 1, S: { secret: "password" } },
      secrets: { password: { source: "/web/password" } },
      containers: [
        server({
          exec: { command: { argv: ["serve", "--fast"] }, overrideEntrypoint: true },
          resources: { cpus: 0.5, mem: 64, disk: 10, gpus: 1 },
          environment: { B: true },
          artifacts: [{ uri: "http://example.com/a.tgz", extract: true }],
          lifecycle: { killGracePeriodSeconds: 5 },
          volumeMounts: [{ name: "data", mountPath: "/data", readOnly: true }],
          labels: { tier: "front" },
          user: "root",
        }),
        {
          ...logs,
          image: { kind: "appc", id: "example.com/logs" },
          healthCheck: { exec: { command: { shell: "true" } } },
        },
      ],
      volumes: [{ name: "data", host: "/srv" }],
      networks: [{ mode: "container", name: "calico", labels: { a: "b" } }],
      scaling: { kind: "fixed", instances: 3 },
      scheduling: {
        backoff: { backoff: 2, backoffFactor: 1.5, maxLaunchDelay: 60 },
        upgrade: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
        placement: {
          constraints: [{ fieldName: "hostname", operator: "UNIQUE" }],
          acceptedResourceRoles: ["*"],
        },
        killSelection: "OLDEST_FIRST",
        unreachableStrategy: { inactiveAfterSeconds: 1, expungeAfterSeconds: 2 },
      },
      executorResources: { cpus: 0.2, mem: 64, disk: 10 },
    });
    const { pod: kept, failures, notes } = checkPod(whole, "/shop/web");
    expect({ failures, notes }).toEqual({ failures: [], notes: [] });
    expect(kept).toMatchObject({ environment: { N: "1" }, containers: [{ environment: { B: "true" } }, {}] });
    expect(checkPod(kept, "/shop/web")).toEqual({ pod: kept, failures: [], notes: [] });
  });

  test.each<[string, unknown, RegExp]>([
    ["no object", "x", /^pod must be a pod's definition/],
    ["another id", { ...pod(), id: "/other" }, /^pod\.id is not taken: write it as podId; it is "\/other"/],
    ["no labels", { ...pod(), labels: {} }, /^pod\.labels must hold clocker\.application/],
    ["no containers", { labels }, /^pod\.containers is missing/],
    ["an empty list of containers", pod({ containers: [] }), /^pod\.containers /],
    [
      "a container without resources",
      pod({ containers: [{ name: "a" }] }),
      /^pod\.containers\.0\.resources is missing/,
    ],
    [
      "a bad name",
      pod({ containers: [{ ...logs, name: "A_b" }] }),
      /^pod\.containers\.0\.name must consist of lower-case/,
    ],
    [
      "an image of no kind",
      pod({ containers: [{ ...logs, image: { id: "x" } }] }),
      /^pod\.containers\.0\.image\.kind is missing/,
    ],
    ["another scaling", pod({ scaling: { kind: "auto" } }), /^pod\.scaling\.kind .* it is "auto"/],
    ["a small executor", pod({ executorResources: { cpus: 0 } }), /^pod\.executorResources\.cpus .*0\.1.* it is 0/],
    [
      "two containers of one name",
      pod({ containers: [logs, logs] }),
      /^pod\.containers must not give a name twice: logs/,
    ],
    [
      "two endpoints of one name",
      pod({ containers: [server(), server({ name: "b", endpoints: [{ name: "http", containerPort: 81 }] })] }),
      /^pod\.containers must not give an endpoint's name twice: http/,
    ],
    [
      "a port twice",
      pod({
        containers: [
          server({
            endpoints: [
              { name: "http", containerPort: 80 },
              { name: "b", containerPort: 80 },
            ],
          }),
        ],
      }),
      /^pod\.containers must not give a containerPort twice: 80/,
    ],
    ["a volume that nobody mounts", pod({ volumes: [{ name: "data" }] }), /^pod\.volumes\.0 must be mounted/],
    [
      "a mount of no volume",
      pod({ containers: [{ ...logs, volumeMounts: [{ name: "data", mountPath: "/d" }] }] }),
      /^pod\.containers\.0\.volumeMounts\.0\.name must be a volume of the pod; it is "data"/,
    ],
    [
      "a secret that it does not name",
      pod({ containers: [{ ...logs, environment: { P: { secret: "p" } } }] }),
      /^pod\.containers\.0\.environment\.P\.secret must be the name of one of the pod's secrets; it is "p"/,
    ],
    [
      "a container's port on the host's network",
      pod({ networks: [{ mode: "host" }] }),
      /^pod\.containers\.0\.endpoints\.0\.containerPort is not taken/,
    ],
    [
      "no container's port on a network of containers",
      pod({ networks: [{ mode: "container", name: "n" }], containers: [server({ endpoints: [{ name: "http" }] })] }),
      /^pod\.containers\.0\.endpoints\.0\.containerPort is missing/,
    ],
    [
      "two networks of the host",
      pod({ networks: [{ mode: "host" }, { mode: "container/bridge" }] }),
      /^pod\.networks may be one host network/,
    ],
    [
      "a check of two kinds",
      pod({ containers: [server({ healthCheck: { http: { endpoint: "http" }, tcp: { endpoint: "http" } } })] }),
      /^pod\.containers\.0\.healthCheck must have one of http, tcp and exec; it has http and tcp/,
    ],
    [
      "a check of no kind",
      pod({ containers: [server({ healthCheck: {} })] }),
      /^pod\.containers\.0\.healthCheck .* it has none/,
    ],
    [
      "a check of another endpoint",
      pod({ containers: [server({ healthCheck: { tcp: { endpoint: "db" } } })] }),
      /^pod\.containers\.0\.healthCheck\.tcp\.endpoint must be the name of one .* it is "db"/,
    ],
    [
      "a check that outlasts its interval",
      pod({ containers: [server({ healthCheck: { tcp: { endpoint: "http" }, intervalSeconds: 20 } })] }),
      /^pod\.containers\.0\.healthCheck\.timeoutSeconds must be below intervalSeconds; it is 20 to 20/,
    ],
    [
      "a constraint without its value",
      pod({ scheduling: { placement: { constraints: [{ fieldName: "rack", operator: "MAX_PER" }] } } }),
      /^pod\.scheduling\.placement\.constraints\.0 needs a whole number with MAX_PER/,
    ],
  ])("with %s is refused by its place", (_, value, message) => {
    expect(failuresOf(value)).toContainEqual(expect.stringMatching(message));
  });

  test("tells what Marathon leaves out and ignores, by its place", () => {
    const { notes } = checkPod(pod({ version: "x", container: [], containers: [{ ...logs, cmd: "x" }] }), "/shop/web");
    expect(notes).toEqual([
      "version: Marathon shows this and does not take it; it is left out",
      "container: Marathon has no such field and ignores it; did you mean containers?",
      "containers.0.cmd: Marathon ignores it",
    ]);
  });

  test("may be unknown at any place", () => {
    const keys = [
      "containers",
      "user",
      "environment",
      "secrets",
      "volumes",
      "networks",
      "scaling",
      "scheduling",
      "labels",
    ];
    for (const key of keys)
      expect({ key, failures: failuresOf(pod({ [key]: UNKNOWN })) }).toEqual({ key, failures: [] });
    expect(failuresOf(UNKNOWN)).toEqual([]);
    const containers = [server({ name: UNKNOWN, endpoints: UNKNOWN }), UNKNOWN];
    expect(
      failuresOf(pod({ containers, volumes: [{ name: UNKNOWN }], environment: { A: { secret: UNKNOWN } } })),
    ).toEqual([]);
  });

  test("means the same with its defaults written out", () => {
    const short = checkPod(pod({ networks: [] }), "/p").pod as PodDefinition;
    const long = {
      ...short,
      volumes: [],
      scheduling: {
        killSelection: "youngest_first",
        upgrade: {},
        backoff: { backoff: 1 },
        placement: { constraints: [] },
      },
      executorResources: { cpus: 0.1 },
      environment: {},
    };
    expect(samePod(short, long)).toBe(true);
    expect(changedFields(short, { ...long, scaling: { kind: "fixed", instances: 2 } })).toEqual(["scaling"]);
    expect(samePod(short, { ...long, user: "x" })).toBe(false);
  });
});

describe("a pod that the recorded Marathon accepted", () => {
  test("is accepted by check and comes back as it was written, wherever it is shown", async () => {
    const rows = (await readRecording()).flatMap((scenario) => scenario.rows);
    const sent = rows.filter(({ request, response }) => request.path === "/v2/pods" && response.status === 201);
    expect(sent.length).toBeGreaterThan(0);
    for (const { request } of sent) {
      const body = request.body as Properties;
      const { pod: wanted, failures } = checkPod({ ...body, labels }, body["id"]);
      expect(failures).toEqual([]);
      const shown = rows.flatMap(({ response }) => podsIn(response.body)).filter(({ id }) => id === body["id"]);
      expect(shown.length).toBeGreaterThan(3);
      for (const live of shown) {
        expect(podOf({ ...live, labels }, wanted as PodDefinition)).toEqual(wanted);
        expect(isLikePod(live, wanted as PodDefinition)).toBe(false);
      }
    }
  });
});

/** Definitions of pods that an answer shows, at any depth. */
function podsIn(value: Json | undefined): LivePod[] {
  if (Array.isArray(value)) return value.flatMap(podsIn);
  if (!isObject(value)) return [];
  return "containers" in value && "scheduling" in value
    ? [value as unknown as LivePod]
    : Object.values(value).flatMap(podsIn);
}
