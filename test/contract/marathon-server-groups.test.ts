import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient, type Body } from "../unit/sandbox-marathon/api-client";

let api: ApiClient;

beforeAll(async () => {
  api = await ApiClient.start();
});
afterAll(() => api.stop());

const TINY = { cmd: "sleep 1000", cpus: 0.01, mem: 8 };

const steps = async (deploymentId: unknown): Promise<unknown> => {
  const deployments = (await api.get("/v2/deployments")).body as unknown as Body[];
  return deployments.find((deployment) => deployment.id === deploymentId)?.steps;
};

describe("groups", () => {
  it("row 68: what depends starts after what it depends on; a cycle is refused", async () => {
    const group = {
      id: "/dep",
      apps: [
        { id: "a", ...TINY, dependencies: ["b"] },
        { id: "b", ...TINY },
      ],
    };
    const { headers } = await api.post("/v2/groups", group);
    const scale = (app: string) => ({ actions: [{ action: "ScaleApplication", app }] });
    expect((await steps(headers["marathon-deployment-id"])) as unknown[]).toEqual([
      {
        actions: [
          { action: "StartApplication", app: "/dep/a" },
          { action: "StartApplication", app: "/dep/b" },
        ],
      },
      scale("/dep/b"),
      scale("/dep/a"),
    ]);
    await api.idle();
    const cycle = await api.put("/v2/apps/dep/b", { dependencies: ["/dep/a"] });
    expect([cycle.status, cycle.body]).toMatchObject([
      422,
      { details: [{ path: "/", errors: ["Dependency graph has cyclic dependencies."] }] },
    ]);
  });

  it("row 67: a dry run changes nothing; apps and groups share no id", async () => {
    const dry = await api.put("/v2/groups/dep?dryRun=true", { apps: [{ id: "a", ...TINY, instances: 2 }] });
    expect(dry.body).toEqual({
      steps: [
        { actions: [{ action: "StopApplication", app: "/dep/b" }] },
        { actions: [{ action: "RestartApplication", app: "/dep/a" }] },
      ],
    });
    expect((await api.get("/v2/apps/dep/b")).status).toBe(200);
    const overApp = await api.post("/v2/groups", { id: "/dep/a", apps: [] });
    expect([overApp.status, overApp.body.message]).toEqual([409, "An app with the path /dep/a already exists."]);
    const overGroup = await api.post("/v2/apps", { id: "/dep", ...TINY });
    expect(overGroup.body).toMatchObject({
      details: [{ errors: ["Groups and Applications may not have the same identifier."] }],
    });
  });

  it("PUT replaces the lists it names, scales by a factor, and goes back to a version", async () => {
    await api.put("/v2/groups/g", {
      apps: [{ id: "a", ...TINY }],
      groups: [{ id: "sub", apps: [{ id: "b", ...TINY }] }],
    });
    await api.idle();
    const { version } = (await api.get("/v2/groups/g")).body;
    await api.put("/v2/groups/g", { scaleBy: 2 });
    await api.idle();
    expect((await api.app("g/sub/b")).instances).toBe(2);
    await api.put("/v2/groups/g", { apps: [] });
    await api.idle();
    expect((await api.get("/v2/apps/g/a")).status).toBe(404);
    expect((await api.get("/v2/apps/g/sub/b")).status).toBe(200);
    await api.put("/v2/groups/g", { version });
    await api.idle();
    expect((await api.app("g/a")).instances).toBe(1);
    const mixed = await api.put("/v2/groups/g", { scaleBy: 2, apps: [] });
    expect(mixed.status).toBe(422);
    expect((await api.delete("/v2/groups/g")).status).toBe(200);
    await api.idle();
    expect((await api.get("/v2/groups/g")).status).toBe(404);
  });
});
