import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { UNKNOWN } from "../../providers/runtime/unknown";
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

async function labelsOf(id: string): Promise<unknown> {
  return ((await live(`/v2/apps${id}`))["app"] as Properties)["labels"];
}

describe("a group on Marathon", () => {
  test("is made by one deployment, with the state of each app; then neither a preview nor a refresh finds a change", async () => {
    const args = groupArgs();
    const { id, inputs, outs } = await marathon.created(args);
    expect(id).toBe(args.groupId);
    expect(marathon.changes).toEqual(["POST /v2/groups?force=false"]);
    expect(outs).toMatchObject({ ...inputs, healthy: true, version: expect.stringMatching(/^\d{4}-/) });
    const apps = outs["apps"] as Record<string, { tasks: { host: string; ports: number[] }[]; endpoints: unknown }>;
    expect(Object.keys(apps)).toEqual([`${id}/data/redis`, `${id}/web`]);
    const [task] = apps[`${id}/web`]?.tasks ?? [];
    const port = task?.ports[0];
    expect(apps[`${id}/web`]).toMatchObject({
      healthy: true,
      endpoints: [{ address: task?.host, port, servicePort: port, protocol: "tcp" }],
    });
    expect(await marathon.provider.diff(id, outs, await marathon.checked(args))).toEqual({
      changes: false,
      replaces: [],
    });
    const refreshed = await marathon.provider.read(id, outs);
    expect(refreshed?.inputs).toEqual({ ...inputs, __provider: marathon.text });
    expect(refreshed?.props).toEqual(outs);
  });

  test("resolves every id against the group that it stands in", async () => {
    const { inputs } = await marathon.created(groupArgs({}, { groupId: "/clocker/relative" }));
    expect(inputs["group"]).toMatchObject({
      apps: [{ id: "/clocker/relative/web", dependencies: ["/clocker/relative/data"] }],
      groups: [{ id: "/clocker/relative/data", apps: [{ id: "/clocker/relative/data/redis" }] }],
    });
  });

  test("changes by one deployment the apps that changed, and restarts no other", async () => {
    const args = groupArgs();
    const { id, outs } = await marathon.created(args);
    marathon.proxy.reset();
    const apps = [app("web", { dependencies: ["data"], env: { GREETING: "bye" } }), app("worker")];
    const wanted = await marathon.checked({ ...args, group: { ...args.group, apps } });
    expect(await marathon.provider.diff(id, outs, wanted)).toEqual({ changes: true, replaces: [] });
    const updated = await marathon.provider.update(id, outs, wanted);
    expect(marathon.changes).toEqual(["PUT /v2/apps?partialUpdate=false&force=false"]);
    expect(updated).toMatchObject({ ...wanted, healthy: true });
    const [before, after] = [outs["apps"], updated["apps"]] as Record<string, { tasks: unknown }>[];
    expect(after?.[`${id}/data/redis`]).toEqual(before?.[`${id}/data/redis`]);
    expect(after?.[`${id}/web`]?.tasks).not.toEqual(before?.[`${id}/web`]?.tasks);
    expect(after?.[`${id}/worker`]?.tasks).toHaveLength(1);
    expect((await marathon.provider.read(id, updated))?.inputs).toEqual({ ...wanted, __provider: marathon.text });
  });

  test("says in the preview of an update what becomes of each app's tasks, and what Marathon ignores", async () => {
    const { id, outs, inputs } = await marathon.created(groupArgs());
    const apps = [app("web", { dependencies: ["data"], instances: 2 }), app("worker", { cmdd: "x" })];
    const data = { id: "data", apps: [app("redis", { env: { A: UNKNOWN } })] };
    const wanted = await marathon.checked({ ...inputs, group: { apps, groups: [data] } });
    expect(await marathon.provider.diff(id, outs, wanted)).toEqual({ changes: true, replaces: [] });
    await marathon.provider.diff(id, outs, await marathon.checked({ ...inputs, group: { apps } }));
    for (const text of [
      "/web: no task restarts: instances change from 1 to 2",
      "/data/redis: all tasks restart, because env changes or is not known before the update",
      "/data/redis: is removed, all its tasks stop",
      "/worker: is new",
      "/worker: cmdd: Marathon has no such field and ignores it; did you mean cmd?",
    ])
      expect(marathon.provider.output).toContain(`app ${id}${text}\n`);
  });

  test("loses what its definition no longer has: apps, groups and dependencies", async () => {
    const args = groupArgs({
      groups: [{ id: "data", dependencies: ["../web"], apps: [app("redis")] }],
      apps: [app("web")],
    });
    const { id, outs } = await marathon.created(args);
    expect(await live(`/v2/groups${id}/data`)).toMatchObject({ dependencies: [`${id}/web`] });
    const independent = await marathon.checked({
      ...args,
      group: { apps: [app("web")], groups: [{ id: "data", apps: [app("redis")] }] },
    });
    const updated = await marathon.provider.update(id, outs, independent);
    expect(await live(`/v2/groups${id}/data`)).toMatchObject({ dependencies: [] });
    const smaller = await marathon.checked({ ...args, group: { apps: [app("web")] } });
    const last = await marathon.provider.update(id, updated, smaller);
    expect(Object.keys(last["apps"] as object)).toEqual([`${id}/web`]);
    expect((await marathon.somebody("GET", `/v2/groups${id}/data`)).status).toBe(404);
    expect((await marathon.provider.read(id, last))?.inputs).toEqual({ ...smaller, __provider: marathon.text });
  });

  test("may be empty, and is deleted with the groups that it leaves empty", async () => {
    const { id, outs } = await marathon.created(
      groupArgs({ apps: [], groups: [] }, { groupId: "/clocker/empty/inner" }),
    );
    expect(await live(`/v2/groups${id}`)).toMatchObject({ id, apps: [] });
    expect(outs).toMatchObject({ healthy: true, apps: {} });
    await marathon.provider.delete(id, outs);
    expect((await marathon.somebody("GET", "/v2/groups/clocker/empty")).status).toBe(404);
    expect(await marathon.provider.read(id, outs)).toBeUndefined();
  });

  test("is deleted app by app; what is gone already is no error", async () => {
    const { id, outs } = await marathon.created(groupArgs());
    marathon.proxy.reset();
    await marathon.provider.delete(id, outs);
    expect(marathon.changes.slice(0, 2).sort()).toEqual([
      `DELETE /v2/apps${id}/data/redis?force=false`,
      `DELETE /v2/apps${id}/web?force=false`,
    ]);
    expect((await marathon.somebody("GET", `/v2/groups${id}`)).status).toBe(404);
    expect(await live("/v2/deployments")).toEqual([]);
    await marathon.provider.delete(id, outs);
  });

  test("shows on refresh what somebody changed or removed in it, and the next update puts it right", async () => {
    const { id, outs, inputs } = await marathon.created(groupArgs());
    await marathon.somebody("PUT", `/v2/apps${id}/web`, { instances: 2 });
    await marathon.somebody("DELETE", `/v2/apps${id}/data/redis`);
    await marathon.idle();
    const refreshed = await marathon.provider.read(id, outs);
    expect(refreshed?.inputs["group"]).toMatchObject({ apps: [{ instances: 2 }], groups: [{ apps: [] }] });
    expect(await marathon.provider.diff(id, refreshed?.props ?? {}, inputs)).toEqual({ changes: true, replaces: [] });
    const repaired = await marathon.provider.update(id, refreshed?.props ?? {}, inputs);
    expect((await marathon.provider.read(id, repaired))?.inputs).toEqual({ ...inputs, __provider: marathon.text });
  });

  test("accepts unknown values in check, and diff takes them for a change", async () => {
    const { id, outs } = await marathon.created(groupArgs());
    const args = { ...groupArgs({ apps: [app("web", { env: { DB: `x${UNKNOWN}` } })], groups: UNKNOWN }), groupId: id };
    const preview = await marathon.checked(args);
    expect(await marathon.provider.diff(id, outs, preview)).toEqual({ changes: true, replaces: [] });
    expect(
      (await marathon.provider.diff(id, outs, await marathon.checked({ ...args, groupId: UNKNOWN }))).replaces,
    ).toEqual(["groupId"]);
  });

  test("that asks for what this Marathon does not know is refused by name ahead of any change", async () => {
    const failure = await marathon.failureOf(marathon.created(groupArgs({ enforceRole: true })));
    expect(failure.message).toMatch(
      /enforceRole is known to Marathon 1\.9 and newer, and .* is 1\.8\.222; leave it out/,
    );
    expect(marathon.changes).toEqual([]);
  });
});

describe("what others have in the group", () => {
  test("stays as it is, whatever becomes of the resource", async () => {
    const { id, outs, inputs } = await marathon.created(groupArgs());
    await marathon.somebody("POST", "/v2/apps", { ...foreign, id: `${id}/data/theirs` });
    await marathon.idle();
    const before = await live(`/v2/apps${id}/data/theirs`);
    expect((await marathon.provider.read(id, outs))?.inputs).toEqual({ ...inputs, __provider: marathon.text });
    const group = { apps: [app("web", { env: { A: "1" } })] };
    const updated = await marathon.provider.update(id, outs, await marathon.checked({ ...inputs, group }));
    expect(await live(`/v2/apps${id}/data/theirs`)).toEqual(before);
    await marathon.provider.delete(id, updated);
    expect(await live(`/v2/apps${id}/data/theirs`)).toEqual(before);
    expect((await marathon.somebody("GET", `/v2/apps${id}/web`)).status).toBe(404);
  });

  test("is not taken over, unless adopt says so", async () => {
    const args = groupArgs();
    await marathon.somebody("POST", "/v2/apps", { ...foreign, id: `${args.groupId}/web` });
    await marathon.idle();
    const failure = await marathon.failureOf(marathon.created(args));
    expect(failure.message).toContain(
      `app ${args.groupId}/web belongs to something without Clocker's labels; choose other ids`,
    );
    expect(failure.partial).toBeUndefined();
    expect(marathon.changes).toEqual([]);
    const { outs } = await marathon.created({ ...args, adopt: true });
    expect(outs).toMatchObject({ healthy: true });
    expect(await labelsOf(`${args.groupId}/web`)).toMatchObject({ "clocker.group": args.groupId });
  });

  test("has dependencies that are not replaced, unless adopt says so", async () => {
    const args = groupArgs();
    await marathon.somebody("POST", "/v2/groups", { id: args.groupId, dependencies: ["/elsewhere"] });
    const failure = await marathon.failureOf(marathon.created(args));
    expect(failure.message).toContain(`group ${args.groupId} exists on mesos with dependencies on /elsewhere`);
    const { outs } = await marathon.created({ ...args, adopt: true });
    expect(outs).toMatchObject({ healthy: true });
    expect(await live(`/v2/groups${args.groupId}`)).toMatchObject({ dependencies: [] });
  });
});
