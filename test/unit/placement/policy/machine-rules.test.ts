import { expect, test } from "vitest";
import type { Plan } from "../../../../placement/model";
import { place } from "../../../../placement/place";
import { compilePolicy } from "../../../../placement/policy/compile";
import { type Settings, settingsSchema } from "../../../../settings/schema";
import { openstackLocation } from "../../settings/example";
import { blueprint, REDIS, type ServiceSketch, service } from "../blueprints";

const HOSTS = {
  h1: { url: "tcp://198.18.0.11:2376", address: "198.18.0.11" },
  h2: { url: "tcp://198.18.0.12:2376", address: "198.18.0.12" },
};

function settings(network: Record<string, unknown> = {}): Settings {
  return settingsSchema.parse({
    blueprint: "app.yaml",
    locations: {
      cloud: openstackLocation({ sshSources: ["198.18.0.1/32", "2001:db8::/64"] }),
      docks: { type: "docker", hosts: HOSTS },
      tasks: { type: "marathon", url: "http://198.18.0.30:8080", agents: HOSTS },
    },
    network,
  });
}

function planned(services: Record<string, ServiceSketch>, of: Settings): Plan {
  const app = blueprint(Object.entries(services).map(([id, sketch]) => service(id, sketch)));
  const { plan, diagnostics } = place(app, of, "unit");
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return plan;
}

function rulesOf(id: string, services: Record<string, ServiceSketch>, of = settings()): string[] {
  return (compilePolicy(planned(services, of), of).machineRules[id]?.sources ?? []).map(
    ({ key, port, cidr, ethertype }) => `${key}: ${ethertype} ${port} ${cidr}`,
  );
}

const SSH = ["22-from-198-18-0-1-32: IPv4 22 198.18.0.1/32", "22-from-2001-db8-64: IPv6 22 2001:db8::/64"];

test("without consumers a machine accepts SSH from where Clocker runs, and nothing else", () => {
  expect(rulesOf("redis", { redis: { workload: REDIS, locations: ["cloud"] } })).toEqual(SSH);
});

test("its port is open to the hosts of its consumers, each once, and to no other", () => {
  const rules = rulesOf("redis", {
    redis: { workload: REDIS, locations: ["cloud"] },
    web: { locations: ["docks"], links: ["redis"] },
    monster: { locations: ["tasks"], links: ["redis"] },
    stranger: { locations: ["docks"] },
  });
  expect(rules).toEqual([
    ...SSH,
    "6379-from-198-18-0-11-32: IPv4 6379 198.18.0.11/32",
    "6379-from-198-18-0-12-32: IPv4 6379 198.18.0.12/32",
  ]);
});

test("a published port is open to clocker:network.sources, another one is not", () => {
  const services = { redis: { workload: REDIS, locations: ["cloud"], directPorts: [6379] } };
  expect(rulesOf("redis", services)).toEqual(SSH);
  expect(rulesOf("redis", services, settings({ sources: ["198.18.7.0/24"] }))).toEqual([
    ...SSH,
    "6379-from-198-18-7-0-24: IPv4 6379 198.18.7.0/24",
  ]);
  const unpublished = { redis: { workload: REDIS, locations: ["cloud"] } };
  expect(rulesOf("redis", unpublished, settings({ sources: ["198.18.7.0/24"] }))).toEqual(SSH);
});

test("services of one location are admitted by group: links inside the network, readers of sensors also by floating address", () => {
  const at = { file: "app.yaml", path: "x" };
  const of = settings();
  const plan = planned(
    {
      db: { workload: REDIS, locations: ["cloud"] },
      linked: { workload: REDIS, locations: ["cloud"], links: ["db"] },
      reader: {
        workload: REDIS,
        locations: ["cloud"],
        env: { HOST: { kind: "attribute", service: "db", sensor: "host.address", at } },
      },
    },
    of,
  );
  const groups = Object.entries(compilePolicy(plan, of).machineRules).map(([id, rules]) => [id, rules.groups]);
  expect(Object.fromEntries(groups)).toEqual({
    db: [
      { consumer: "linked", port: 6379, protocol: "tcp", byFloatingAddress: false },
      { consumer: "reader", port: 6379, protocol: "tcp", byFloatingAddress: true },
    ],
    linked: [],
    reader: [],
  });
});
