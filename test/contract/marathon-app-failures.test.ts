import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { DynamicProvider } from "./support/dynamic-provider";
import { appArgs, CREDENTIALS } from "./support/marathon-apps";
import { MarathonProvider } from "./support/marathon-provider";

let mesos: MarathonProvider;

beforeAll(async () => {
  mesos = await MarathonProvider.start("marathon.App", { credentials: CREDENTIALS });
});

afterEach(() => mesos.proxy.reset());

afterAll(async () => {
  await mesos?.stop();
});

describe("when something goes wrong", () => {
  test("an app that does not start is kept in the state with the reason, and a corrected one replaces it", async () => {
    const args = appArgs({ cpus: 1000 }, { timeoutSeconds: 4 });
    const inputs = await mesos.checked(args);
    const { partial } = await mesos.failureOf(mesos.provider.create(inputs));
    expect(partial?.id).toBe(args.appId);
    expect(partial?.properties).toMatchObject({
      ...inputs,
      __provider: mesos.text,
      healthy: false,
      tasks: [],
      endpoints: [],
    });
    expect(partial?.reasons).toHaveLength(1);
    expect(partial?.reasons[0]).toMatch(
      /not up within 4 s: 0 of 1 tasks running.*waiting to be launched.*InsufficientCpus/,
    );

    const corrected = await mesos.checked({ ...args, app: { ...args.app, cpus: 0.1 }, timeoutSeconds: 12 });
    const outs = await mesos.provider.update(args.appId, partial?.properties ?? {}, corrected);
    expect(outs).toMatchObject({ healthy: true });
    await mesos.provider.delete(args.appId, outs);
  });

  test("a change that cannot start leaves the old task running, and a corrected one takes over", async () => {
    const { id, outs, inputs } = await mesos.created(appArgs());
    const app = inputs["app"] as Properties;
    const broken = { ...inputs, timeoutSeconds: 3, app: { ...app, cpus: 1000 } };
    const { partial } = await mesos.failureOf(mesos.provider.update(id, outs, broken));
    expect(partial?.properties).toMatchObject({ ...broken, healthy: false, tasks: outs["tasks"] as unknown[] });
    const corrected = { ...inputs, timeoutSeconds: 12, app: { ...app, cpus: 0.2 } };
    const repaired = await mesos.provider.update(id, partial?.properties ?? {}, corrected);
    expect(repaired).toMatchObject({ ...corrected, healthy: true });
    expect(repaired["tasks"]).not.toEqual(outs["tasks"]);
    await mesos.provider.delete(id, repaired);
  });

  test("a Marathon that answers 503 until the time is up is named so, and the next attempt ends right", async () => {
    const args = appArgs({}, { timeoutSeconds: 3 });
    const inputs = await mesos.checked(args);
    mesos.proxy.fail("POST /v2/apps", 503, 1000);
    const { partial } = await mesos.failureOf(mesos.provider.create(inputs));
    expect(partial?.reasons[0]).toMatch(/503/);
    mesos.proxy.reset();
    const outs = await mesos.provider.update(args.appId, partial?.properties ?? {}, { ...inputs, timeoutSeconds: 12 });
    expect(outs).toMatchObject({ healthy: true });
    await mesos.provider.delete(args.appId, outs);
  });

  test("a failure is told even if the definition is too large to be stored, and the app can be deleted", async () => {
    const args = appArgs({ cpus: 1000, env: { LARGE: "x".repeat(100_000) } }, { timeoutSeconds: 2 });
    const { partial } = await mesos.failureOf(mesos.created(args));
    expect(partial?.properties).toMatchObject({ location: "mesos", appId: args.appId, __provider: mesos.text });
    expect(partial?.properties["app"]).toBeUndefined();
    expect(await mesos.provider.read(args.appId, partial?.properties ?? {})).toBeDefined();
    await mesos.provider.delete(args.appId, { ...partial?.properties, timeoutSeconds: 30 });
    expect(await mesos.somebody("GET", `/v2/apps${args.appId}`)).toMatchObject({ status: 404 });
  });

  test.each([
    [
      "crashes",
      { cmd: "sleep 1; exit 1", healthChecks: [] },
      /last failure: TASK_FAILED on 127\.0\.1\.\d at .*: Command exited with status 1/,
    ],
    ["fails its health checks", { cmd: "sim-unhealthy" }, /0 healthy, 1 unhealthy/],
  ])("an app that %s is not taken for deployed; the error says why", async (_, app, reason) => {
    const failure = await mesos.failureOf(mesos.created(appArgs(app, { timeoutSeconds: 3 })));
    expect(failure.message).toMatch(reason);
    expect(failure.partial).toMatchObject({ properties: { healthy: false } });
    await mesos.provider.delete(failure.partial?.id ?? "", failure.partial?.properties ?? {});
  });

  test("an interrupted create is finished by the next one without a second deployment", async () => {
    const args = appArgs();
    const { appId: id, app } = (await mesos.checked(args)) as { appId: string; app: object };
    await mesos.somebody("POST", "/v2/apps", { ...app, id });
    const { outs } = await mesos.created(args);
    expect(outs).toMatchObject({ healthy: true });
    expect(mesos.changes).toEqual([]);
  });

  test("a Marathon that answers 503 for a while is waited for, in every operation", async () => {
    const args = appArgs();
    mesos.proxy.fail("GET /v2/apps", 503, 1);
    mesos.proxy.fail("POST /v2/apps", 503, 2);
    const { id, outs } = await mesos.created(args);
    mesos.proxy.fail("DELETE /v2/apps", 502, 2);
    await mesos.provider.delete(id, outs);
    expect(await mesos.provider.read(id, outs)).toBeUndefined();
  });

  test("a lost answer makes nothing twice", async () => {
    const args = appArgs();
    mesos.proxy.fail("POST /v2/apps", 502, 1, { afterwards: true });
    const { outs } = await mesos.created(args);
    expect(outs).toMatchObject({ healthy: true });
    expect(mesos.proxy.passed.filter((line) => line.startsWith("PUT"))).toEqual([]);
  });

  test("an app that a deployment of several apps holds is left alone until the time limit; the error names it", async () => {
    const { id, outs, inputs } = await mesos.created(appArgs({}, { appId: "/clocker/shop-held/web" }));
    const app = inputs["app"] as Properties;
    const apps = [
      { ...app, id, instances: 2 },
      { id: "/clocker/shop-held/huge", cmd: "sleep 1000", cpus: 1000 },
    ];
    const { deploymentId } = (await mesos.somebody("PUT", "/v2/groups/clocker/shop-held", { apps })).body;
    const wanted = { ...inputs, timeoutSeconds: 3, app: { ...app, instances: 3 } };
    const failure = await mesos.failureOf(mesos.provider.update(id, outs, wanted));
    const holder = `deployment ${deploymentId} (of /clocker/shop-held/huge, ${id}, in step 2 of 2)`;
    expect(failure.message).toContain(`app ${id} is held by ${holder} of Marathon at ${mesos.proxy.url}`);
    expect(failure.message).toContain("for more than 3 s; wait for that deployment or cancel it in Marathon");
    expect(failure.message).toContain("locks: force");
    expect(mesos.proxy.passed.filter((line) => line.includes("force=true"))).toEqual([]);
    await mesos.somebody("DELETE", `/v2/deployments/${deploymentId}?force=true`);
  });

  test("wrong credentials are named without being shown", async () => {
    const wrong = await DynamicProvider.start(mesos.text, mesos.configuration("wrong-password"));
    try {
      const failure = await mesos.failureOf(wrong.create(await mesos.checked(appArgs())));
      expect(failure.message).toBe(
        `Marathon at ${mesos.proxy.url} does not accept the credentials; correct auth of this location`,
      );
      expect(failure.partial).toBeUndefined();
      expect(wrong.output).not.toContain("wrong-password");
    } finally {
      await wrong.stop();
    }
  });

  test("what Marathon refuses is told with its reasons and without the app's values", async () => {
    const container = { docker: { image: "x" }, volumes: [{ hostPath: "/run/s3cr3t-value", mode: "RW" }] };
    const args = appArgs({ container, env: { TOKEN: "s3cr3t-value" } });
    const failure = await mesos.failureOf(mesos.provider.create(args));
    expect(failure.message).toMatch(
      /answered 422 to POST \/v2\/apps: Invalid JSON: \/container\/volumes.*containerPath/,
    );
    expect(failure.message).toContain("/run/[secret]");
    expect(failure.message).not.toContain("s3cr3t-value");
    expect(failure.partial).toBeUndefined();
  });

  test("the first calls of a process know the configuration, however many come at once", async () => {
    const { id, outs } = await mesos.created(appArgs());
    const fresh = await DynamicProvider.start(mesos.text, mesos.configuration());
    try {
      const reads = await Promise.all(Array.from({ length: 5 }, () => fresh.read(id, outs)));
      expect(reads.map((read) => read?.props)).toEqual(Array.from({ length: 5 }, () => outs));
    } finally {
      await fresh.stop();
    }
  });

  test("a location that is not configured is named with those that are", async () => {
    const failure = await mesos.failureOf(
      mesos.provider.create(await mesos.checked(appArgs({}, { location: "nowhere" }))),
    );
    expect(failure.message).toContain('location "nowhere" is not configured: clocker:locations has mesos.');
  });

  test("no credential was ever printed", () => {
    expect(mesos.provider.output).not.toContain(CREDENTIALS.password);
  });
});
