import { expect, it } from "vitest";
import { sanitiseMesosLabel } from "../../../providers/calico/validation/sanitise";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { deployed } from "./deployed";
import { inputsOf } from "./recorder";

const AGENT = { url: "ssh://deploy@192.0.2.21", address: "192.0.2.21" };
const CALICO = { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool: "198.18.160.0/20" };

/** Settings whose location `tasks` runs them with Mesos' own containerizer. */
function settingsOf(
  tasks: Record<string, unknown> = {},
  network: Record<string, unknown> = { calico: CALICO },
): Settings {
  return settingsSchema.parse({
    blueprint: "unit.yaml",
    locations: {
      tasks: {
        type: "marathon",
        url: "http://192.0.2.30:8080",
        containerizer: "mesos",
        network: "calico",
        agents: { "agent-1": AGENT },
        ...tasks,
      },
      docks: { type: "docker", hosts: { "host-a": { ...AGENT, calico: "present" } } },
    },
    network,
  });
}

const CACHE = '- {type: "docker:redis:3", id: cache, location: tasks, openPorts: 6379, commands: [--save, ""]}';

it("a task of Mesos' own containerizer joins Calico's network with the labels that policies select by", async () => {
  const made = await deployed(settingsOf(), CACHE);
  const labels = { "clocker.application": "app", "clocker.stack": "unit", "clocker.service": "cache" };
  expect(inputsOf(made, "cache-app")["app"]).toMatchObject({
    args: ["--save", ""],
    networks: [{ mode: "container", name: "calico", labels }],
    container: {
      type: "MESOS",
      docker: { image: "redis:3" },
      portMappings: [{ containerPort: 6379, protocol: "tcp", name: "tcp-6379" }],
      volumes: [],
    },
    healthChecks: [{ protocol: "MESOS_TCP", portIndex: 0 }],
  });
  for (const text of Object.entries(labels).flat()) expect(sanitiseMesosLabel(text)).toBe(text);
  expect(JSON.stringify(inputsOf(made, "cache-app")["app"])).not.toMatch(/parameters|privileged|hostPort/);
});

it("its agents get nothing of Clocker's: no network, no driver, no Felix", async () => {
  const made = await deployed(settingsOf(), CACHE);
  expect(made.map(({ type }) => type).filter((type) => /docker|calico:Host|ServiceAddress/.test(type))).toEqual([]);
  const app = made.find(({ name }) => name === "cache-app");
  const policies = made.filter(({ type }) => type.endsWith("calico:GlobalNetworkPolicy"));
  expect(policies).not.toEqual([]);
  const range = made.find(({ name }) => name === "network-range");
  expect(app?.dependencies).toContain("network-range");
  expect(range?.dependencies).toEqual(expect.arrayContaining(policies.map(({ name }) => name)));
});

it("a container elsewhere reaches it at its own address in Calico", async () => {
  const made = await deployed(
    settingsOf(),
    `${CACHE}
- {type: "docker:web:1", id: web, location: docks, links: {store: '$brooklyn:component("cache")'}}`,
    { "cache-app": { tasks: [{ id: "t", host: "agent-1", ports: [], ipAddresses: ["198.18.160.70"] }] } },
  );
  expect(inputsOf(made, "web-container")["hosts"]).toEqual([{ host: "store", ip: "198.18.160.70" }]);
});

it("a published port is a host port of the agent's, which the CNI network maps", async () => {
  const made = await deployed(
    settingsOf(),
    '- {type: "docker:web:1", id: web, location: tasks, openPorts: 81, portBindings: {8000: 80}}',
  );
  expect(inputsOf(made, "web-app")["app"]).toMatchObject({
    container: {
      portMappings: [
        { containerPort: 80, hostPort: 8000 },
        { containerPort: 81, name: "tcp-81" },
      ],
    },
    upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 0 },
  });
});

it("without Calico it joins the network that is named, or each agent's bridge, behind ports of the agent", async () => {
  const app = async (tasks: Record<string, unknown>) =>
    inputsOf(await deployed(settingsOf(tasks, {}), CACHE), "cache-app")["app"];
  const container = { type: "MESOS", portMappings: [{ containerPort: 6379, hostPort: 0 }] };
  expect(await app({})).toMatchObject({ networks: [{ mode: "container", name: "calico" }], container });
  expect(await app({ network: undefined })).toMatchObject({ networks: [{ mode: "container/bridge" }], container });
});
