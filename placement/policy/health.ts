import { type Guarded, type PolicyContext, portsOf } from "./context";
import { selectorOf } from "./labels";
import type { CompiledPolicy, Relation } from "./model";
import { ipv4Ranges } from "./ranges";

interface Check {
  readonly service: Guarded;
  readonly nets: readonly string[];
  /** The first of its ports: that is the one which is checked. */
  readonly port: number;
}

/** What the platforms' health checks reach, with the one policy for all of them; no policy if nothing is checked over the network. */
export function compileHealth(context: PolicyContext): { policy?: CompiledPolicy; relations: Relation[] } {
  const { plan, services, tier } = context;
  const checks = [...services.values()].flatMap(checkOf);
  if (checks.length === 0) {
    return { relations: [] };
  }
  const name = `${tier}.health`;
  const groups = groupAlike(checks);
  const select = (some: readonly Check[]) =>
    selectorOf(
      plan,
      some.map(({ service }) => service.id),
    );
  return {
    policy: {
      name,
      spec: {
        tier,
        selector: select(checks),
        types: ["Ingress"],
        ingress: groups.map(({ nets, port, members }) => ({
          action: "Allow",
          protocol: "TCP",
          source: { nets },
          destination: { selector: select(members), ports: [port] },
        })),
      },
    },
    relations: checks.map(({ service, nets, port }) => ({
      from: { kind: "ranges", ranges: nets },
      to: { kind: "service", id: service.id },
      port,
      protocol: "TCP",
      why: "health",
      at: service.placed.service.at,
      policy: name,
    })),
  };
}

/** Checks from the same ranges to the same port need one rule. */
function groupAlike(checks: readonly Check[]): (Omit<Check, "service"> & { readonly members: Check[] })[] {
  const groups = new Map<string, Omit<Check, "service"> & { readonly members: Check[] }>();
  for (const check of checks) {
    const { nets, port } = check;
    const key = `${nets.join(" ")} ${String(port).padStart(5, "0")}`;
    const group = groups.get(key) ?? { nets, port, members: [] };
    group.members.push(check);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function checkOf(service: Guarded): Check[] {
  const nets = ipv4Ranges(service.traits.healthSources(service.location) ?? []);
  const [port] = portsOf(service);
  return service.role === "endpoint" && nets.length > 0 && port !== undefined ? [{ service, nets, port }] : [];
}
