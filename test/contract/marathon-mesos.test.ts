import { afterAll, beforeAll, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { MarathonServer } from "../../sandbox/marathon/server";
import { settingsSchema } from "../../settings/schema";
import { QUICK } from "../support/marathon";
import { deployed } from "../unit/components/deployed";
import { inputsOf } from "../unit/components/recorder";
import { DynamicProvider } from "./support/dynamic-provider";
import { providerText } from "./support/provider-text";

const CALICO = { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool: "198.18.160.0/20" };

const marathon = new MarathonServer(QUICK);
let url: string;
let provider: DynamicProvider;

beforeAll(async () => {
  url = (await marathon.start()).url;
  const locations = JSON.stringify({ tasks: { type: "marathon", url } });
  provider = await DynamicProvider.start((await providerText("marathon.App")).text, { "clocker:locations": locations });
});

afterAll(async () => {
  await provider?.stop();
  await marathon.stop();
});

/** What the program asks of Marathon for a service of these keys, which Mesos' own containerizer runs. */
async function asked(keys: string, tasks: Properties, network: Properties): Promise<Properties> {
  const settings = settingsSchema.parse({
    blueprint: "unit.yaml",
    locations: { tasks: { type: "marathon", url, containerizer: "mesos", ...tasks } },
    network,
  });
  const made = await deployed(settings, `- {type: "docker:redis:3", id: cache, location: tasks, ${keys}}`);
  const { __provider: _, ...inputs } = inputsOf(made, "cache-app");
  return inputs;
}

test.each<[string, string, Properties, Properties]>([
  ["in Calico's network", "openPorts: 6379", { network: "calico" }, { calico: CALICO }],
  ["in Calico's network, published", "portBindings: {31500: 6379}", { network: "calico" }, { calico: CALICO }],
  ["in Calico's network, without ports", "commands: [--save]", { network: "calico" }, { calico: CALICO }],
  ["in another network", "openPorts: 6379", { network: "dcos" }, {}],
  ["on the agent's bridge", "openPorts: 6379, memory: 128m", {}, {}],
])(
  "Marathon takes a task of Mesos' own containerizer %s; a second preview and a refresh see no change",
  async (_where, keys, tasks, network) => {
    const { inputs, failures } = await provider.check({}, await asked(keys, tasks, network));
    expect(failures).toEqual([]);
    const { id, outs } = await provider.create(inputs);
    expect(outs).toMatchObject({ healthy: true, tasks: [{ ipAddresses: [expect.any(String)] }] });
    expect(await provider.diff(id, outs, inputs)).toEqual({ changes: false, replaces: [] });
    const seen = await provider.read(id, outs);
    expect(seen?.inputs).toEqual(inputs);
    expect(await provider.diff(id, seen?.props ?? {}, inputs)).toEqual({ changes: false, replaces: [] });
    await provider.delete(id, outs);
  },
);

test("a task in Calico's network answers at its own address, or where it is published at its agent's", async () => {
  const endpoints = async (keys: string) => {
    const { inputs } = await provider.check({}, await asked(keys, { network: "calico" }, { calico: CALICO }));
    const { id, outs } = await provider.create(inputs);
    await provider.delete(id, outs);
    const [task] = outs["tasks"] as { host: string; ipAddresses: string[] }[];
    return { task, endpoints: outs["endpoints"] };
  };
  const own = await endpoints("openPorts: 6379");
  expect(own.endpoints).toMatchObject([{ address: own.task?.ipAddresses[0], port: 6379, servicePort: 6379 }]);
  const published = await endpoints("portBindings: {31500: 6379}");
  expect(published.endpoints).toMatchObject([{ address: published.task?.host, port: 31500, servicePort: 6379 }]);
});
