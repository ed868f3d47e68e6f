import type { Port, Position } from "../../blueprint/model";
import { type Guarded, type PolicyContext, portsOf } from "./context";
import { selectorOf } from "./labels";
import type { CompiledPolicy, EntityRule, PolicyRule, Relation } from "./model";
import { linkName } from "./names";
import { RULE_PROTOCOLS, rulePorts } from "./protocols";
import { ipv4Ranges } from "./ranges";

/** A service that may connect to another one, at all of its ports. */
export interface Connection {
  readonly consumer: Guarded;
  readonly provider: Guarded;
  readonly ports: readonly Port[];
  readonly why: "link" | "sensor";
  readonly at: Position;
}

/** Who of the application may connect to a service, by the consumer's id. */
export function connectionsTo(provider: Guarded, { services }: PolicyContext): Connection[] {
  const ports = portsOf(provider);
  return provider.placed.consumers.flatMap((id): Connection[] => {
    const consumer = services.get(id);
    if (consumer === undefined || consumer === provider || ports.length === 0) {
      return [];
    }
    const link = consumer.links.get(provider.id);
    return [{ consumer, provider, ports, why: link ? "link" : "sensor", at: link?.at ?? consumer.placed.service.at }];
  });
}

/** One relation for each port. */
export function connectionRelations({ consumer, provider, ports, why, at }: Connection, policy?: string): Relation[] {
  return ports.map(({ port, protocol }) => ({
    from: { kind: "service", id: consumer.id },
    to: { kind: "service", id: provider.id },
    port,
    protocol: RULE_PROTOCOLS[protocol],
    why,
    at,
    ...(policy !== undefined && { policy }),
  }));
}

/** The policy of a connection; undefined if neither end is Calico's. */
export function connectionPolicy({ consumer, provider, ports }: Connection, { plan, tier }: PolicyContext) {
  const selected = [consumer, provider].filter(({ role }) => role === "endpoint");
  const [only] = selected;
  if (only === undefined) {
    return undefined;
  }
  const allow = (source: EntityRule): PolicyRule[] =>
    rulePorts(ports).map(({ protocol, ports: numbers }) => ({
      action: "Allow",
      protocol,
      source,
      destination: { selector: provider.selector, ports: numbers },
    }));
  const between = allow({ selector: consumer.selector });
  const ingress = provider.role === "endpoint" ? [...between, ...outsideSources(consumer).flatMap(allow)] : [];
  const egress = consumer.role === "endpoint" ? between : [];
  const policy: CompiledPolicy = {
    name: `${tier}.${linkName(provider.id, consumer.id)}`,
    spec: {
      tier,
      selector:
        selected.length === 1
          ? only.selector
          : selectorOf(
              plan,
              selected.map(({ id }) => id),
            ),
      types: [
        ...(ingress.length > 0 ? (["Ingress"] as const) : []),
        ...(egress.length > 0 ? (["Egress"] as const) : []),
      ],
      ...(ingress.length > 0 && { ingress }),
      ...(egress.length > 0 && { egress }),
    },
  };
  return policy;
}

/** A location may say that traffic of its machines does not come from their own addresses. */
function outsideSources({ role, location }: Guarded): EntityRule[] {
  const nets = role === "set" ? ipv4Ranges(location.sources ?? []) : [];
  return nets.length > 0 ? [{ nets }] : [];
}
