import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { Blueprint } from "../../../blueprint/model";
import { parseBlueprint } from "../../../blueprint/parse";
import { Application } from "../../../components/application";
import type { Plan } from "../../../placement/model";
import { place } from "../../../placement/place";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { applicationArgs } from "./application-args";
import { backendsOf } from "./forwarder-backends";
import { inputsOf, recordResources } from "./recorder";

const HOST_A = { url: "tcp://198.18.0.11:2376", address: "198.18.0.11" };
const HOST_B = { url: "tcp://198.18.0.12:2376", address: "198.18.0.12" };

const SETTINGS: Settings = settingsSchema.parse({
  blueprint: "unit.yaml",
  locations: {
    "my-docker": { type: "docker", hosts: { "host-a": HOST_A, "host-b": HOST_B } },
    "my-mesos": { type: "marathon", url: "http://198.18.0.30:8080", agents: { "agent-1": HOST_A, "agent-2": HOST_B } },
  },
});

function planned(services: string, settings: Settings = SETTINGS): { blueprint: Blueprint; plan: Plan } {
  const { blueprint, diagnostics } = parseBlueprint(`id: app\nservices:\n${services}`, "unit.yaml");
  expect(diagnostics).toEqual([]);
  const placed = blueprint && place(blueprint, settings, "unit");
  expect(placed?.diagnostics).toEqual([]);
  if (blueprint === undefined || placed?.plan === undefined) {
    throw new Error("no plan");
  }
  return { blueprint, plan: placed.plan };
}

function deploy(
  services: string,
  settings: Settings = SETTINGS,
  outputs: Record<string, Record<string, unknown>> = {},
) {
  const { blueprint, plan } = planned(services, settings);
  return recordResources(() => {
    new Application("app", applicationArgs(blueprint, settings, plan));
  }, outputs);
}

/** What of the application's address the stack exports: nothing, or one that a browser takes. */
async function exportedUrl(service: string): Promise<string | undefined> {
  const { blueprint, plan } = planned(service);
  let url: Application["url"];
  await recordResources(() => {
    ({ url } = new Application("app", applicationArgs(blueprint, SETTINGS, plan)));
  });
  return url && new Promise((resolve) => url?.apply(resolve));
}

test("an application has an address where it publishes a port, and no empty one where it does not", async () => {
  expect(await exportedUrl('- {type: "docker:web:1", id: web, location: my-docker, portBindings: {80: 9090}}')).toBe(
    "http://198.18.0.11/",
  );
  expect(await exportedUrl('- {type: "docker:web:1", id: web, location: my-docker, openPorts: 9090}')).toBeUndefined();
});

test("an application tells its outputs, and those that are secret as secrets", async () => {
  const { blueprint, plan } = planned(`
- {type: "docker:web:1", id: web, location: my-docker, portBindings: {80: 9090}}
outputs:
  url: '$brooklyn:component("web").attributeWhenReady("main.uri")'
  all: {token: '$brooklyn:external("shop", "token")', list: [1, {a: b}]}
`);
  const settings = settingsSchema.parse({ ...SETTINGS, secrets: { shop: { token: "hidden" } } });
  let outputs: Application["outputs"];
  await recordResources(() => {
    ({ outputs } = new Application("app", applicationArgs(blueprint, settings, plan)));
  });
  const told = pulumi.output(outputs);
  expect(await pulumi.isSecret(told)).toBe(true);
  const known = await new Promise((resolve) => told.apply(resolve));
  expect(known).toEqual({ url: "http://198.18.0.11/", all: { token: "hidden", list: [1, { a: "b" }] } });
  expect(await pulumi.isSecret(pulumi.output(outputs?.["url"]))).toBe(false);
});

test("services on one Docker host share a network where each answers under its id, and nothing else is published", async () => {
  const made = await deploy(`
- {type: "docker:redis:3", id: redis, location: my-docker, openPorts: 6379}
- {type: "docker:web:1", id: web, location: my-docker, portBindings: {80: 9090}, links: ['$brooklyn:component("redis")']}
`);
  expect(
    made.filter(({ type }) => type === "docker:index/network:Network").map(({ inputs }) => inputs["name"]),
  ).toEqual(["app-unit"]);
  const redis = inputsOf(made, "redis-container");
  expect(redis).toMatchObject({
    name: "app-unit-redis",
    networksAdvanced: [{ name: "app-unit", aliases: ["redis"] }],
    ports: [],
    labels: [
      { label: "clocker.application", value: "app" },
      { label: "clocker.service", value: "redis" },
      { label: "clocker.stack", value: "unit" },
    ],
  });
  expect(redis).not.toHaveProperty("privileged");
  const web = inputsOf(made, "web-container");
  expect(web["ports"]).toEqual([{ internal: 9090, external: 80, ip: "198.18.0.11", protocol: "tcp" }]);
  expect(web["envs"]).toEqual([
    "REDIS_NAME=/app-unit-web/redis",
    "REDIS_PORT=tcp://redis:6379",
    "REDIS_PORT_6379_TCP=tcp://redis:6379",
    "REDIS_PORT_6379_TCP_ADDR=redis",
    "REDIS_PORT_6379_TCP_PORT=6379",
    "REDIS_PORT_6379_TCP_PROTO=tcp",
  ]);
});

test("a target on another Docker host is reached through a forwarder with every port under one name", async () => {
  const settings = { ...SETTINGS, placement: { redis: "my-docker/host-b" } };
  const made = await deploy(
    `
- {type: "docker:redis:3", id: redis, location: my-docker, openPorts: [6379, 6380]}
- {type: "docker:web:1", id: web, location: my-docker, links: {cache: '$brooklyn:component("redis")'}}
`,
    settings,
  );
  const published = inputsOf(made, "redis-container")["ports"] as { internal: number; external: number; ip: string }[];
  expect(published.map(({ internal, ip }) => [internal, ip])).toEqual([
    [6379, "198.18.0.12"],
    [6380, "198.18.0.12"],
  ]);
  const forwarder = inputsOf(made, "my-docker-host-a-app-unit-to-cache");
  expect(forwarder).toMatchObject({ networksAdvanced: [{ name: "app-unit", aliases: ["cache"] }] });
  expect(backendsOf(forwarder)).toEqual([
    "port-6379",
    `198.18.0.12:${published[0]?.external}`,
    "port-6380",
    `198.18.0.12:${published[1]?.external}`,
  ]);
});

test("a task that links behind another port joins a network of its own with a forwarder on every agent", async () => {
  const made = await deploy(`
- {type: "docker:redis:3", id: redis, location: my-docker, openPorts: 6379}
- {type: "docker:web:1", id: web, location: my-mesos, openPorts: 8080, links: ['$brooklyn:component("redis")']}
`);
  expect(inputsOf(made, "web-app")).toMatchObject({
    location: "my-mesos",
    appId: "/clocker/app-unit/web",
    app: {
      networks: [{ mode: "container", name: "app-unit-web" }],
      container: {
        type: "DOCKER",
        docker: { image: "web:1", privileged: false, parameters: [] },
        portMappings: [{ containerPort: 8080, hostPort: 0, protocol: "tcp", name: "tcp-8080" }],
      },
      healthChecks: [{ protocol: "MESOS_TCP", portIndex: 0 }],
    },
  });
  const forwarders = made.filter(({ name }) => name.endsWith("-to-redis"));
  expect(forwarders.map(({ name }) => name)).toEqual([
    "my-mesos-agent-1-app-unit-web-to-redis",
    "my-mesos-agent-2-app-unit-web-to-redis",
  ]);
});

test("a task's port is forwarded for a container, at the agent's address that the location knows", async () => {
  const made = await deploy(
    `
- {type: "docker:monster:1", id: monster, location: my-mesos, openPorts: 8080}
- {type: "docker:web:1", id: web, location: my-docker, links: ['$brooklyn:component("monster")']}
`,
    SETTINGS,
    {
      "monster-app": {
        endpoints: [{ address: "agent-2", port: 31007, servicePort: 8080, protocol: "tcp" }],
        tasks: [{ id: "t", host: "agent-2", ports: [31007], ipAddresses: [] }],
      },
    },
  );
  expect(backendsOf(inputsOf(made, "my-docker-host-a-app-unit-to-monster"))).toEqual([
    "port-8080",
    "198.18.0.12:31007",
  ]);
});

test("expressions reach the process: literals, configuration, formatted text, another service's sensor", async () => {
  const made = await deploy(`
- {type: "docker:redis:3", id: redis, location: my-docker, portBindings: {7000: 6379}}
- type: docker:web:1
  id: web
  location: my-docker
  brooklyn.config: {mode: quiet}
  env:
    MODE: '$brooklyn:config("mode")'
    GREETING: '$brooklyn:formatString("%s at %d", "web", 5)'
    REDIS_AT: '$brooklyn:component("redis").attributeWhenReady("mapped.docker.port.6379")'
`);
  expect(inputsOf(made, "web-container")["envs"]).toEqual([
    "GREETING=web at 5",
    "MODE=quiet",
    "REDIS_AT=198.18.0.11:7000",
  ]);
});

test("a sensor that a service does not have is named with those it has", () => {
  const { blueprint, plan } = planned(`
- {type: "docker:redis:3", id: redis, location: my-docker, openPorts: 6379}
- {type: "docker:web:1", id: web, location: my-docker, env: {A: '$brooklyn:component("redis").attributeWhenReady("no.such")'}}
`);
  expect(() => new Application("app", applicationArgs(blueprint, SETTINGS, plan))).toThrow(
    /unit\.yaml:5:\d+: service 'redis' has no sensor 'no\.such'.*service\.isUp/,
  );
});
