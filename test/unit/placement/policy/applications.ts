import type { Plan } from "../../../../placement/model";
import { place } from "../../../../placement/place";
import { compilePolicy } from "../../../../placement/policy/compile";
import type { CompiledNetwork } from "../../../../placement/policy/model";
import type { Settings } from "../../../../settings/schema";
import { marathonLocation } from "../../settings/example";
import { binding, blueprint, host, REDIS, type ServiceSketch, service, settings } from "../blueprints";

export const CALICO = {
  etcd: { endpoints: ["https://192.0.2.5:2379"] },
  pool: "198.18.160.0/20",
  resolvers: ["192.0.2.53"],
};

/** Three clouds: a page on Docker that calls a task and a machine. */
export const SHOP: Record<string, ServiceSketch> = {
  page: {
    locations: ["docks"],
    portBindings: [binding(80, 5000)],
    links: ["redis", ["dnmonster", "monster"]],
  },
  monster: { locations: ["tasks"], ports: [8080, 9000], links: ["redis"] },
  redis: { locations: ["machines"], workload: REDIS },
};

/** Two Docker hosts, a Mesos cluster whose Marathon is at 192.0.2.30, an OpenStack: linked by Calico unless `network` says otherwise. */
export function network(
  change: Record<string, unknown> = {},
  { locations = {}, placement = {} }: { locations?: Record<string, unknown>; placement?: Record<string, string> } = {},
): Settings {
  return settings(
    { placement, network: { calico: CALICO, sources: ["203.0.113.0/24"], ...change } },
    {
      tasks: marathonLocation({ url: "http://192.0.2.30:8080", agents: { a1: host(21), a2: host(22) } }),
      ...locations,
    },
  );
}

/** The plan of these services; throws what placement finds wrong. */
export function planOf(services: Record<string, ServiceSketch>, of: Settings, stack = "dev"): Plan {
  const app = blueprint(Object.entries(services).map(([id, sketch]) => service(id, sketch)));
  const { plan, diagnostics } = place(app, of, stack);
  if (plan === undefined) {
    throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  }
  return plan;
}

export function compiled(services: Record<string, ServiceSketch>, of = network()): CompiledNetwork {
  return compilePolicy(planOf(services, of), of);
}
