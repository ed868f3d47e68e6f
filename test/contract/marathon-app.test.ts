import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Kind } from "../../providers/handlers";
import type { Properties } from "../../providers/runtime/handler";
import { UNKNOWN } from "../../providers/runtime/unknown";
import { MarathonServer } from "../../sandbox/marathon/server";
import { QUICK } from "../support/marathon";
import { type CallFailure, DynamicProvider } from "./support/dynamic-provider";
import { FaultyProxy } from "./support/faulty-proxy";
import { providerText } from "./support/provider-text";

const PASSWORD = "open-sesame";
const LABELS = { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": "web" };

const marathon = new MarathonServer({ ...QUICK, credentials: { user: "ops", password: PASSWORD } });
let direct: string;
let proxy: FaultyProxy;
let provider: DynamicProvider;
let text: string;

function configuration(password = PASSWORD): Record<string, string> {
  const auth = { type: "basic", username: "ops", password };
  return { "clocker:locations": JSON.stringify({ mesos: { type: "marathon", url: `${proxy.url}/`, auth } }) };
}

beforeAll(async () => {
  direct = (await marathon.start()).url;
  proxy = await FaultyProxy.start(direct);
  text = (await providerText("marathon.App")).text;
  provider = await DynamicProvider.start(text, configuration());
});

afterEach(() => proxy.reset());

afterAll(async () => {
  await provider.stop();
  await proxy.stop();
  await marathon.stop();
});

/** A request to Marathon as somebody else makes it. */
async function somebody(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const authorization = `Basic ${Buffer.from(`ops:${PASSWORD}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json", accept: "application/json" };
  const response = await fetch(direct + path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, ...(JSON.parse((await response.text()) || "{}") as object) };
}

/** Waits until whatever somebody started is done. */
async function idle(): Promise<void> {
  await expect.poll(() => somebody("GET", "/v2/deployments"), { timeout: 20_000 }).toEqual({ status: 200 });
}

let count = 0;
function appArgs(app: Properties = {}, args: Properties = {}) {
  return {
    location: "mesos",
    appId: `/clocker/shop-test/web-${++count}`,
    timeoutSeconds: 30,
    app: {
      cmd: "sleep 1000",
      cpus: 0.1,
      mem: 32,
      networks: [{ mode: "container/bridge" }],
      container: { docker: { image: "example/web:1" }, portMappings: [{ containerPort: 80, name: "http" }] },
      env: { GREETING: "hello" },
      healthChecks: [{ protocol: "MESOS_TCP", portIndex: 0 }],
      labels: LABELS,
      ...app,
    },
    ...args,
  } satisfies Properties;
}

async function checked(args: Properties): Promise<Properties> {
  const { inputs, failures } = await provider.check({}, args);
  expect(failures).toEqual([]);
  return inputs;
}

async function created(args: Properties): Promise<{ id: string; inputs: Properties; outs: Properties }> {
  const inputs = await checked(args);
  return { inputs, ...(await provider.create(inputs)) };
}

async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
  return call.then(
    () => expect.unreachable(),
    (failure) => failure,
  );
}

describe("the provider's text in the state", () => {
  test.each<[Kind, string]>([
    ["docker.Readiness", "dynamic/docker:Readiness"],
    ["machine.Setup", "dynamic/machine:Setup"],
    ["machine.SshKey", "dynamic/machine:SshKey"],
    ["marathon.App", "dynamic/marathon:App"],
  ])("of %s is small and never changes", async (kind, type) => {
    const stored = await providerText(kind);
    expect(stored.type).toBe(`pulumi-nodejs:${type}`);
    expect(stored.text.length).toBeLessThan(2200);
    const withoutKind = stored.text.replace(kind, "KIND");
    expect(createHash("sha256").update(withoutKind).digest("hex")).toBe(
      "5ab479de52dc12db04e0365b02647bd792c12e69cdf429c2be206c2b576de51e",
    );
  });
});

describe("an app on Marathon", () => {
  test("is created with all outputs; then neither a preview nor a refresh finds a change", async () => {
    const args = appArgs({ instances: 2 });
    const { id, inputs, outs } = await created(args);
    expect(id).toBe(args.appId);
    expect(outs).toMatchObject({
      ...inputs,
      healthy: true,
      version: expect.stringMatching(/^\d{4}-/),
      __provider: text,
    });
    const tasks = outs["tasks"] as { host: string; ports: number[] }[];
    expect(tasks).toHaveLength(2);
    expect(outs["endpoints"]).toEqual(
      tasks.map(({ host, ports: [port] }) => ({ address: host, port, servicePort: 80, protocol: "tcp" })),
    );

    expect(await provider.diff(id, outs, await checked(args))).toEqual({ changes: false, replaces: [] });
    const refreshed = await provider.read(id, outs);
    expect(refreshed?.inputs).toEqual({ ...inputs, __provider: text });
    expect(refreshed?.props).toEqual(outs);
  });

  test("is updated as a whole: what the definition no longer has is gone", async () => {
    const args = appArgs({ user: "nobody", labels: { ...LABELS, extra: "x" } });
    const { id, outs } = await created(args);
    const { user: _, ...app } = { ...args.app, env: { GREETING: "bye" }, labels: LABELS } as Properties;
    const wanted = await checked({ ...args, app });
    expect(await provider.diff(id, outs, wanted)).toEqual({ changes: true, replaces: [] });
    const updated = await provider.update(id, outs, wanted);
    expect(updated).toMatchObject({ ...wanted, healthy: true });
    expect(updated["version"]).not.toBe(outs["version"]);
    const { app: live } = (await somebody("GET", `/v2/apps${id}`)) as { app: Properties };
    expect(live).toMatchObject({ env: { GREETING: "bye" }, labels: LABELS });
    expect(live["user"]).toBeUndefined();
    expect((await provider.read(id, updated))?.inputs).toEqual({ ...wanted, __provider: text });
  });

  test("is replaced for another location or id, and not touched for another time limit", async () => {
    const { id, outs, inputs } = await created(appArgs());
    expect(await provider.diff(id, outs, { ...inputs, location: "other" })).toEqual({
      changes: true,
      replaces: ["location"],
    });
    expect(await provider.diff(id, outs, { ...inputs, appId: "/x" })).toEqual({ changes: true, replaces: ["appId"] });
    expect(await provider.diff(id, outs, { ...inputs, timeoutSeconds: 5 })).toEqual({ changes: false, replaces: [] });
  });

  test("shows on refresh what somebody else changed, and the next update puts it right", async () => {
    const { id, outs, inputs } = await created(appArgs());
    await somebody("PUT", `/v2/apps${id}`, { instances: 2, env: { GREETING: "intruder" } });
    await idle();
    const refreshed = await provider.read(id, outs);
    expect(refreshed?.inputs["app"]).toEqual({
      ...(inputs["app"] as object),
      instances: 2,
      env: { GREETING: "intruder" },
    });
    expect(await provider.diff(id, refreshed?.props ?? {}, inputs)).toEqual({ changes: true, replaces: [] });
    await provider.update(id, refreshed?.props ?? {}, inputs);
    expect((await provider.read(id, outs))?.inputs["app"]).toEqual(inputs["app"]);
  });

  test("that is not up any more on refresh is an update, which waits until it is up", async () => {
    const { id, outs, inputs } = await created(appArgs({ cmd: "sleep 1000" }));
    const broken = { ...outs, healthy: false, tasks: [], endpoints: [] };
    expect(await provider.diff(id, broken, inputs)).toEqual({ changes: true, replaces: [] });
    const repaired = await provider.update(id, broken, inputs);
    expect(repaired).toEqual(outs);
    expect(await provider.diff(id, repaired, inputs)).toEqual({ changes: false, replaces: [] });
  });

  test("is deleted with the groups that it leaves empty; what is gone already is no error", async () => {
    const first = await created(appArgs({}, { appId: "/clocker/shop-gone/first" }));
    const second = await created(appArgs({}, { appId: "/clocker/shop-gone/second" }));
    await provider.delete(first.id, first.outs);
    expect(await somebody("GET", "/v2/groups/clocker/shop-gone")).toMatchObject({ status: 200 });
    await provider.delete(second.id, second.outs);
    expect(await somebody("GET", `/v2/apps${second.id}`)).toMatchObject({ status: 404 });
    expect(await somebody("GET", "/v2/groups/clocker/shop-gone")).toMatchObject({ status: 404 });
    await provider.delete(second.id, second.outs);
    expect(await provider.read(second.id, second.outs)).toBeUndefined();
  });

  test("accepts unknown values in check, and diff takes them for a change", async () => {
    const { id, outs, inputs } = await created(appArgs());
    const app = { ...(inputs["app"] as object), env: { REDIS: `redis://${UNKNOWN}:6379` }, instances: UNKNOWN };
    const preview = await checked({ ...inputs, app });
    expect(preview["app"]).toEqual(app);
    expect(await provider.diff(id, outs, preview)).toEqual({ changes: true, replaces: [] });
    expect(await provider.diff(id, outs, await checked({ ...inputs, appId: UNKNOWN }))).toEqual({
      changes: true,
      replaces: ["appId"],
    });
  });

  test("is refused in check with every problem at once", async () => {
    const { failures } = await provider.check(
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
    await somebody("POST", "/v2/apps", { ...foreign, id: args.appId });
    await idle();
    const failure = await failureOf(provider.create(await checked(args)));
    expect(failure.message).toContain(
      `app ${args.appId} exists on mesos and belongs to something without Clocker's labels`,
    );
    expect(failure.partial).toBeUndefined();
    expect(proxy.passed.filter((line) => !line.startsWith("GET"))).toEqual([]);

    const { outs } = await created({ ...args, adopt: true });
    expect(outs).toMatchObject({ healthy: true });
    expect(await somebody("GET", `/v2/apps${args.appId}`)).toMatchObject({ app: { labels: LABELS } });
  });

  test("is not deleted in the place of ours", async () => {
    const { id, outs } = await created(appArgs());
    await somebody("DELETE", `/v2/apps${id}`);
    await idle();
    await somebody("POST", "/v2/apps", { ...foreign, id });
    await idle();
    expect(await provider.read(id, outs)).toBeUndefined();
    await provider.delete(id, outs);
    expect(await somebody("GET", `/v2/apps${id}`)).toMatchObject({ status: 200 });
    expect(provider.output).toContain(
      `app ${id} of mesos belongs to something without Clocker's labels by now and stays`,
    );
  });
});

describe("when something goes wrong", () => {
  test("an app that does not start is kept in the state with the reason, and a corrected one replaces it", async () => {
    const args = appArgs({ cpus: 1000 }, { timeoutSeconds: 4 });
    const inputs = await checked(args);
    const { partial } = await failureOf(provider.create(inputs));
    expect(partial?.id).toBe(args.appId);
    expect(partial?.properties).toMatchObject({
      ...inputs,
      __provider: text,
      healthy: false,
      tasks: [],
      endpoints: [],
    });
    expect(partial?.reasons).toHaveLength(1);
    expect(partial?.reasons[0]).toMatch(
      /not up within 4 s: 0 of 1 tasks running.*waiting to be launched.*InsufficientCpus/,
    );

    const corrected = await checked({ ...args, app: { ...args.app, cpus: 0.1 }, timeoutSeconds: 12 });
    const outs = await provider.update(args.appId, partial?.properties ?? {}, corrected);
    expect(outs).toMatchObject({ healthy: true });
    await provider.delete(args.appId, outs);
  });

  test("a change that cannot start leaves the old task running, and a corrected one takes over", async () => {
    const { id, outs, inputs } = await created(appArgs());
    const app = inputs["app"] as Properties;
    const broken = { ...inputs, timeoutSeconds: 3, app: { ...app, cpus: 1000 } };
    const { partial } = await failureOf(provider.update(id, outs, broken));
    expect(partial?.properties).toMatchObject({ ...broken, healthy: false, tasks: outs["tasks"] as unknown[] });
    const corrected = { ...inputs, timeoutSeconds: 12, app: { ...app, cpus: 0.2 } };
    const repaired = await provider.update(id, partial?.properties ?? {}, corrected);
    expect(repaired).toMatchObject({ ...corrected, healthy: true });
    expect(repaired["tasks"]).not.toEqual(outs["tasks"]);
    await provider.delete(id, repaired);
  });

  test("a failure is told even if the definition is too large to be stored, and the app can be deleted", async () => {
    const args = appArgs({ cpus: 1000, env: { LARGE: "x".repeat(100_000) } }, { timeoutSeconds: 2 });
    const { partial } = await failureOf(created(args));
    expect(partial?.properties).toMatchObject({ location: "mesos", appId: args.appId, __provider: text });
    expect(partial?.properties["app"]).toBeUndefined();
    expect(await provider.read(args.appId, partial?.properties ?? {})).toBeDefined();
    await provider.delete(args.appId, { ...partial?.properties, timeoutSeconds: 30 });
    expect(await somebody("GET", `/v2/apps${args.appId}`)).toMatchObject({ status: 404 });
  });

  test.each([
    [
      "crashes",
      { cmd: "sleep 1; exit 1", healthChecks: [] },
      /last failure: TASK_FAILED on 127\.0\.1\.\d at .*: Command exited with status 1/,
    ],
    ["fails its health checks", { cmd: "sim-unhealthy" }, /0 healthy, 1 unhealthy/],
  ])("an app that %s is not taken for deployed; the error says why", async (_, app, reason) => {
    const failure = await failureOf(created(appArgs(app, { timeoutSeconds: 3 })));
    expect(failure.message).toMatch(reason);
    expect(failure.partial).toMatchObject({ properties: { healthy: false } });
    await provider.delete(failure.partial?.id ?? "", failure.partial?.properties ?? {});
  });

  test("an interrupted create is finished by the next one without a second deployment", async () => {
    const args = appArgs();
    const { appId: id, app } = (await checked(args)) as { appId: string; app: object };
    await somebody("POST", "/v2/apps", { ...app, id });
    const { outs } = await created(args);
    expect(outs).toMatchObject({ healthy: true });
    expect(proxy.passed.filter((line) => !line.startsWith("GET"))).toEqual([]);
  });

  test("a Marathon that answers 503 for a while is waited for, in every operation", async () => {
    const args = appArgs();
    proxy.fail("GET /v2/apps", 503, 1);
    proxy.fail("POST /v2/apps", 503, 2);
    const { id, outs } = await created(args);
    proxy.fail("DELETE /v2/apps", 502, 2);
    await provider.delete(id, outs);
    expect(await provider.read(id, outs)).toBeUndefined();
  });

  test("a lost answer makes nothing twice", async () => {
    const args = appArgs();
    proxy.fail("POST /v2/apps", 502, 1, { afterwards: true });
    const { outs } = await created(args);
    expect(outs).toMatchObject({ healthy: true });
    expect(proxy.passed.filter((line) => line.startsWith("PUT"))).toEqual([]);
  });

  test("an app that a deployment of several apps holds is left alone until the time limit; the error names it", async () => {
    const { id, outs, inputs } = await created(appArgs({}, { appId: "/clocker/shop-held/web" }));
    const app = inputs["app"] as Properties;
    const apps = [
      { ...app, id, instances: 2 },
      { id: "/clocker/shop-held/huge", cmd: "sleep 1000", cpus: 1000 },
    ];
    const { deploymentId } = await somebody("PUT", "/v2/groups/clocker/shop-held", { apps });
    const wanted = { ...inputs, timeoutSeconds: 3, app: { ...app, instances: 3 } };
    const failure = await failureOf(provider.update(id, outs, wanted));
    const holder = `deployment ${deploymentId} (of /clocker/shop-held/huge, ${id}, in step 2 of 2)`;
    expect(failure.message).toContain(`app ${id} is held by ${holder} of Marathon at ${proxy.url}`);
    expect(failure.message).toContain("for more than 3 s; wait for that deployment or cancel it in Marathon");
    expect(failure.message).toContain("locks: force");
    expect(proxy.passed.filter((line) => line.includes("force=true"))).toEqual([]);
    await somebody("DELETE", `/v2/deployments/${deploymentId}?force=true`);
  });

  test("wrong credentials are named without being shown", async () => {
    const wrong = await DynamicProvider.start(text, configuration("wrong-password"));
    try {
      const failure = await failureOf(wrong.create(await checked(appArgs())));
      expect(failure.message).toBe(
        `Marathon at ${proxy.url} does not accept the credentials; correct auth of this location`,
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
    const failure = await failureOf(provider.create(args));
    expect(failure.message).toMatch(
      /answered 422 to POST \/v2\/apps: Invalid JSON: \/container\/volumes.*containerPath/,
    );
    expect(failure.message).toContain("/run/[secret]");
    expect(failure.message).not.toContain("s3cr3t-value");
    expect(failure.partial).toBeUndefined();
  });

  test("the first calls of a process know the configuration, however many come at once", async () => {
    const { id, outs } = await created(appArgs());
    const fresh = await DynamicProvider.start(text, configuration());
    try {
      const reads = await Promise.all(Array.from({ length: 5 }, () => fresh.read(id, outs)));
      expect(reads.map((read) => read?.props)).toEqual(Array.from({ length: 5 }, () => outs));
    } finally {
      await fresh.stop();
    }
  });

  test("a location that is not configured is named with those that are", async () => {
    const failure = await failureOf(provider.create(await checked(appArgs({}, { location: "nowhere" }))));
    expect(failure.message).toContain('location "nowhere" is not configured: clocker:locations has mesos.');
  });

  test("no credential was ever printed", () => {
    expect(provider.output).not.toContain(PASSWORD);
  });
});
