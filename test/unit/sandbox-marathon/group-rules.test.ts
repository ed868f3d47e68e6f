import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ApiClient } from "./api-client";

let api: ApiClient;
const app = (id: string, rest: object = {}) => ({ id, cmd: "sleep 1", instances: 0, ...rest });
const persistent = (rest: object = {}) => ({
  container: { type: "MESOS", volumes: [{ containerPath: "p", mode: "RW", persistent: { size: 1 } }] },
  ...rest,
});
const notValid = (...details: [string, string][]) => ({
  message: "Object is not valid",
  details: details.map(([path, error]) => ({ path, errors: [error] })),
});

beforeAll(async () => {
  api = await ApiClient.start({ features: ["external_volumes"] });
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.delete("/v2/groups?force=true");
  await api.idle();
});

async function refused(method: string, path: string, body: object): Promise<unknown> {
  const answer = await api.send(method, path, JSON.stringify(body));
  expect(answer.status).toBe(422);
  return answer.body;
}

describe("bodies of groups", () => {
  it.each<[string, object, object]>([
    [
      "an app lies right in its group",
      { id: "/g", apps: [app("sub/a")] },
      notValid(["/apps(0)/id", "Identifier is not child of /g. Hint: use relative paths."]),
    ],
    [
      "an app of a group within lies there",
      { id: "/g", groups: [{ id: "h", apps: [app("a"), app("/g/b")] }] },
      notValid(["/groups(0)/apps(1)/id", "Identifier is not child of /g/h. Hint: use relative paths."]),
    ],
    [
      "a group within ends with no reserved word",
      { id: "/g", groups: [{ id: "tasks" }] },
      notValid(["/groups(0)/id", "must not end with any of the following reserved keywords: restart, tasks, versions"]),
    ],
    [
      "a factor stands alone, without an id too",
      { id: "/g", scaleBy: 2 },
      notValid(["/scaleBy", "not allowed in conjunction with other properties."]),
    ],
    [
      "apps are judged ahead of the group, by themselves",
      { id: "/g", apps: [app("/x/a", { cmd: "x" })] },
      notValid(["/", "must not be an empty string"]),
    ],
  ])("%s", async (_, body, answer) => expect(await refused("POST", "/v2/groups", body)).toEqual(answer));

  it("are judged before it is asked whether the group is there", async () => {
    await api.post("/v2/groups", { id: "/g" });
    expect((await api.post("/v2/groups", { id: "/g" })).status).toBe(409);
    await refused("POST", "/v2/groups", { id: "/g", apps: [app("a", { cmd: "x" })] });
  });

  it("say which group they are about, also where the path says another", async () => {
    await api.put("/v2/groups/g", { id: "/h", apps: [app("a")] });
    expect(await api.app("h/a")).toMatchObject({ id: "/h/a" });
    expect((await api.get("/v2/groups/g")).status).toBe(404);
  });

  it("have a factor that is not below nothing", async () => {
    await api.post("/v2/groups", { id: "/g", apps: [app("a")] });
    const answer = await refused("PUT", "/v2/groups/g", { scaleBy: -1 });
    expect(answer).toEqual({ message: "Invalid JSON", details: [{ path: "/scaleBy", errors: ["error.min"] }] });
  });

  it("leave pods of the group alone", async () => {
    await api.post("/v2/pods", { id: "/g/p", containers: [{ name: "c", resources: { cpus: 0.1, mem: 1 } }] });
    await api.idle();
    await api.put("/v2/groups/g", { apps: [app("a")] });
    expect((await api.get("/v2/pods/g/p")).status).toBe(200);
  });
});

describe("rules across groups", () => {
  it("an app with the id of a group is found in the group that holds both", async () => {
    const clash = "Groups and Applications may not have the same identifier.";
    await api.post("/v2/groups", { id: "/a" });
    await api.post("/v2/groups", { id: "/g/h/i" });
    expect(await refused("POST", "/v2/apps", app("/g"))).toEqual(notValid(["/", clash]));
    expect(await refused("POST", "/v2/apps", app("/g/h/i"))).toEqual(notValid(["/groups(1)/groups(0)", clash]));
  });

  it("a volume of a driver belongs to one app", async () => {
    const volume = (provider: string) => ({
      containerPath: "e",
      mode: "RW",
      external: { name: "v", provider, options: { "dvdi/driver": "d" } },
    });
    const container = { type: "MESOS", volumes: [volume("dvdi")] };
    await api.post("/v2/apps", app("/g/a", { container }));
    await api.idle();
    expect(await refused("POST", "/v2/apps", app("/g/b", { container }))).toEqual(
      notValid(
        [
          "/groups(0)/apps(0)/externalVolumes(0)",
          "Volume name 'v' in /g/a conflicts with volume(s) of same name in app(s): /g/b",
        ],
        [
          "/groups(0)/apps(1)/externalVolumes(0)",
          "Volume name 'v' in /g/b conflicts with volume(s) of same name in app(s): /g/a",
        ],
      ),
    );
  });

  it.each<[string, object, string]>([
    ["other volumes", { container: { type: "MESOS", volumes: [] } }, "Persistent volumes can not be changed!"],
    ["other resources", { mem: 64 }, "Resident Tasks may not change resource requirements!"],
    ["required ports", { requirePorts: true }, "Resident Tasks may not change resource requirements!"],
  ])("an app that stays with its volumes cannot get %s", async (_, change, error) => {
    await api.post("/v2/apps", app("/r", persistent()));
    await api.idle();
    expect(await refused("PUT", "/v2/apps/r", change)).toEqual(notValid(["/app(0)", error]));
    expect((await api.put("/v2/apps/r", { labels: { a: "b" } })).status).toBe(200);
  });

  it("an app cannot become one that stays with volumes", async () => {
    await api.post("/v2/apps", app("/r"));
    await api.idle();
    const answer = await refused("PUT", "/v2/apps/r?partialUpdate=false", app("/r", persistent()));
    expect(answer).toEqual(notValid(["/app(0)", "Persistent volumes can not be changed!"]));
  });
});
