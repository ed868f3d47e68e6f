import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient, type Body } from "../unit/sandbox-marathon/api-client";

let api: ApiClient;

beforeAll(async () => {
  api = await ApiClient.start();
});
afterAll(() => api.stop());

/** Fits no agent, so that its deployment runs until it is ended. */
const STUCK = { cmd: "sleep 1000", cpus: 1000 };
const TINY = { cmd: "sleep 1000", cpus: 0.01, mem: 8 };

const steps = async (deploymentId: unknown): Promise<unknown> => {
  const deployments = (await api.get("/v2/deployments")).body as unknown as Body[];
  return deployments.find((deployment) => deployment.id === deploymentId)?.steps;
};

describe("PUT and PATCH", () => {
  it("row 45, 46: PUT creates what PATCH does not", async () => {
    const created = await api.put("/v2/apps/created", TINY);
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(`${api.url}/created`);
    expect(Object.keys(created.body).sort()).toEqual(["deploymentId", "version"]);
    expect((await api.patch("/v2/apps/none", TINY)).status).toBe(404);
  });

  it("row 47, 48: a merge keeps what is left out, a replacement does not", async () => {
    await api.post("/v2/apps", { id: "/merge", ...TINY, labels: { a: "1" }, instances: 2 });
    await api.idle();
    await api.put("/v2/apps/merge", { cmd: "sleep 2000", env: null });
    await api.idle();
    expect(await api.app("merge")).toMatchObject({ cmd: "sleep 2000", labels: { a: "1" }, instances: 2 });
    await api.put("/v2/apps/merge?partialUpdate=false", { cmd: "sleep 2000" });
    await api.idle();
    expect(await api.app("merge")).toMatchObject({ labels: {}, instances: 1, mem: 128 });
  });

  it("row 49: a nested object is replaced whole", async () => {
    await api.post("/v2/apps", {
      id: "/nested",
      instances: 0,
      container: { docker: { image: "a" }, portMappings: [{ containerPort: 80, servicePort: 10_900 }] },
      networks: [{ mode: "container/bridge" }],
    });
    await api.put("/v2/apps/nested", { container: { docker: { image: "b" } } });
    const { portMappings } = (await api.app("nested")).container as { portMappings: object[] };
    expect(portMappings).toEqual([expect.objectContaining({ containerPort: 0, servicePort: 10_900, name: "default" })]);
  });

  it("row 35, 66: the same again is no change and keeps version and port", async () => {
    await api.post("/v2/apps", { id: "/same", ...TINY, portDefinitions: [{ port: 0 }] });
    await api.idle();
    const before = await api.app("same");
    const { status, body } = await api.put("/v2/apps/same", { ...TINY, portDefinitions: [{ port: 0 }] });
    expect(status).toBe(200);
    expect(await steps(body.deploymentId)).toBeUndefined();
    expect(body.version).not.toBe(before.version);
    expect(await api.app("same")).toEqual(before);
  });

  it("row 51, 52: instances alone scales, anything else restarts", async () => {
    await api.post("/v2/apps", { id: "/kinds", ...TINY });
    await api.idle();
    const first = await api.app("kinds");
    const scaled = await api.put("/v2/apps/kinds", { instances: 2 });
    expect(await steps(scaled.body.deploymentId)).toEqual([
      { actions: [{ action: "ScaleApplication", app: "/kinds" }] },
    ]);
    await api.idle();
    expect((await api.app("kinds")).versionInfo).toEqual({
      lastScalingAt: scaled.body.version,
      lastConfigChangeAt: first.version,
    });
    const labelled = await api.put("/v2/apps/kinds", { labels: { a: "b" } });
    expect(await steps(labelled.body.deploymentId)).toEqual([
      { actions: [{ action: "RestartApplication", app: "/kinds" }] },
    ]);
    await api.idle();
    expect(await api.app("kinds")).toMatchObject({
      tasksRunning: 2,
      versionInfo: { lastScalingAt: labelled.body.version, lastConfigChangeAt: labelled.body.version },
    });
  });

  it("row 50, 63: an old version comes back, alone, if it is known", async () => {
    await api.post("/v2/apps", { id: "/back", ...TINY, instances: 0 });
    const { version } = await api.app("back");
    await api.put("/v2/apps/back", { cmd: "sleep 2" });
    const { versions } = (await api.get("/v2/apps/back/versions")).body as { versions: string[] };
    expect(versions).toHaveLength(2);
    expect((await api.get(`/v2/apps/back/versions/${version}`)).body).toMatchObject({ cmd: TINY.cmd, version });
    const mixed = await api.put("/v2/apps/back", { version, cmd: "x1" });
    expect(mixed.body).toMatchObject({
      details: [{ path: "/", errors: ["The 'version' field may only be combined with the 'id' field."] }],
    });
    expect((await api.put("/v2/apps/back", { version: "2015-01-01T00:00:00.000Z" })).status).toBe(404);
    expect((await api.put("/v2/apps/back", { version })).status).toBe(200);
    expect((await api.app("back")).cmd).toBe(TINY.cmd);
    const bad = await api.get("/v2/apps/back/versions/bad");
    expect([bad.status, bad.body.message]).toEqual([
      422,
      "Invalid timestamp provided 'bad'. Expecting ISO-8601 datetime string.",
    ]);
    const unknown = await api.get("/v2/apps/back/versions/2015-01-01T00:00:00.000Z");
    expect(unknown.body.message).toBe("App '/back' does not exist in version 2015-01-01T00:00:00.000Z");
  });

  it("an array changes several apps in one deployment", async () => {
    await api.put("/v2/apps", [{ id: "/many/a", ...TINY }, { id: "/many/b", ...TINY }, { cmd: "sleep 7" }]);
    const [deployment] = (await api.get("/v2/deployments")).body as unknown as Body[];
    expect(deployment?.affectedApps).toEqual(["/many/a", "/many/b"]);
    await api.idle();
    const missing = await api.patch("/v2/apps", [
      { id: "/many/a", cpus: 0.02 },
      { id: "/many/c", cpus: 1 },
    ]);
    expect(missing.status).toBe(404);
  });
});

describe("service ports", () => {
  const ports = async (id: string): Promise<number[]> =>
    ((await api.app(id)).portDefinitions as { port: number }[]).map(({ port }) => port);
  const create = (id: string, portDefinitions: object[]) =>
    api.post("/v2/apps", { id, cmd: "sleep 1", instances: 0, portDefinitions });

  it("row 34: two apps that ask for any port get different ones", async () => {
    await create("/p/one", [{}]);
    await create("/p/two", [{}]);
    expect(await ports("p/one")).not.toEqual(await ports("p/two"));
  });

  it("ports are kept by position, and a fixed one may be shared", async () => {
    await create("/p/list", [{ name: "a" }, { name: "b" }]);
    const [a, b] = await ports("p/list");
    await api.put("/v2/apps/p/list", { portDefinitions: [{ name: "b" }] });
    expect(await ports("p/list")).toEqual([a]);
    await create("/p/fixed", [{ port: a }]);
    expect(await ports("p/fixed")).toEqual([a]);
    await create("/p/next", [{}]);
    expect(await ports("p/next")).toEqual([b]);
  });
});

describe("deployments", () => {
  it("row 53, 54: a running deployment locks the app until it is forced", async () => {
    const { body } = await api.post("/v2/apps", { id: "/lock", ...STUCK });
    const [{ id } = { id: "" }] = body.deployments as { id: string }[];
    const refused = await api.put("/v2/apps/lock", { cpus: 1 });
    expect(refused.status).toBe(409);
    expect(refused.body).toEqual({
      message:
        "App is locked by one or more deployments. Override with the option '?force=true'. " +
        "View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
      deployments: [{ id }],
    });
    expect((await api.app("lock")).cpus).toBe(1000);
    expect((await api.post("/v2/apps", { id: "/other", ...TINY })).status).toBe(201);
    const stream = await api.listen("?event_type=deployment_failed&event_type=deployment_success");
    expect((await api.put("/v2/apps/lock?force=true", { cpus: 0.01 })).status).toBe(200);
    await api.idle();
    await api.until(() => stream.events.length >= 2, "the stream tells both ends");
    stream.close();
    expect(stream.events.find(({ event }) => event === "deployment_failed")?.data).toMatchObject({
      id,
      reason: "The upgrade has been cancelled",
    });
    expect((await api.app("lock")).tasksRunning).toBe(1);
  });

  it("row 55, 56: a delete forces, and leaves the group", async () => {
    await api.post("/v2/apps", { id: "/left/app", ...STUCK });
    const held = await api.delete("/v2/apps/left/app?force=false");
    expect(held.status).toBe(409);
    expect((await api.delete("/v2/apps/left/app")).status).toBe(200);
    await api.idle();
    expect((await api.get("/v2/groups/left")).body).toMatchObject({ id: "/left", apps: [], groups: [] });
  });

  it("row 57: a cancelled deployment is undone, a forced cancel leaves everything", async () => {
    const first = await api.post("/v2/apps", { id: "/undo", ...STUCK });
    const undone = await api.delete(`/v2/deployments/${first.headers["marathon-deployment-id"]}`);
    expect(undone.status).toBe(200);
    await api.idle();
    expect((await api.get("/v2/apps/undo")).status).toBe(404);
    const second = await api.post("/v2/apps", { id: "/undo", ...STUCK });
    const cancelled = await api.delete(`/v2/deployments/${second.headers["marathon-deployment-id"]}?force=true`);
    expect([cancelled.status, cancelled.text]).toEqual([202, ""]);
    expect((await api.get("/v2/deployments")).text).toBe("[]");
    expect((await api.get("/v2/apps/undo")).status).toBe(200);
    await api.delete("/v2/apps/undo");
    await api.idle();
  });

  it("row 58, 59: an app that fits nowhere deploys for ever, and the queue says why", async () => {
    const { headers } = await api.post("/v2/apps", { id: "/big", ...STUCK });
    const id = headers["marathon-deployment-id"];
    expect(await steps(id)).toEqual([
      { actions: [{ action: "StartApplication", app: "/big" }] },
      { actions: [{ action: "ScaleApplication", app: "/big" }] },
    ]);
    const waiting = async () => ((await api.get("/v2/queue")).body.queue as Body[]).find(isBig);
    const isBig = (entry: Body): boolean => (entry.app as Body).id === "/big";
    const declined = async (): Promise<number | undefined> => {
      const summary = (await waiting())?.processedOffersSummary as { rejectSummaryLastOffers: Body[] };
      return summary.rejectSummaryLastOffers.find(({ reason }) => reason === "InsufficientCpus")?.declined as number;
    };
    await api.until(async () => (await declined()) === 3, "all three agents declined");
    expect(await waiting()).toMatchObject({ count: 1, delay: { timeLeftSeconds: 0, overdue: true } });
    await api.delete("/v2/apps/big");
    await api.idle();
    expect(await waiting()).toBeUndefined();
  });

  it("row 61: a restart replaces every task and keeps the definition", async () => {
    await api.post("/v2/apps", { id: "/again", ...TINY, instances: 2 });
    await api.idle();
    const before = await api.app("again");
    await api.send("POST", "/v2/apps/again/restart");
    await api.idle();
    const after = await api.app("again");
    const tasks = (app: Body) => (app.tasks as { id: string }[]).map(({ id }) => id);
    expect(tasks(after)).toHaveLength(2);
    expect(tasks(after).filter((id) => tasks(before).includes(id))).toEqual([]);
    expect(after.versionInfo).toMatchObject({ lastConfigChangeAt: before.version });
  });

  it("a rolling restart without spare capacity never has more tasks than instances", async () => {
    const upgradeStrategy = { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 };
    await api.post("/v2/apps", { id: "/roll", ...TINY, instances: 4, upgradeStrategy });
    await api.idle();
    const counts: number[] = [];
    await api.put("/v2/apps/roll", { env: { A: "1" } });
    await api.until(async () => {
      const app = await api.app("roll");
      counts.push((app.tasks as unknown[]).length);
      return (app.deployments as unknown[]).length === 0;
    }, "the restart is over");
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
    expect((await api.app("roll")).tasksRunning).toBe(4);
  });
});
