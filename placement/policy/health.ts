import type { Structure } from "../../blueprint/model";
import { numbersOf } from "../../blueprint/port";
import { type Guarded, type PolicyContext, portsOf } from "./context";
import { selectorOf } from "./labels";
import type { CompiledPolicy, Relation } from "./model";
import { ipv4Ranges } from "./ranges";

interface Check {
  readonly service: Guarded;
  readonly nets: readonly string[];
  readonly port: number;
}

/** What the platforms' health checks reach, with the one policy for all of them; no policy if nothing is checked over the network. */
export function compileHealth(context: PolicyContext): { policy?: CompiledPolicy; relations: Relation[] } {
  const { plan, services, tier } = context;
  const checks = [...services.values()].flatMap(checksOf);
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

function checksOf(service: Guarded): Check[] {
  const nets = ipv4Ranges(service.traits.healthSources(service.location) ?? []);
  if (service.role !== "endpoint" || nets.length === 0) return [];
  return checkedPorts(service).map((port) => ({ service, nets, port }));
}

/** The first port of TCP, which come first, unless the service has checks of its own. */
function checkedPorts(service: Guarded): readonly number[] {
  const ports = numbersOf(portsOf(service), "tcp");
  const given = service.placed.service.marathonApp?.["healthChecks"];
  if (given === undefined) return ports.slice(0, 1);
  const checks = given.kind === "list" ? given.items : [];
  return [...new Set(checks.flatMap((check) => checkedBy(check, ports)))].sort((a, b) => a - b);
}

/** All ports where the check leaves open which one it is. */
function checkedBy(check: Structure, ports: readonly number[]): readonly number[] {
  if (check.kind !== "map") return ports;
  const { protocol, port, portIndex } = check.entries;
  if (protocol?.kind === "literal" && protocol.value === "COMMAND") return [];
  if (port !== undefined) return port.kind === "literal" ? ports.filter((one) => one === port.value) : ports;
  if (portIndex === undefined) return ports.slice(0, 1);
  return portIndex.kind === "literal" ? ports.filter((_, index) => index === portIndex.value) : ports;
}
