import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient, type Body } from "../unit/sandbox-marathon/api-client";

let api: ApiClient;

beforeAll(async () => {
  api = await ApiClient.start({
    features: ["secrets", "external_volumes", "gpu_resources"],
    defaultNetworkName: "dcos",
    mesosRole: "web",
  });
});
afterAll(() => api.stop());

const app = (rest: object) => ({ id: "/f/app", cmd: "sleep 1", cpus: 0.01, mem: 8, instances: 0, ...rest });
const volume = (rest: object, type = "MESOS") => ({
  container: {
    type,
    ...(type === "DOCKER" ? { docker: { image: "nginx" } } : {}),
    volumes: [{ containerPath: "data", mode: "RW", ...rest }],
  },
});
const external = { name: "v", provider: "dvdi", options: { "dvdi/driver": "rexray" } };

describe("with its features enabled the server takes", () => {
  it.each<[string, object, object]>([
    [
      "a container network without a name, which gets the default one",
      { networks: [{}] },
      { networks: [{ name: "dcos", mode: "container" }] },
    ],
    ["secrets", { secrets: { s: { source: "/a" } }, env: { P: { secret: "s" } } }, { env: { P: { secret: "s" } } }],
    [
      "a persistent volume, which makes the app resident",
      volume({ persistent: { size: 10 } }),
      {
        residency: { relaunchEscalationTimeoutSeconds: 3600, taskLostBehavior: "WAIT_FOREVER" },
        unreachableStrategy: "disabled",
        upgradeStrategy: { maximumOverCapacity: 0, minimumHealthCapacity: 0.5 },
        container: { volumes: [{ persistent: { type: "root", size: 10, constraints: [] } }] },
      },
    ],
    [
      "an external volume",
      volume({ external }),
      { upgradeStrategy: { maximumOverCapacity: 0, minimumHealthCapacity: 0.5 } },
    ],
    ["gpus under MESOS", { gpus: 1, container: { type: "MESOS" } }, { gpus: 1 }],
  ])("%s", async (_name, rest, expected) => {
    expect((await api.post("/v2/apps", app(rest))).status).toBe(201);
    expect(await api.app("f/app")).toMatchObject(expected);
    await api.delete("/v2/apps/f/app");
    await api.idle();
  });
});

describe("with its features enabled the server refuses", () => {
  it.each<[string, object, string, string[]]>([
    [
      "row 41: a secret nobody declared",
      { env: { P: { secret: "s" } } },
      "/env/P/secret",
      ["references an undefined secret"],
    ],
    ["a secret without a name", { secrets: { "": { source: "a" } } }, "/secrets/keys(0)", ["must not be empty"]],
    [
      "a file of an undeclared secret",
      { container: { type: "MESOS", volumes: [{ containerPath: "c", secret: "s" }] } },
      "/container/volumes(0)",
      ["volume.secret must refer to an existing secret"],
    ],
    [
      "a persistent volume with a slash",
      { container: { type: "MESOS", volumes: [{ containerPath: "/data", mode: "RW", persistent: { size: 1 } }] } },
      "/container/volumes(0)/containerPath",
      ['value must not contain "/"'],
    ],
    [
      "a persistent volume of no size",
      volume({ persistent: { size: 0 } }),
      "/container/volumes(0)/persistent/size",
      ["got 0, expected more than 0"],
    ],
    [
      "an external volume without a driver",
      volume({ external: { ...external, options: {} } }),
      '/container/volumes(0)/external/options("dvdi/driver")',
      ["not defined"],
    ],
    [
      "the size of an external volume under DOCKER",
      { cmd: undefined, ...volume({ external: { ...external, size: 3 } }, "DOCKER") },
      "/container/volumes(0)/external/size",
      ["must be undefined for Docker containers", "must be undefined for Docker containers"],
    ],
    [
      "gpus under DOCKER",
      { gpus: 1, container: { type: "DOCKER", docker: { image: "nginx" } } },
      "/",
      ["GPU resources only work with the Mesos containerizer"],
    ],
  ])("%s", async (_name, rest, path, errors) => {
    const { status, body } = await api.post("/v2/apps", app(rest));
    expect([status, body.details]).toEqual([422, [{ path, errors }]]);
  });

  it("another set of persistent volumes", async () => {
    await api.post("/v2/apps", app(volume({ persistent: { size: 10 } })));
    await api.idle();
    const { status, body } = await api.put("/v2/apps/f/app", volume({ persistent: { size: 20 } }));
    expect([status, body.details]).toEqual([
      422,
      [{ path: "/app(0)", errors: ["Persistent volumes can not be changed!"] }],
    ]);
  });
});

describe("pods", () => {
  it("run beside apps, under ids that no app may have", async () => {
    const containers = [{ name: "c1", resources: { cpus: 0.1, mem: 32 }, exec: { command: { shell: "sleep 1000" } } }];
    const created = await api.post("/v2/pods", { id: "/pod", containers });
    expect([created.status, created.headers.location]).toEqual([201, `${api.url}/pod`]);
    const deployments = (await api.get("/v2/deployments")).body as unknown as Body[];
    expect(deployments[0]).toMatchObject({
      affectedApps: [],
      affectedPods: ["/pod"],
      steps: [{ actions: [{ action: "StartPod", pod: "/pod" }] }, { actions: [{ action: "ScalePod", pod: "/pod" }] }],
    });
    await api.idle();
    expect((await api.get("/v2/pods/pod::status")).body).toMatchObject({
      status: "STABLE",
      instances: [{ status: "STABLE", resources: { cpus: 0.2, mem: 64, disk: 10, gpus: 0 } }],
    });
    expect((await api.get("/v2/apps/pod")).status).toBe(404);
    expect((await api.get("/v2/tasks")).body.tasks).toEqual([]);
    const app = await api.post("/v2/apps", { id: "/pod", cmd: "sleep 1" });
    expect(app.body.details).toEqual([{ path: "/", errors: ["Applications and Pods may not share the same id"] }]);
    expect((await api.delete("/v2/pods/pod")).status).toBe(202);
    await api.idle();
    expect((await api.get("/v2/pods")).text).toBe("[]");
  });
});
