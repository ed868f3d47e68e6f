import { describe, expect, it } from "vitest";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { deployed } from "./deployed";
import { backendsOf } from "./forwarder-backends";
import { inputsOf } from "./recorder";

const host = (last: number) => ({ url: `ssh://deploy@198.18.0.${last}`, address: `198.18.0.${last}` });
const IMAGES = { felixImage: "felix:1", driverImage: "driver:1" };
const CALICO = { calico: { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool: "198.18.160.0/20", ...IMAGES } };

function settingsOf(network: Record<string, unknown> = {}): Settings {
  return settingsSchema.parse({
    blueprint: "unit.yaml",
    locations: {
      docks: { type: "docker", hosts: { "host-a": host(11) } },
      tasks: {
        type: "marathon",
        url: "http://198.18.0.30:8080",
        agents: { "agent-1": host(21), "agent-2": host(22), "agent-3": host(23) },
      },
    },
    network,
    secrets: { vault: { token: "s3cret" } },
  });
}

const STORE = '- {type: "docker:redis:3", id: store, location: tasks, instances: 3, openPorts: 6379}';
const READER = `- {type: "docker:web:1", id: reader, location: docks, links: ['$brooklyn:component("store")']}`;

/** What the provider tells of three tasks. */
const tasks = [1, 2, 3].map((number) => ({
  id: `task-${number}`,
  host: `agent-${number}`,
  ports: [31000 + number],
  ipAddresses: [`198.18.160.${number}`],
  healthy: number !== 2,
}));
const endpoints = tasks
  .filter(({ healthy }) => healthy)
  .map(({ host: address, ports: [port] }) => ({ address, port, servicePort: 6379, protocol: "tcp" }));
const RUNNING = { "store-app": { tasks, endpoints, healthy: false } };

const appOf = (made: Awaited<ReturnType<typeof deployed>>, name = "store-app") =>
  inputsOf(made, name)["app"] as Record<string, unknown>;

describe("a link to a service with three instances", () => {
  it("is a forwarder to those that are healthy, at the addresses of their agents", async () => {
    const made = await deployed(settingsOf(), `${STORE}\n${READER}`, RUNNING);
    expect(appOf(made)["instances"]).toBe(3);
    expect(backendsOf(inputsOf(made, "docks-host-a-app-unit-to-store"))).toEqual([
      "port-6379",
      "198.18.0.21:31001",
      "198.18.0.23:31003",
    ]);
  });

  it("is one in a task's own network too, on every agent", async () => {
    const task = READER.replace("location: docks", "location: tasks");
    const made = await deployed(settingsOf(), `${STORE}\n${task}`, RUNNING);
    for (const agent of [1, 2, 3]) {
      expect(backendsOf(inputsOf(made, `tasks-agent-${agent}-app-unit-reader-to-store`))).toHaveLength(3);
    }
  });

  it("is a forwarder also where each has the service's own port", async () => {
    const direct = STORE.replace("openPorts", "directPorts");
    const own = { ...RUNNING["store-app"], endpoints: endpoints.map((one) => ({ ...one, port: 6379 })) };
    const made = await deployed(settingsOf(), `${direct}\n${READER}`, { "store-app": own });
    expect(inputsOf(made, "reader-container")["hosts"]).toEqual([]);
    expect(backendsOf(inputsOf(made, "docks-host-a-app-unit-to-store"))).toEqual([
      "port-6379",
      "198.18.0.21:6379",
      "198.18.0.23:6379",
    ]);
  });

  it("in Calico is a hosts entry for the own address of each that is healthy, in containers and in tasks", async () => {
    const task = READER.replace("location: docks", "location: tasks").replace("id: reader", "id: other");
    const made = await deployed(settingsOf(CALICO), `${STORE}\n${READER}\n${task}`, RUNNING);
    expect(inputsOf(made, "reader-container")["hosts"]).toEqual([
      { host: "store", ip: "198.18.160.1" },
      { host: "store", ip: "198.18.160.3" },
    ]);
    expect(appOf(made, "other-app")).toMatchObject({
      container: {
        docker: {
          parameters: [
            { key: "add-host", value: "store:198.18.160.1" },
            { key: "add-host", value: "store:198.18.160.3" },
          ],
        },
      },
    });
  });
});

describe("the sensors of a service on Marathon", () => {
  const reading = (sensor: string) =>
    `- {type: "docker:web:1", id: reader, location: docks, env: {SEEN: '$brooklyn:component("store").attributeWhenReady("${sensor}")'}}`;

  it.each([
    ["service.isUp", "true"],
    ["service.state", "ON_FIRE"],
    ["marathon.tasks.running", "3"],
    ["marathon.tasks.healthy", "2"],
    ["host.name", "agent-1"],
    ["host.address", "198.18.0.21"],
    [
      "marathon.tasks",
      JSON.stringify(
        tasks.map(({ id, host: name, ports, ipAddresses, healthy }) => ({
          id,
          host: name,
          address: `198.18.0.2${name.slice(-1)}`,
          ports,
          ipAddresses,
          healthy,
        })),
      ),
    ],
  ])("%s tells how its tasks are", async (sensor, value) => {
    const made = await deployed(settingsOf(), `${STORE}\n${reading(sensor)}`, RUNNING);
    expect(inputsOf(made, "reader-container")["envs"]).toEqual([`SEEN=${value}`]);
  });
});

it("its state is the same for consumers in Calico, who reach its first healthy task itself", async () => {
  const reader = `- {type: "docker:web:1", id: reader, location: docks, env: {S: '$brooklyn:component("store").attributeWhenReady("service.state")', A: '$brooklyn:component("store").attributeWhenReady("host.address")'}}`;
  const made = await deployed(settingsOf(CALICO), `${STORE}\n${reader}`, RUNNING);
  expect(inputsOf(made, "reader-container")["envs"]).toEqual(["A=198.18.160.1", "S=ON_FIRE"]);
});

describe("instances with a fixed host port", () => {
  it("go to different agents, and all but one stay while they are changed", async () => {
    const made = await deployed(settingsOf(), STORE.replace("openPorts", "directPorts"));
    expect(appOf(made)).toMatchObject({
      constraints: [["hostname", "UNIQUE"]],
      upgradeStrategy: { minimumHealthCapacity: 0.66, maximumOverCapacity: 0 },
    });
  });

  it.each([
    [
      "[[rack, LIKE, r1]]",
      [
        ["rack", "LIKE", "r1"],
        ["hostname", "UNIQUE"],
      ],
    ],
    ['[["@hostname", UNIQUE]]', [["@hostname", "UNIQUE"]]],
  ])("keep the constraints of marathon.app: %s", async (given, expected) => {
    const store = STORE.replace("openPorts", `marathon.app: {constraints: ${given}}, directPorts`);
    expect(appOf(await deployed(settingsOf(), store))["constraints"]).toEqual(expected);
  });
});

describe("marathon.app", () => {
  const service = (app: string, more = "") =>
    `- {type: "docker:redis:3", id: store, location: tasks, openPorts: 6379, env: {A: own, B: own}, volumes: [/data], ${more} marathon.app: ${app}}`;

  it("replaces what is derived, and null takes it away", async () => {
    const app = appOf(
      await deployed(
        settingsOf(),
        service("{cpus: 1.0, upgradeStrategy: {minimumHealthCapacity: 0.5}, healthChecks: , fetch: [{uri: /a}]}"),
      ),
    );
    expect(app).toMatchObject({ cpus: 1, upgradeStrategy: { minimumHealthCapacity: 0.5 }, fetch: [{ uri: "/a" }] });
    expect(app["upgradeStrategy"]).not.toHaveProperty("maximumOverCapacity");
    expect(app).not.toHaveProperty("healthChecks");
  });

  it("adds to environment, labels, volumes and parameters", async () => {
    const app = appOf(
      await deployed(
        settingsOf(),
        service(
          "{env: {B: {secret: pw}}, secrets: {pw: {source: /pw}}, labels: {team: shop}, container: {volumes: [{containerPath: p, mode: RW, persistent: {size: 10}}], docker: {forcePullImage: true, parameters: [{key: shm-size, value: 1g}]}}}",
          "containerName: cache,",
        ),
      ),
    );
    expect(app).toMatchObject({
      env: { A: "own", B: { secret: "pw" } },
      labels: { team: "shop", "clocker.service": "store", "clocker.stack": "unit" },
      container: {
        volumes: [
          { hostPath: "/data", containerPath: "/data", mode: "RW" },
          { containerPath: "p", mode: "RW", persistent: { size: 10 } },
        ],
        docker: {
          image: "redis:3",
          forcePullImage: true,
          parameters: [
            { key: "hostname", value: "cache" },
            { key: "shm-size", value: "1g" },
          ],
        },
        portMappings: [{ containerPort: 6379 }],
      },
    });
  });

  it("may hold expressions, whose services start before", async () => {
    const made = await deployed(
      settingsOf(),
      `${service(`{labels: {seen: '$brooklyn:formatString("%s!", component("web").attributeWhenReady("host.name"))'}, env: {T: '$brooklyn:external("vault", "token")'}}`)}
- {type: "docker:web:1", id: web, location: docks}`,
    );
    // A secret anywhere makes the whole definition one.
    expect(appOf(made)).toMatchObject({ value: { labels: { seen: "host-a!" }, env: { T: "s3cret" } } });
    expect(made.find(({ name }) => name === "store-app")?.dependencies).toContain("web-ready");
  });
});
