import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../unit/sandbox-marathon/api-client";

let api: ApiClient;

beforeAll(async () => {
  api = await ApiClient.start();
});
afterAll(() => api.stop());

let ids = 0;
const fresh = (prefix = "a"): string => {
  ids += 1;
  return `/${prefix}${ids}`;
};
const NOTHING_TO_RUN = "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.";
const invalidJson = (...details: [string, ...string[]][]) => faults("Invalid JSON", details);
const notValid = (...details: [string, ...string[]][]) => faults("Object is not valid", details);
const faults = (message: string, details: [string, ...string[]][]) => ({
  message,
  details: details.map(([path, ...errors]) => ({ path, errors })),
});

describe("create and read", () => {
  it("row 1, 2: a create answers 201 with where and how, a second one 409", async () => {
    const created = await api.post("/v2/apps", { id: "foo", cmd: "sleep 1000" });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ id: "/foo", tasksRunning: 0, tasks: [] });
    expect(created.body).not.toHaveProperty("versionInfo");
    expect(created.headers.location).toBe(`${api.url}/foo`);
    expect(created.body.deployments).toEqual([{ id: created.headers["marathon-deployment-id"] }]);
    const again = await api.post("/v2/apps", { id: "/foo", cmd: "sleep 1000" });
    expect([again.status, again.body]).toEqual([409, { message: "An app with id [/foo] already exists." }]);
  });

  it("row 3, 4: the app reads back with every default, a service port and no null", async () => {
    const id = fresh();
    await api.post("/v2/apps", { id, cmd: "sleep 1000", instances: 0 });
    const answer = await api.get(`/v2/apps/${id}`);
    expect((await api.get(`/v2/apps${id}/`)).body).toEqual(answer.body);
    expect(answer.text).not.toContain("null");
    const app = answer.body.app as Record<string, unknown>;
    const { version } = app;
    expect(app).toEqual({
      id,
      backoffFactor: 1.15,
      backoffSeconds: 1,
      cmd: "sleep 1000",
      cpus: 1,
      disk: 0,
      executor: "",
      instances: 0,
      labels: {},
      maxLaunchDelaySeconds: 300,
      mem: 128,
      gpus: 0,
      networks: [{ mode: "host" }],
      portDefinitions: [{ port: expect.any(Number), name: "default", protocol: "tcp" }],
      requirePorts: false,
      upgradeStrategy: { maximumOverCapacity: 1, minimumHealthCapacity: 1 },
      version,
      versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
      killSelection: "YOUNGEST_FIRST",
      unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
      tasksStaged: 0,
      tasksRunning: 0,
      tasksHealthy: 0,
      tasksUnhealthy: 0,
      deployments: [],
      tasks: [],
    });
    const [definition] = app.portDefinitions as { port: number }[];
    expect(definition?.port).toBeGreaterThanOrEqual(10_000);
  });

  it("row 6: an unknown app is 404 for every method", async () => {
    const answers = [
      await api.get("/v2/apps/nope"),
      await api.get("/v2/apps/nope/tasks"),
      await api.get("/v2/apps/nope/versions"),
      await api.delete("/v2/apps/nope"),
      await api.send("POST", "/v2/apps/nope/restart"),
      await api.patch("/v2/apps/nope", { cmd: "x1" }),
    ];
    for (const { status, body } of answers)
      expect([status, body]).toEqual([404, { message: "App '/nope' does not exist" }]);
  });
});

describe("bodies that are no JSON", () => {
  it.each([
    ["row 8: a truncated body", '{"id":"/t"', "Unexpected end-of-input: expected close marker for Object"],
    ["a key without a value", '{"id"', "Unexpected end-of-input within/between Object entries"],
    ["a bare word", "hello", "Unrecognized token 'hello': was expecting ('true', 'false' or 'null')"],
  ])("%s is 400", async (_, text, details) => {
    const { status, body } = await api.send("POST", "/v2/apps", text);
    expect(status).toBe(400);
    expect(body).toMatchObject({ message: "Invalid JSON", details: expect.stringContaining(details) });
  });

  it("row 9: an empty body is 400", async () => {
    const { status, body } = await api.send("POST", "/v2/apps", "", { "Content-Type": "application/json" });
    expect([status, body.message]).toEqual([400, "Please specify data in JSON format"]);
  });
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

describe("definitions that are taken", () => {
  it.each<[string, object, object]>([
    ["row 19: cpus 0 and mem 0", { cmd: "x1", cpus: 0, mem: 0 }, { cpus: 0, mem: 0 }],
    [
      "row 30: mappings in host mode",
      { container: { docker: { image: "n" }, portMappings: [{}] } },
      { networks: [{ mode: "host" }] },
    ],
    ["row 31: ports []", { cmd: "x1", ports: [] }, { portDefinitions: [] }],
    [
      "row 32: ports",
      { cmd: "x1", ports: [1000, 1001] },
      {
        portDefinitions: [
          { port: 1000, protocol: "tcp" },
          { port: 1001, protocol: "tcp" },
        ],
      },
    ],
    [
      "row 44: killSelection in lower case",
      { cmd: "x1", killSelection: "oldest_first" },
      { killSelection: "OLDEST_FIRST" },
    ],
    ["an unknown field", { cmd: "x1", foo: { a: 1 } }, { cmd: "x1" }],
    [
      "row 28: docker.network USER",
      { container: { docker: { image: "n", network: "USER" } }, ipAddress: { networkName: "calico" } },
      { networks: [{ name: "calico", mode: "container" }] },
    ],
  ])("%s", async (_name, body, expected) => {
    const id = fresh("taken/a");
    expect((await api.post("/v2/apps", { id, instances: 0, ...body })).status).toBe(201);
    expect(await api.app(id)).toMatchObject(expected);
  });

  it("row 36: a check gets portIndex 0 only by a PUT, if the create declared no port", async () => {
    const id = fresh();
    const body = { id, cmd: "sleep 1", instances: 0, healthChecks: [{}] };
    await api.post("/v2/apps", body);
    const [check] = (await api.app(id)).healthChecks as object[];
    expect(check).toMatchObject({ protocol: "HTTP", delaySeconds: 15, ignoreHttp1xx: false });
    expect(check).not.toHaveProperty("portIndex");
    await api.put(`/v2/apps${id}`, body);
    expect(((await api.app(id)).healthChecks as object[])[0]).toHaveProperty("portIndex", 0);
  });
});

describe("routes", () => {
  it.each<[string, string, string, number, object]>([
    ["an unknown path", "GET", "/nothing", 500, { message: "URI not found" }],
    ["a wrong method", "DELETE", "/v2/queue", 405, { message: "Method Not Allowed" }],
    ["restart is for POST", "GET", "/v2/apps/x/restart", 405, { message: "Method Not Allowed" }],
    ["no plugins", "GET", "/v2/plugins", 200, { plugins: [] }],
    [
      "row 57: an unknown deployment",
      "DELETE",
      "/v2/deployments/nope",
      404,
      { message: "DeploymentPlan nope does not exist" },
    ],
    [
      "an app that does not wait",
      "DELETE",
      "/v2/queue//nope/delay",
      404,
      { message: "Application /nope not found in tasks queue." },
    ],
    ["an unknown group", "GET", "/v2/groups/none", 404, { message: "Group '/none' does not exist" }],
  ])("%s", async (_name, method, path, status, body) => {
    const answer = await api.send(method, path);
    expect([answer.status, answer.body]).toEqual([status, body]);
  });

  it("what cannot be produced is 406, what cannot be read 415", async () => {
    expect((await api.get("/v2/apps", { Accept: "application/xml" })).status).toBe(406);
    expect((await api.send("POST", "/v2/apps", "{}", { "Content-Type": "text/plain" })).status).toBe(415);
  });

  it("row 70: ping, leader and info tell who answers", async () => {
    expect((await api.get("/ping")).text).toBe('"pong"');
    expect((await api.get("/ping", { Accept: "*/*" })).text).toBe("pong");
    const address = api.url.replace("http://", "");
    expect((await api.get("/v2/leader")).body).toEqual({ leader: address });
    expect((await api.get("/v2/info")).body).toMatchObject({
      name: "marathon",
      version: "1.8.222",
      elected: true,
      leader: address,
      frameworkId: expect.stringMatching(/-0000$/),
      marathon_config: { framework_name: "marathon", features: [] },
    });
  });
});
