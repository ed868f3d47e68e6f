import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "./api-client";

let api: ApiClient;
const READ_ONLY = [
  "version",
  "versionInfo",
  "tasksStaged",
  "tasksRunning",
  "tasksHealthy",
  "tasksUnhealthy",
  "deployments",
  "tasks",
];
/** What Marathon answers with a 500 too. */
const CONVERSION =
  /^(illegal protocol|illegal constraint specification|unsupported docker network|cannot specify both|container\.portMappings and)/;

beforeAll(async () => {
  api = await ApiClient.start({
    features: ["secrets", "external_volumes", "gpu_resources"],
    defaultNetworkName: "dcos",
  });
});
afterAll(() => api.stop());

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | unknown> =>
  fc.oneof({ arbitrary: value, weight: 12 }, { arbitrary: fc.constantFrom<unknown>(null, -1, "x", [], {}), weight: 1 });
const some = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });
const names = fc.constantFrom("a", "b");
const port = fc.constantFrom(0, 80, 10_500);
const labels = fc.dictionary(names, names);
const mapping = some({
  containerPort: port,
  hostPort: port,
  servicePort: port,
  name: names,
  labels,
  networkNames: fc.constantFrom([], ["n"]),
});
const volume = fc.constantFrom<unknown>(
  { containerPath: "p", mode: "RW", persistent: { size: 1 } },
  { containerPath: "/c", mode: "ro", hostPath: "/h" },
  { containerPath: "s", secret: "s" },
  { containerPath: "e", mode: "RW", external: { name: "v", provider: "dvdi", options: { "dvdi/driver": "d" } } },
);
const container = some({
  type: fc.constantFrom("MESOS", "DOCKER"),
  docker: some({
    image: fc.constant("nginx"),
    network: fc.constantFrom("HOST", "BRIDGE", "USER", "NONE"),
    portMappings: fc.array(mapping, { maxLength: 2 }),
    parameters: fc.constantFrom([], [{ key: "k", value: "v" }]),
    privileged: fc.boolean(),
  }),
  volumes: fc.array(volume, { maxLength: 2 }),
  portMappings: fc.array(mapping, { maxLength: 2 }),
});
const check = some({
  protocol: fc.constantFrom("HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_TCP", "MESOS_HTTP", "MESOS_HTTPS"),
  command: fc.constant({ value: "true" }),
  path: fc.constant("/"),
  port,
  portIndex: fc.nat(2),
  delaySeconds: fc.nat(20),
  ipProtocol: fc.constantFrom("IPv4", "IPv6"),
});
const constraint = fc.tuple(names, fc.constantFrom("UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "MAX_PER", "IS", "is"));
const fields: Record<string, fc.Arbitrary<unknown>> = {
  cmd: maybe(fc.constant("sleep 1000")),
  args: fc.constantFrom([], ["a"]),
  instances: maybe(fc.constant(0)),
  cpus: maybe(fc.constantFrom(0, 0.1, 1)),
  constraints: maybe(fc.array(constraint, { maxLength: 2 })),
  container: maybe(container),
  dependencies: maybe(fc.constantFrom([], ["d"], ["/D"])),
  env: maybe(fc.dictionary(names, fc.oneof<fc.Arbitrary<unknown>[]>(names, fc.constant({ secret: "s" })))),
  executor: fc.constantFrom("", "//cmd"),
  fetch: maybe(fc.constantFrom([], [{ uri: "http://a/b.tgz" }], [{ uri: "a b" }])),
  healthChecks: maybe(fc.array(maybe(check), { maxLength: 2 })),
  ipAddress: fc.constantFrom({}, { networkName: "n" }, { discovery: { ports: [{ name: "a", number: 80 }] } }),
  labels: maybe(labels),
  networks: maybe(
    fc.array(some({ mode: fc.constantFrom("host", "container", "container/bridge"), name: fc.constant("n"), labels }), {
      maxLength: 2,
    }),
  ),
  portDefinitions: maybe(fc.array(some({ port, name: names, labels }), { maxLength: 2 })),
  ports: fc.array(port, { maxLength: 2 }),
  readinessChecks: maybe(fc.array(some({ portName: names, timeoutSeconds: fc.nat(40) }), { maxLength: 2 })),
  requirePorts: fc.boolean(),
  secrets: maybe(fc.constantFrom({}, { s: { source: "/s" } })),
  upgradeStrategy: maybe(fc.constantFrom({ minimumHealthCapacity: 0, maximumOverCapacity: 0 })),
  uris: fc.constantFrom([], ["http://a/b.tgz"]),
  unreachableStrategy: maybe(fc.constantFrom<unknown>("disabled", { inactiveAfterSeconds: 1, expungeAfterSeconds: 2 })),
};
/** A few fields at a time, so that many definitions are good. */
const definition = fc
  .array(fc.oneof(...Object.entries(fields).map(([name, value]) => value.map((given) => ({ [name]: given })))), {
    maxLength: 4,
  })
  .map((given): object => Object.assign({ cmd: "sleep 1000" }, ...given));

describe("any definition", () => {
  it("is refused in Marathon's way or shown again so that sending it back changes nothing", async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(definition, async (body) => {
        const created = await api.post("/v2/apps", { instances: 0, ...body, id: "/any" });
        if (created.status === 500) expect(created.body.message).toMatch(CONVERSION);
        else if (created.status !== 201) expect(created.status).toBe(422);
        if (created.status !== 201) return;
        accepted += 1;
        const settled = () =>
          api.until(
            async () => (await api.get("/v2/deployments")).text === "[]",
            `${JSON.stringify(body)} is deployed`,
          );
        await settled();
        const shown = await api.app("any");
        const rest = Object.fromEntries(Object.entries(shown).filter(([key]) => !READ_ONLY.includes(key)));
        const again = await api.put("/v2/apps/any?partialUpdate=false", rest);
        expect(again).toMatchObject({ status: 200 });
        await settled();
        const after = await api.app("any");
        await api.delete("/v2/apps/any");
        await settled();
        const added = (rest.healthChecks as object[] | undefined)?.some(
          (one) => !("port" in one) && !("portIndex" in one),
        );
        if (!added) expect(after).toEqual(shown);
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(10);
  }, 120_000);
});
