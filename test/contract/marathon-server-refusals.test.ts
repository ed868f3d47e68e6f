import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../unit/sandbox-marathon/api-client";

let api: ApiClient;

beforeAll(async () => {
  api = await ApiClient.start();
});
afterAll(() => api.stop());

const NOTHING_TO_RUN = "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.";
const invalidJson = (...details: [string, ...string[]][]) => faults("Invalid JSON", details);
const notValid = (...details: [string, ...string[]][]) => faults("Object is not valid", details);
const faults = (message: string, details: [string, ...string[]][]) => ({
  message,
  details: details.map(([path, ...errors]) => ({ path, errors })),
});

describe("definitions that are refused", () => {
  const app = (rest: object) => ({ id: "/refused", cmd: "x1", ...rest });
  const { cmd: _, ...image } = app({ container: { type: "DOCKER", docker: { image: "nginx" } } });

  it.each<[string, object, object]>([
    ["row 7: id is a number", { id: 123 }, invalidJson(["/id", "error.expected.jsstring"])],
    ["row 10: no id", { cmd: "x1" }, invalidJson(["/id", `'id' is undefined on object: {"cmd":"x1"}`])],
    ["row 11: id with upper case", { id: "/App_1", cmd: "x1" }, invalidJson(["/id", "error.pattern"])],
    [
      "row 12: id is the root",
      { id: "/", cmd: "x1" },
      notValid(["/id", "Path must contain at least one path element"], ["/", "must not be root"]),
    ],
    ["row 12: id is empty", { id: "", cmd: "x1" }, invalidJson(["/id", "error.minLength"])],
    [
      "row 13: id ends with a reserved word",
      { id: "/a/tasks", cmd: "x1" },
      notValid(["/id", "must not end with any of the following reserved keywords: restart, tasks, versions"]),
    ],
    ["row 14: nothing to run", { id: "/refused" }, notValid(["/", NOTHING_TO_RUN])],
    ["row 15: cmd and args", app({ args: ["a"] }), notValid(["/", NOTHING_TO_RUN])],
    ["row 16: cmd of one character", app({ cmd: "x" }), notValid(["/", "must not be an empty string"])],
    ["row 16: cmd is empty", app({ cmd: "" }), invalidJson(["/cmd", "error.minLength"])],
    [
      "row 17: negative numbers",
      app({ cpus: -1, mem: -1, instances: -1 }),
      invalidJson(["/cpus", "error.min"], ["/instances", "error.min"], ["/mem", "error.min"]),
    ],
    ["row 18: instances is a fraction", app({ instances: 0.1 }), invalidJson(["/instances", "error.expected.int"])],
    ["row 18: instances is text", app({ instances: "1" }), invalidJson(["/instances", "error.expected.jsnumber"])],
    [
      "row 20: minimumHealthCapacity above one",
      app({ upgradeStrategy: { minimumHealthCapacity: 1.1, maximumOverCapacity: 0 } }),
      invalidJson(["/upgradeStrategy/minimumHealthCapacity", "error.max"]),
    ],
    [
      "row 21: half an upgradeStrategy",
      app({ upgradeStrategy: { minimumHealthCapacity: 0.5 } }),
      invalidJson([
        "/upgradeStrategy/maximumOverCapacity",
        `'maximumOverCapacity' is undefined on object: {"minimumHealthCapacity":0.5}`,
      ]),
    ],
    [
      "row 22: DOCKER without docker",
      app({ container: { type: "DOCKER" } }),
      notValid(["/container/docker", "not defined"]),
    ],
    [
      "row 23: image is empty",
      app({ container: { docker: { image: "" } } }),
      invalidJson(["/container/docker/image", "error.minLength"]),
    ],
    [
      "row 24: container network without a name",
      app({ networks: [{ mode: "container" }] }),
      notValid(["/networks", "Network name must be specified when container network is selected."]),
    ],
    [
      "row 25: host and bridge network",
      app({ networks: [{ mode: "host" }, { mode: "container/bridge" }] }),
      notValid([
        "/networks",
        "May specify a single host network, single bridge network, or else 1-to-n container networks",
      ]),
    ],
    [
      "row 26: DOCKER on two container networks",
      { ...image, networks: [{ name: "a" }, { name: "b" }] },
      notValid(["/", "may only specify a single container network when using the Docker container engine"]),
    ],
    [
      "row 27: old and new network fields",
      app({ container: { docker: { image: "nginx", network: "BRIDGE" } }, networks: [{ mode: "host" }] }),
      notValid(["/", "must not specify both container.docker.network and networks"]),
    ],
    [
      "row 33: duplicate port",
      app({ portDefinitions: [{ port: 9000 }, { port: 9000 }] }),
      notValid(["/portDefinitions", "Ports must be unique."]),
    ],
    [
      "row 33: duplicate port name",
      app({ portDefinitions: [{ name: "a" }, { name: "a" }] }),
      notValid(["/portDefinitions", "Port names must be unique."]),
    ],
    [
      "row 37: portIndex of no port",
      app({ healthChecks: [{ portIndex: 5 }] }),
      notValid([
        "/healthChecks(0)",
        "Health check port indices must address an element of the ports array or container port mappings.",
      ]),
    ],
    [
      "row 38: two Mesos checks",
      app({ healthChecks: [{ protocol: "MESOS_HTTP" }, { protocol: "MESOS_HTTP", path: "/b" }] }),
      notValid(["/", "AppDefinition can contain at most one Mesos health check"]),
    ],
    [
      "row 39: readiness of an unknown port",
      app({ readinessChecks: [{ portName: "nope" }] }),
      notValid(["/readinessChecks(0)/portName", "No port definition reference for portName nope"]),
    ],
    [
      "row 39: readiness timeout not below the interval",
      app({
        portDefinitions: [{ name: "a" }],
        readinessChecks: [{ portName: "a", intervalSeconds: 5, timeoutSeconds: 10 }],
      }),
      notValid(["/readinessChecks(0)/timeoutSeconds", "got 10, expected less than 5"]),
    ],
    [
      "row 39: two readiness checks",
      app({
        portDefinitions: [{ name: "a" }],
        readinessChecks: [{ portName: "a" }, { portName: "a", path: "/b" }],
      }),
      notValid(["/readinessChecks/size", "got 2, expected 1 or less"]),
    ],
    [
      "row 40: UNIQUE with a value",
      app({ constraints: [["hostname", "UNIQUE", "x"]] }),
      notValid(["/constraints", "UNIQUE does not accept a value"]),
    ],
    [
      "row 40: unknown operator",
      app({ constraints: [["hostname", "FOO"]] }),
      notValid([
        "/constraints",
        "operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS",
      ]),
    ],
    [
      "row 40: constraint of one field",
      app({ constraints: [["hostname"]] }),
      notValid(["/constraints", "Each constraint must have either 2 or 3 fields"]),
    ],
    [
      "row 41: secrets without the feature",
      app({ env: { P: { secret: "s" } }, secrets: { s: { source: "/a" } } }),
      notValid(
        ["/secrets", "Feature secrets is not enabled. Enable with --enable_features secrets)"],
        ["/env", "use of secret-references in the environment requires the secrets feature to be enabled"],
      ),
    ],
    [
      "row 42: uris and fetch",
      app({ uris: ["http://a/b"], fetch: [{ uri: "http://a/b" }] }),
      notValid(["/uris", "may not be set in conjunction with fetch"]),
    ],
    [
      "row 43: inactive after expunged",
      app({ unreachableStrategy: { inactiveAfterSeconds: 5, expungeAfterSeconds: 1 } }),
      notValid([
        "/unreachableStrategy/inactiveAfterSeconds",
        "inactiveAfterSeconds (5) must be less or equal to expungeAfterSeconds, which is 1",
      ]),
    ],
    [
      "row 44: unknown killSelection",
      app({ killSelection: "FOO" }),
      invalidJson(["/killSelection", "error.unknown.enum.literal"]),
    ],
    [
      "row 68: depends on itself",
      app({ dependencies: ["/refused"] }),
      notValid(["/", "Dependency graph has cyclic dependencies."]),
    ],
  ])("%s", async (_name, body, expected) => {
    const answer = await api.post("/v2/apps", body);
    expect([answer.status, answer.body]).toEqual([422, expected]);
    expect((await api.get("/v2/apps/refused")).status).toBe(404);
  });

  it.each<[string, object, string]>([
    [
      "row 40: operator in lower case",
      { constraints: [["hostname", "unique"]] },
      "illegal constraint specification hostname,unique",
    ],
    [
      "COMMAND without a command",
      { healthChecks: [{ protocol: "COMMAND" }] },
      "illegal protocol COMMAND for non-command health check",
    ],
  ])("%s fails with 500, as Marathon does", async (_name, rest, message) => {
    const answer = await api.post("/v2/apps", app(rest));
    expect([answer.status, answer.body]).toEqual([500, { message }]);
  });
});
