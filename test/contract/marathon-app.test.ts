import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { UNKNOWN } from "../../providers/runtime/unknown";
import { appArgs, CREDENTIALS, LABELS } from "./support/marathon-apps";
import { MarathonProvider } from "./support/marathon-provider";

let mesos: MarathonProvider;

beforeAll(async () => {
  mesos = await MarathonProvider.start("marathon.App", { credentials: CREDENTIALS });
});

afterEach(() => mesos.proxy.reset());

afterAll(async () => {
  await mesos?.stop();
});

describe("an app on Marathon", () => {
  test("has an endpoint for each protocol of its mappings, in which neither a preview nor a refresh finds a change", async () => {
    const portMappings = [
      { containerPort: 53, hostPort: 0, protocol: "udp,tcp", name: "tcp-53" },
      { containerPort: 69, hostPort: 0, protocol: "udp", name: "udp-69" },
    ];
    const args = appArgs({ container: { docker: { image: "example/names:1" }, portMappings } });
    const { id, outs } = await mesos.created(args);
    const [task] = outs["tasks"] as { host: string; ports: number[] }[];
    const [names, boot] = task?.ports ?? [];
    expect(outs["endpoints"]).toEqual([
      { address: task?.host, port: names, servicePort: 53, protocol: "tcp" },
      { address: task?.host, port: names, servicePort: 53, protocol: "udp" },
      { address: task?.host, port: boot, servicePort: 69, protocol: "udp" },
    ]);
    expect(await mesos.provider.diff(id, outs, await mesos.checked(args))).toEqual({ changes: false, replaces: [] });
    expect((await mesos.provider.read(id, outs))?.props).toEqual(outs);
  });

  test("is created with all outputs; then neither a preview nor a refresh finds a change", async () => {
    const args = appArgs({ instances: 2 });
    const { id, inputs, outs } = await mesos.created(args);
    expect(id).toBe(args.appId);
    expect(outs).toMatchObject({
      ...inputs,
      healthy: true,
      version: expect.stringMatching(/^\d{4}-/),
      __provider: mesos.text,
    });
    const tasks = outs["tasks"] as { host: string; ports: number[] }[];
    expect(tasks).toHaveLength(2);
    expect(outs["endpoints"]).toEqual(
      tasks.map(({ host, ports: [port] }) => ({ address: host, port, servicePort: 80, protocol: "tcp" })),
    );

    expect(await mesos.provider.diff(id, outs, await mesos.checked(args))).toEqual({ changes: false, replaces: [] });
    const refreshed = await mesos.provider.read(id, outs);
    expect(refreshed?.inputs).toEqual({ ...inputs, __provider: mesos.text });
    expect(refreshed?.props).toEqual(outs);
  });

  test("is updated as a whole: what the definition no longer has is gone", async () => {
    const args = appArgs({ user: "nobody", labels: { ...LABELS, extra: "x" } });
    const { id, outs } = await mesos.created(args);
    const { user: _, ...app } = { ...args.app, env: { GREETING: "bye" }, labels: LABELS } as Properties;
    const wanted = await mesos.checked({ ...args, app });
    expect(await mesos.provider.diff(id, outs, wanted)).toEqual({ changes: true, replaces: [] });
    const updated = await mesos.provider.update(id, outs, wanted);
    expect(updated).toMatchObject({ ...wanted, healthy: true });
    expect(updated["version"]).not.toBe(outs["version"]);
    const live = (await mesos.somebody("GET", `/v2/apps${id}`)).body["app"] as Properties;
    expect(live).toMatchObject({ env: { GREETING: "bye" }, labels: LABELS });
    expect(live["user"]).toBeUndefined();
    expect((await mesos.provider.read(id, updated))?.inputs).toEqual({ ...wanted, __provider: mesos.text });
  });

  test("is replaced for another location or id, and not touched for another time limit", async () => {
    const { id, outs, inputs } = await mesos.created(appArgs());
    expect(await mesos.provider.diff(id, outs, { ...inputs, location: "other" })).toEqual({
      changes: true,
      replaces: ["location"],
    });
    expect(await mesos.provider.diff(id, outs, { ...inputs, appId: "/x" })).toEqual({
      changes: true,
      replaces: ["appId"],
    });
    expect(await mesos.provider.diff(id, outs, { ...inputs, timeoutSeconds: 5 })).toEqual({
      changes: false,
      replaces: [],
    });
  });

  test("shows on refresh what somebody else changed, and the next update puts it right", async () => {
    const { id, outs, inputs } = await mesos.created(appArgs());
    await mesos.somebody("PUT", `/v2/apps${id}`, { instances: 2, env: { GREETING: "intruder" } });
    await mesos.idle();
    const refreshed = await mesos.provider.read(id, outs);
    expect(refreshed?.inputs["app"]).toEqual({
      ...(inputs["app"] as object),
      instances: 2,
      env: { GREETING: "intruder" },
    });
    expect(await mesos.provider.diff(id, refreshed?.props ?? {}, inputs)).toEqual({ changes: true, replaces: [] });
    await mesos.provider.update(id, refreshed?.props ?? {}, inputs);
    expect((await mesos.provider.read(id, outs))?.inputs["app"]).toEqual(inputs["app"]);
  });

  test("that is not up any more on refresh is an update, which waits until it is up", async () => {
    const { id, outs, inputs } = await mesos.created(appArgs({ cmd: "sleep 1000" }));
    const broken = { ...outs, healthy: false, tasks: [], endpoints: [] };
    expect(await mesos.provider.diff(id, broken, inputs)).toEqual({ changes: true, replaces: [] });
    const repaired = await mesos.provider.update(id, broken, inputs);
    expect(repaired).toEqual(outs);
    expect(await mesos.provider.diff(id, repaired, inputs)).toEqual({ changes: false, replaces: [] });
  });

  test("is deleted with the groups that it leaves empty; what is gone already is no error", async () => {
    const first = await mesos.created(appArgs({}, { appId: "/clocker/shop-gone/first" }));
    const second = await mesos.created(appArgs({}, { appId: "/clocker/shop-gone/second" }));
    await mesos.provider.delete(first.id, first.outs);
    expect(await mesos.somebody("GET", "/v2/groups/clocker/shop-gone")).toMatchObject({ status: 200 });
    await mesos.provider.delete(second.id, second.outs);
    expect(await mesos.somebody("GET", `/v2/apps${second.id}`)).toMatchObject({ status: 404 });
    expect(await mesos.somebody("GET", "/v2/groups/clocker/shop-gone")).toMatchObject({ status: 404 });
    await mesos.provider.delete(second.id, second.outs);
    expect(await mesos.provider.read(second.id, second.outs)).toBeUndefined();
  });

  test("accepts unknown values in check, and diff takes them for a change", async () => {
    const { id, outs, inputs } = await mesos.created(appArgs());
    const app = { ...(inputs["app"] as object), env: { REDIS: `redis://${UNKNOWN}:6379` }, instances: UNKNOWN };
    const preview = await mesos.checked({ ...inputs, app });
    expect(preview["app"]).toEqual(app);
    expect(await mesos.provider.diff(id, outs, preview)).toEqual({ changes: true, replaces: [] });
    expect(await mesos.provider.diff(id, outs, await mesos.checked({ ...inputs, appId: UNKNOWN }))).toEqual({
      changes: true,
      replaces: ["appId"],
    });
  });

  test("is refused in check with every problem at once", async () => {
    const { failures } = await mesos.provider.check(
      {},
      { location: 7, appId: "Web", app: { labels: LABELS }, timeoutSeconds: 0 },
    );
    expect(failures.map((failure) => failure.split(" ")[0])).toEqual(["location", "appId", "timeoutSeconds", "app"]);
  });
});

describe("an app that belongs to somebody else", () => {
  const foreign = { cmd: "sleep 1000", cpus: 0.1, mem: 32 };

  test("is neither changed nor taken over, unless adopt says so", async () => {
    const args = appArgs();
    await mesos.somebody("POST", "/v2/apps", { ...foreign, id: args.appId });
    await mesos.idle();
    const failure = await mesos.failureOf(mesos.provider.create(await mesos.checked(args)));
    expect(failure.message).toContain(
      `app ${args.appId} exists on mesos and belongs to something without Clocker's labels`,
    );
    expect(failure.partial).toBeUndefined();
    expect(mesos.changes).toEqual([]);

    const { outs } = await mesos.created({ ...args, adopt: true });
    expect(outs).toMatchObject({ healthy: true });
    expect(await mesos.somebody("GET", `/v2/apps${args.appId}`)).toMatchObject({ body: { app: { labels: LABELS } } });
  });

  test("is not deleted in the place of ours", async () => {
    const { id, outs } = await mesos.created(appArgs());
    await mesos.somebody("DELETE", `/v2/apps${id}`);
    await mesos.idle();
    await mesos.somebody("POST", "/v2/apps", { ...foreign, id });
    await mesos.idle();
    expect(await mesos.provider.read(id, outs)).toBeUndefined();
    await mesos.provider.delete(id, outs);
    expect(await mesos.somebody("GET", `/v2/apps${id}`)).toMatchObject({ status: 200 });
    expect(mesos.provider.output).toContain(
      `app ${id} of mesos belongs to something without Clocker's labels by now and stays`,
    );
  });
});
