import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ApiClient } from "./api-client";

let api: ApiClient;
const NOTHING_TO_RUN = "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.";
const notValid = (path: string, ...errors: string[]) => ({
  message: "Object is not valid",
  details: [{ path, errors }],
});
const invalidJson = (path: string, ...errors: string[]) => ({ message: "Invalid JSON", details: [{ path, errors }] });

beforeAll(async () => {
  api = await ApiClient.start({ features: ["secrets"] });
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.delete("/v2/groups?force=true");
  await api.post("/v2/apps", { id: "/u", cmd: "sleep 1", instances: 0, labels: { a: "b" } });
  await api.idle();
});

describe("an update of an app that is there", () => {
  it.each<[string, object, object]>([
    ["says its id as text", { id: 123 }, invalidJson("/id", "error.expected.jsstring")],
    ["does not name a command beside arguments", { args: ["a"] }, notValid("/", NOTHING_TO_RUN)],
    [
      "does not map ports on networks of the host",
      {
        container: { docker: { image: "a" }, portMappings: [{}] },
        networks: [{ mode: "host" }],
      },
      notValid("/", "portMappings are not allowed with host-networking"),
    ],
    [
      "does not define ports on other networks",
      { portDefinitions: [{}], networks: [{ mode: "container/bridge" }] },
      notValid("/", "portDefinitions are only allowed with host-networking"),
    ],
    [
      "refers to secrets that it names itself",
      { env: { A: { secret: "s" } } },
      notValid("/env/A/secret", "references an undefined secret"),
    ],
    [
      "does not name an old network beside a list, even an empty one",
      {
        container: { docker: { image: "a", network: "HOST" } },
        networks: [],
      },
      notValid("/", "must not specify both container.docker.network and networks"),
    ],
    [
      "names a version alone",
      { version: "2020-01-01T00:00:00.000Z", cmd: "x1" },
      notValid("/", "The 'version' field may only be combined with the 'id' field."),
    ],
    [
      "names a version alone, though it is no more than a list",
      { version: "2020-01-01T00:00:00.000Z", fetch: [] },
      notValid("/", "The 'version' field may only be combined with the 'id' field."),
    ],
  ])("%s", async (_, update, answer) => {
    for (const method of ["PUT", "PATCH"]) {
      const { status, body } = await api.send(method, "/v2/apps/u", JSON.stringify(update));
      expect({ status, body }).toEqual({ status: 422, body: answer });
    }
  });

  it("may name fields that are unknown or null beside a version", async () => {
    const { version } = await api.app("u");
    const { status } = await api.put("/v2/apps/u", { version, cmd: null, unknown: 1 });
    expect(status).toBe(200);
  });

  it("is one of nothing where the body is no object, unless it is to replace all", async () => {
    expect(await api.put("/v2/apps/u", ["a"])).toMatchObject({ status: 200 });
    const all = await api.put("/v2/apps/u?partialUpdate=false", ["a"]);
    expect(all).toMatchObject({ status: 422, body: invalidJson("", "error.expected.jsobject") });
  });

  it("lets its health checks refer to the first port", async () => {
    await api.put("/v2/apps/u", { healthChecks: [{ protocol: "TCP" }] });
    expect((await api.app("u")).healthChecks).toMatchObject([{ portIndex: 0 }]);
  });
});

describe("an update of an app that is not there", () => {
  it("is read as a whole app, whose id is that of the path", async () => {
    const broken = await api.put("/v2/apps/new", { id: 5, upgradeStrategy: {}, labels: { a: "b" } });
    expect(broken.body.details).toMatchObject([
      { path: "/upgradeStrategy/maximumOverCapacity" },
      { path: "/upgradeStrategy/minimumHealthCapacity" },
    ]);
    const lacking = await api.patch("/v2/apps/new", { labels: {} });
    expect(lacking).toMatchObject({ status: 422, body: notValid("/", NOTHING_TO_RUN) });
    const patched = await api.patch("/v2/apps/new", { cmd: "sleep 1" });
    expect(patched).toMatchObject({ status: 404, body: { message: "App '/new' does not exist" } });
  });

  it("has no old version to go back to", async () => {
    const answer = await api.put("/v2/apps/new", { cmd: "sleep 1", version: "2020-01-01T00:00:00.000Z" });
    expect(answer.status).toBe(201);
  });

  it("lets health checks refer to the default port", async () => {
    await api.put("/v2/apps/new", { cmd: "sleep 1", instances: 0, healthChecks: [{}] });
    expect((await api.app("new")).healthChecks).toMatchObject([{ portIndex: 0 }]);
  });
});

describe("an update of several apps", () => {
  it("is a list", async () => {
    const answer = await api.put("/v2/apps", { id: "/u" });
    expect(answer).toMatchObject({ status: 422, body: invalidJson("", "error.expected.jsarray") });
  });

  it("tells which element is at fault", async () => {
    const { body } = await api.put("/v2/apps", [{ id: "/u" }, { cmd: 1 }, { id: "/X" }]);
    expect(body).toEqual({
      message: "Invalid JSON",
      details: [
        { path: "(1)/cmd", errors: ["error.expected.jsstring"] },
        { path: "(2)/id", errors: ["error.pattern"] },
      ],
    });
  });

  it("makes apps only by PUT, and without ids does nothing", async () => {
    expect(await api.patch("/v2/apps", [{ id: "/v", cmd: "sleep 1" }])).toMatchObject({ status: 404 });
    expect(await api.put("/v2/apps", [{ id: "/v", cmd: "sleep 1", instances: 0 }, { cmd: "x1" }])).toMatchObject({
      status: 200,
    });
    expect(await api.app("v")).toMatchObject({ cmd: "sleep 1" });
  });

  it("replaces whole apps where it is asked to", async () => {
    await api.put("/v2/apps?partialUpdate=false", [{ id: "/u", cmd: "sleep 2", instances: 0 }]);
    expect(await api.app("u")).toMatchObject({ cmd: "sleep 2", labels: {} });
    const lacking = await api.put("/v2/apps?partialUpdate=false", [{ cmd: "sleep 2" }]);
    expect(lacking.body).toEqual(invalidJson("(0)/id", `'id' is undefined on object: {"cmd":"sleep 2"}`));
  });
});
