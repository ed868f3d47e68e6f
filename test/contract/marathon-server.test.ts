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
