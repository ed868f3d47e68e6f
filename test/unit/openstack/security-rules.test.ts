import { expect, test } from "vitest";
import { peersOf, sourceRules } from "../../../components/openstack/security-rules";
import type { Plan } from "../../../placement/model";
import { place } from "../../../placement/place";
import type { OpenStackLocation, Settings } from "../../../settings/schema";
import { settingsSchema } from "../../../settings/schema";
import { blueprint, REDIS, type ServiceSketch, service } from "../placement/blueprints";
import { openstackLocation } from "../settings/example";

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
  const plan = planned(services, of);
  const placed = plan.services.find((candidate) => candidate.service.id === id);
  if (placed === undefined) throw new Error(`no service ${id}`);
  return sourceRules(placed, plan, of, of.locations["cloud"] as OpenStackLocation).map(
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
    settings(),
  );
  const peers = plan.services.map((placed) => [
    placed.service.id,
    peersOf(placed, plan).map(({ target, byFloatingAddress }) => [target.service.id, byFloatingAddress]),
  ]);
  expect(Object.fromEntries(peers)).toEqual({ db: [], linked: [["db", false]], reader: [["db", true]] });
});
