import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { MarathonServer } from "../../sandbox/marathon/server";
import { QUICK } from "../support/marathon";
import { DynamicProvider } from "./support/dynamic-provider";
import { providerText } from "./support/provider-text";

const APP_ID = "/clocker/shop-test/store";

interface Task {
  readonly id: string;
  readonly host: string;
  readonly ports: readonly number[];
  readonly state?: string;
}

/** The app of three instances, whose port Marathon itself connects to. */
function args(instances: number): Properties {
  return {
    location: "mesos",
    appId: APP_ID,
    timeoutSeconds: 60,
    app: {
      instances,
      cmd: "sleep 1000",
      cpus: 0.1,
      mem: 32,
      networks: [{ mode: "container/bridge" }],
      container: { docker: { image: "example/store:1" }, portMappings: [{ containerPort: 6379, hostPort: 0 }] },
      healthChecks: [
        { protocol: "TCP", portIndex: 0, intervalSeconds: 1, gracePeriodSeconds: 60, maxConsecutiveFailures: 0 },
      ],
      labels: { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": "store" },
    },
  };
}

describe("an app with three instances, over gRPC", () => {
  const marathon = new MarathonServer(QUICK);
  const listeners = new Map<string, Server>();
  let url: string;
  let provider: DynamicProvider;

  beforeAll(async () => {
    url = (await marathon.start()).url;
    const location = { mesos: { type: "marathon", url } };
    const { text } = await providerText("marathon.App");
    provider = await DynamicProvider.start(text, { "clocker:locations": JSON.stringify(location) });
  });

  afterAll(async () => {
    await provider.stop();
    await marathon.stop();
    for (const listener of listeners.values()) listener.close();
  });

  async function running(): Promise<Task[]> {
    const response = await fetch(`${url}/v2/apps${APP_ID}/tasks`);
    if (!response.ok) return [];
    const { tasks } = (await response.json()) as { tasks: Task[] };
    return tasks.filter(({ state }) => state === "TASK_RUNNING");
  }

  /** The simulated agents are addresses of this machine: their tasks answer as soon as something listens there. */
  async function answerForAll(): Promise<number> {
    const tasks = await running();
    for (const { id, host, ports } of tasks) {
      if (listeners.has(id)) continue;
      const listener = createServer((socket) => socket.end());
      listeners.set(id, listener);
      await new Promise<void>((resolve, reject) => {
        listener.once("error", reject);
        listener.listen(ports[0], host, resolve);
      });
    }
    return tasks.length;
  }

  async function checked(instances: number): Promise<Properties> {
    const { inputs, failures } = await provider.check({}, args(instances));
    expect(failures).toEqual([]);
    return inputs;
  }

  const endpointsOf = (tasks: readonly Task[]) =>
    tasks.map(({ host, ports: [port] }) => ({ address: host, port, servicePort: 6379, protocol: "tcp" }));

  test("has an endpoint for each, without the one that fails its checks, and follows its number", async () => {
    const creating = provider.create(await checked(3));
    await expect.poll(answerForAll, { timeout: 30_000 }).toBe(3);
    const { id, outs } = await creating;
    const tasks = outs["tasks"] as Task[];
    expect(tasks).toHaveLength(3);
    expect(tasks.map((task) => (task as { healthy?: boolean }).healthy)).toEqual([true, true, true]);
    expect(outs["endpoints"]).toEqual(endpointsOf(tasks));
    expect(await provider.diff(id, outs, await checked(3))).toEqual({ changes: false, replaces: [] });

    const sick = tasks[1] as Task;
    listeners.get(sick.id)?.close();
    const read = async () => (await provider.read(id, outs))?.props;
    await expect.poll(async () => (await read())?.["endpoints"], { timeout: 30_000 }).toHaveLength(2);
    const props = await read();
    expect(props?.["endpoints"]).toEqual(endpointsOf(tasks.filter((task) => task !== sick)));
    expect(props?.["tasks"]).toMatchObject(tasks.map(({ id: task }) => ({ id: task, healthy: task !== sick.id })));

    listeners.delete(sick.id);
    await answerForAll();
    await expect.poll(async () => (await read())?.["endpoints"], { timeout: 30_000 }).toHaveLength(3);
    const fewer = await provider.update(id, outs, await checked(2));
    expect(fewer["tasks"]).toHaveLength(2);
    expect(fewer["endpoints"]).toEqual(endpointsOf(fewer["tasks"] as Task[]));
  }, 120_000);
});
