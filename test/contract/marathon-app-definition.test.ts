import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { appArgs, LABELS } from "./support/marathon-apps";
import { MarathonProvider } from "./support/marathon-provider";

/** In most fields another value than Marathon's default, and in an order or a case of letters that it does not keep. */
const RICH: Properties = {
  cmd: "serve",
  instances: 2,
  cpus: 0.2,
  mem: 64,
  disk: 10,
  user: "nobody",
  container: {
    type: "MESOS",
    docker: { image: "example/db:1", forcePullImage: true, pullConfig: { secret: "registry" } },
    volumes: [
      { containerPath: "/etc/token", secret: "token" },
      { containerPath: "/logs", hostPath: "/var/log", mode: "ro" },
    ],
    portMappings: [
      { containerPort: 5432, hostPort: 0, name: "sql", networkNames: ["front"], labels: { VIP_0: "db:5432" } },
      { containerPort: 9187, name: "metrics", protocol: "tcp" },
    ],
    linuxInfo: { seccomp: { unconfined: true } },
  },
  networks: [
    { name: "front", mode: "container" },
    { name: "back", labels: { zone: "a" } },
  ],
  env: { MODE: "primary", TOKEN: { secret: "token" } },
  secrets: { token: { source: "/db/token" }, registry: { source: "/registry" } },
  labels: { ...LABELS, tier: "data" },
  constraints: [
    ["rack", "GROUP_BY"],
    ["hostname", "MAX_PER", "3"],
  ],
  acceptedResourceRoles: ["*"],
  fetch: [
    { uri: "https://example.com/a.tgz", destPath: "a", cache: true },
    { uri: "file:///b", extract: false },
  ],
  healthChecks: [{ protocol: "mesos_tcp", portIndex: 1, intervalSeconds: 5, maxConsecutiveFailures: 0 }],
  upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
  unreachableStrategy: "disabled",
  killSelection: "OLDEST_FIRST",
  backoffSeconds: 2,
  backoffFactor: 1.5,
  maxLaunchDelaySeconds: 60,
  taskKillGracePeriodSeconds: 4,
  tty: true,
};

/**
 * The same with data in a volume of its agent and checks of Marathon's own. It has no instance: the simulated agents
 * reserve nothing, and nothing answers at their ports.
 */
const KEEPING: Properties = {
  ...RICH,
  instances: 0,
  healthChecks: [
    { protocol: "TCP", portIndex: 1, maxConsecutiveFailures: 0 },
    { protocol: "mesos_http", path: "/alive", portIndex: 0, gracePeriodSeconds: 30 },
  ],
  readinessChecks: [{ portName: "metrics", path: "/ready", intervalSeconds: 2, timeoutSeconds: 1 }],
  container: {
    ...(RICH["container"] as object),
    volumes: [{ containerPath: "data", mode: "rw", persistent: { size: 5 } }],
  },
};

let mesos: MarathonProvider;

beforeAll(async () => {
  mesos = await MarathonProvider.start("marathon.App", { features: ["secrets"] });
});

afterEach(() => mesos.proxy.reset());

afterAll(async () => {
  await mesos?.stop();
});

/** What the user has been told of an app. */
function told(id: string): string[] {
  return mesos.provider.output.split("\n").filter((line) => line.startsWith(`app ${id}: `));
}

describe("a definition with most of the fields that there are", () => {
  test.each([
    ["runs", RICH],
    ["keeps data", KEEPING],
  ])(
    "of an app that %s is created and read back as it was written, and checked anew it is no change",
    async (_, app) => {
      const args = appArgs(app);
      const { id, inputs, outs } = await mesos.created(args);
      expect(outs).toMatchObject({ ...inputs, healthy: true });
      expect(await mesos.provider.read(id, outs)).toEqual({
        props: outs,
        inputs: { ...inputs, __provider: mesos.text },
      });
      expect(await mesos.provider.diff(id, outs, await mesos.checked(args))).toEqual({ changes: false, replaces: [] });
      const again = await mesos.provider.check(outs, inputs);
      expect(again).toEqual({ inputs, failures: [] });
      expect(told(id)).toEqual([]);
    },
  );

  test("is at Marathon what it says", async () => {
    const { id } = await mesos.created(appArgs(KEEPING));
    const { app } = (await mesos.somebody("GET", `/v2/apps${id}`)).body as { app: Properties };
    const plain = ["cmd", "user", "env", "secrets", "labels", "unreachableStrategy", "killSelection", "backoffFactor"];
    expect(app).toMatchObject(Object.fromEntries(plain.map((field) => [field, RICH[field]])));
    expect(app).toMatchObject({
      container: { volumes: [{ persistent: { size: 5 } }] },
      networks: [{ name: "front" }, { name: "back" }],
      readinessChecks: [{ portName: "metrics", path: "/ready" }],
      fetch: [{ destPath: "a" }, { uri: "file:///b" }],
    });
  });

  test("and a value that Marathon has no use for is told, not dropped in silence", async () => {
    const { inputs } = await mesos.provider.check({}, appArgs({ ...RICH, killSelecton: "OLDEST_FIRST" }));
    const word = `app ${inputs["appId"]}: killSelecton: Marathon has no such field and ignores it; did you mean killSelection?`;
    await expect.poll(() => told(inputs["appId"] as string)).toEqual([word]);
  });
});

describe("diff", () => {
  test("says once what becomes of the tasks, and nothing where nothing changes", async () => {
    const args = appArgs({ instances: 2 });
    const { id, outs } = await mesos.created(args);
    const changed = async (app: Properties) => mesos.checked({ ...args, app: { ...args.app, ...app } });
    for (const app of [{}, { killSelection: "youngest_first" }])
      expect(await mesos.provider.diff(id, outs, await changed(app))).toMatchObject({ changes: false });
    for (const app of [{ cmd: "sleep 2000" }, { cmd: "sleep 2000" }, { instances: 3 }, { cpus: 0.2, instances: 1 }])
      expect(await mesos.provider.diff(id, outs, await changed(app))).toEqual({ changes: true, replaces: [] });
    await expect.poll(() => told(id)).toHaveLength(3);
    expect(told(id)).toEqual([
      `app ${id}: all tasks restart, because cmd changes`,
      `app ${id}: no task restarts: instances change from 2 to 3`,
      `app ${id}: all tasks restart, because cpus and instances change`,
    ]);
  });

  test("tells the truth: a change of instances leaves the tasks, one of cmd replaces them", async () => {
    const args = appArgs();
    const { id, outs } = await mesos.created(args);
    const ids = (outs: Properties) => (outs["tasks"] as { id: string }[]).map((task) => task.id);
    const update = async (olds: Properties, app: Properties) =>
      mesos.provider.update(id, olds, await mesos.checked({ ...args, app: { ...args.app, ...app } }));
    const scaled = await update(outs, { instances: 2 });
    expect(ids(scaled)).toEqual(expect.arrayContaining(ids(outs)));
    const restarted = await update(scaled, { instances: 2, cmd: "sleep 2000" });
    expect(ids(restarted)).toHaveLength(2);
    for (const task of ids(scaled)) expect(ids(restarted)).not.toContain(task);
  });
});

describe("an app with persistent volumes", () => {
  test("may change what its reservation does not stand on", async () => {
    const args = appArgs(KEEPING);
    const { id, outs } = await mesos.created(args);
    const news = { ...args, app: { ...args.app, env: { GREETING: "bye" } } };
    const { inputs, failures } = await mesos.provider.check(outs, news);
    expect(failures).toEqual([]);
    expect(await mesos.provider.diff(id, outs, inputs)).toEqual({ changes: true, replaces: [] });
    expect(await mesos.provider.update(id, outs, inputs)).toMatchObject({ ...inputs, healthy: true });
  });

  test("refuses in check what would lose them, with what to do, and Marathon refuses the same", async () => {
    const args = appArgs(KEEPING);
    const { id, outs } = await mesos.created(args);
    const app = { ...args.app, cpus: 0.3 };
    const { inputs, failures } = await mesos.provider.check(outs, { ...args, app });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^app must keep cpus: .*another appId and move the data; or set discardVolumes/);
    const { status, body } = await mesos.somebody("PUT", `/v2/apps${id}`, inputs["app"]);
    expect({ status, body: JSON.stringify(body) }).toEqual({
      status: 422,
      body: expect.stringContaining("Resident Tasks may not change resource requirements!"),
    });
  });

  test("is replaced with discardVolumes, which is told before, and is then what was asked for", async () => {
    const args = appArgs(KEEPING);
    const { id, outs } = await mesos.created(args);
    const news = { ...args, app: { ...args.app, cpus: 0.3 }, discardVolumes: true };
    const { inputs, failures } = await mesos.provider.check(outs, news);
    expect(failures).toEqual([]);
    expect(await mesos.provider.diff(id, outs, inputs)).toEqual({ changes: true, replaces: ["app"] });
    const word = `app ${id}: is replaced, and its persistent volumes are deleted with all that is in them`;
    await expect.poll(() => told(id)).toEqual([word]);
    await mesos.provider.delete(id, outs);
    const { outs: anew } = await mesos.provider.create(inputs);
    expect(anew).toMatchObject({ ...inputs, healthy: true });
    expect(await mesos.provider.diff(id, anew, inputs)).toEqual({ changes: false, replaces: [] });
  });
});
