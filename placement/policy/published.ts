import type { Port, Position } from "../../blueprint/model";
import { samePort } from "../../blueprint/port";
import { type Guarded, type PolicyContext, portsOf } from "./context";
import type { CompiledPolicy, Relation } from "./model";
import { publishedName } from "./names";
import { RULE_PROTOCOLS, rulePorts } from "./protocols";
import { ipv4Ranges } from "./ranges";

/** The policy of a service's published ports; undefined if there is none, or nobody may reach them. */
export function publishedPolicy(service: Guarded, { tier, settings }: PolicyContext): CompiledPolicy | undefined {
  const nets = ipv4Ranges(settings.network.sources);
  const ports = portsOf(service, "published");
  if (service.role !== "endpoint" || ports.length === 0 || nets.length === 0) {
    return undefined;
  }
  const { selector } = service;
  return {
    name: `${tier}.${publishedName(service.id)}`,
    spec: {
      tier,
      selector,
      types: ["Ingress"],
      ingress: rulePorts(ports).map(({ protocol, ports: numbers }) => ({
        action: "Allow",
        protocol,
        source: { nets },
        destination: { selector, ports: numbers },
      })),
    },
  };
}

/** One relation for each published port, from the ranges as the settings write them. */
export function publishedRelations(service: Guarded, { settings }: PolicyContext, policy?: string): Relation[] {
  const ranges = policy === undefined ? settings.network.sources : ipv4Ranges(settings.network.sources);
  if (ranges.length === 0) {
    return [];
  }
  return portsOf(service, "published").map((port) => ({
    from: { kind: "ranges", ranges },
    to: { kind: "service", id: service.id },
    port: port.port,
    protocol: RULE_PROTOCOLS[port.protocol],
    why: "published",
    at: publishedAt(service, port),
    ...(policy !== undefined && { policy }),
  }));
}

/** Where the blueprint publishes a port. */
export function publishedAt({ placed }: Guarded, port: Port | undefined): Position {
  const { portBindings, at } = placed.service;
  const binding = portBindings.find(
    ({ containerPort, protocol }) => port !== undefined && samePort(port, { port: containerPort, protocol }),
  );
  return binding?.at ?? at;
}
