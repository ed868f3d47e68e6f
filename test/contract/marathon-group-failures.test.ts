import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { groupApp as app, groupArgs } from "./support/marathon-groups";
import { MarathonProvider } from "./support/marathon-provider";

let marathon: MarathonProvider;

beforeAll(async () => {
  marathon = await MarathonProvider.start("marathon.Group");
});

afterEach(() => marathon.proxy.reset());

afterAll(async () => {
  await marathon?.stop();
});

const foreign = { cmd: "sleep 1000", cpus: 0.1, mem: 16 };

async function live(path: string): Promise<Properties> {
  return (await marathon.somebody("GET", path)).body;
}

describe("a group that does not come up", () => {
  test("is kept in the state with the reason of each app, and a corrected one takes its place", async () => {
    const args = groupArgs(
      { apps: [app("web", { cpus: 1000 }), app("sick", { cmd: "sim-unhealthy" })] },
      { timeoutSeconds: 4 },
    );
    const inputs = await marathon.checked(args);
    const { partial } = await marathon.failureOf(marathon.provider.create(inputs));
    expect(partial?.properties).toMatchObject({ ...inputs, healthy: false, __provider: marathon.text });
    expect([...(partial?.reasons ?? [])].sort()).toEqual([
      expect.stringMatching(/app .*\/sick: not up within 4 s: .*1 unhealthy/),
      expect.stringMatching(/app .*\/web: not up within 4 s: 0 of 1 tasks running.*InsufficientCpus/),
    ]);
    expect(partial?.properties["apps"]).toMatchObject({ [`${args.groupId}/data/redis`]: { healthy: true } });
    const corrected = await marathon.checked({ ...args, timeoutSeconds: 30, group: { apps: [app("web")] } });
    const outs = await marathon.provider.update(args.groupId, partial?.properties ?? {}, corrected);
    expect(outs).toMatchObject({ ...corrected, healthy: true });
    expect(Object.keys(outs["apps"] as object)).toEqual([`${args.groupId}/web`]);
    expect(await live(`/v2/groups${args.groupId}`)).toMatchObject({
      groups: [],
      apps: [{ id: `${args.groupId}/web` }],
    });
  });

  test("can be deleted before it is up", async () => {
    const args = groupArgs({ apps: [app("web", { cpus: 1000 })] }, { timeoutSeconds: 2 });
    const { partial } = await marathon.failureOf(marathon.created(args));
    await marathon.provider.delete(args.groupId, { ...partial?.properties, timeoutSeconds: 30 });
    expect((await marathon.somebody("GET", `/v2/groups${args.groupId}`)).status).toBe(404);
    expect(await live("/v2/deployments")).toEqual([]);
  });
});

describe("an interrupted run", () => {
  test("that made the group is finished by the next one without a second deployment", async () => {
    const args = groupArgs();
    const { groupId: id, group } = (await marathon.checked(args)) as { groupId: string; group: object };
    await marathon.somebody("POST", "/v2/groups", { ...group, id });
    const { outs } = await marathon.created(args);
    expect(outs).toMatchObject({ healthy: true });
    expect(marathon.changes).toEqual([]);
  });

  test("that lost Marathon's answer makes nothing twice", async () => {
    marathon.proxy.fail("POST /v2/groups", 502, 1, { afterwards: true });
    const { outs } = await marathon.created(groupArgs());
    expect(outs).toMatchObject({ healthy: true });
    expect(marathon.changes.filter((line) => !line.startsWith("POST /v2/groups"))).toEqual([]);
  });

  test("whose apps the state does not know is seen by refresh, and cleared by the next update", async () => {
    const args = groupArgs({ groups: [], apps: [app("web"), app("worker")] });
    const { id, outs } = await marathon.created(args);
    const known = await marathon.checked({ ...args, group: { apps: [app("web")] } });
    const state = { ...outs, ...known };
    const refreshed = await marathon.provider.read(id, state);
    expect(refreshed?.inputs["group"]).toMatchObject({ apps: [{ id: `${id}/web` }, { id: `${id}/worker` }] });
    expect(await marathon.provider.diff(id, refreshed?.props ?? {}, known)).toMatchObject({ changes: true });
    const updated = await marathon.provider.update(id, refreshed?.props ?? {}, known);
    expect(Object.keys(updated["apps"] as object)).toEqual([`${id}/web`]);
    expect((await marathon.somebody("GET", `/v2/apps${id}/worker`)).status).toBe(404);
  });
});

describe("somebody who changes the group at the same moment", () => {
  test("keeps an app that the resource was about to make, and the error names it", async () => {
    const args = groupArgs();
    const { id, outs } = await marathon.created(args);
    marathon.proxy.before("PUT /v2/apps", async () => {
      await marathon.somebody("POST", "/v2/apps", { ...foreign, id: `${id}/worker` });
      await marathon.idle();
    });
    const wanted = await marathon.checked({ ...args, group: { ...args.group, apps: [app("web"), app("worker")] } });
    const failure = await marathon.failureOf(marathon.provider.update(id, outs, wanted));
    expect(failure.message).toContain(`group ${id}: somebody else made ${id}/worker while the group was changed`);
    await marathon.idle();
    const { app: theirs } = (await live(`/v2/apps${id}/worker`)) as { app: Properties };
    expect(theirs).toMatchObject({ ...foreign, labels: {}, tasksRunning: 1 });
  });

  test("keeps what is put into the group while it is deleted", async () => {
    const { id, outs } = await marathon.created(groupArgs());
    marathon.proxy.before("DELETE /v2/apps", async () => {
      await marathon.somebody("POST", "/v2/apps", { ...foreign, id: `${id}/theirs` });
    });
    await marathon.provider.delete(id, outs);
    await marathon.idle();
    expect(await live(`/v2/groups${id}`)).toMatchObject({ apps: [{ id: `${id}/theirs` }], groups: [] });
  });

  test("who makes the whole group first is found, and nothing of it is taken", async () => {
    const args = groupArgs();
    marathon.proxy.before("POST /v2/groups", async () => {
      await marathon.somebody("POST", "/v2/groups", { id: args.groupId, apps: [{ ...foreign, id: "web" }] });
      await marathon.idle();
    });
    const failure = await marathon.failureOf(marathon.created(args));
    expect(failure.message).toContain(`app ${args.groupId}/web belongs to something without Clocker's labels`);
  });
});

test("a deployment of somebody else that holds an app is waited for until the time limit, and named", async () => {
  const args = groupArgs();
  const { id, outs } = await marathon.created(args);
  const group = {
    apps: [
      { ...foreign, id: `${id}/data/huge`, cpus: 1000 },
      { id: `${id}/web`, instances: 2 },
    ],
  };
  const { body } = await marathon.somebody("PUT", "/v2/apps", group.apps);
  const apps = [app("web", { instances: 3 })];
  const wanted = await marathon.checked({ ...args, timeoutSeconds: 3, group: { ...args.group, apps } });
  const failure = await marathon.failureOf(marathon.provider.update(id, outs, wanted));
  expect(failure.message).toContain(`group ${id} is held by deployment ${body["deploymentId"]} (of `);
  await marathon.somebody("DELETE", `/v2/deployments/${body["deploymentId"]}?force=true`);
});
