import type { PolicyContext } from "./context";
import { selectorOf } from "./labels";
import type { CompiledPolicy, PolicyRule, Relation } from "./model";
import { ipv4Ranges } from "./ranges";

const DNS_PORT = 53;
const METADATA = { net: "169.254.169.254/32", port: 80 };

/**
 * What every service may do, and with it the policy that puts all of them under the tier's default: ask the configured resolvers, and
 * read the cloud's metadata where the settings say so.
 */
export function compileBase({ plan, settings, tier }: PolicyContext): {
  policy: CompiledPolicy;
  relations: Relation[];
} {
  const name = `${tier}.every-service`;
  const { calico, dns } = settings.network;
  const resolvers = ipv4Ranges([...(calico?.resolvers ?? []), ...(dns === undefined ? [] : [dns.server])]);
  const granted = [
    ...(resolvers.length === 0
      ? []
      : (["UDP", "TCP"] as const).map((protocol) => ({
          protocol,
          nets: resolvers,
          port: DNS_PORT,
          why: "dns" as const,
        }))),
    ...(calico?.metadata === true
      ? [{ protocol: "TCP" as const, nets: [METADATA.net], port: METADATA.port, why: "metadata" as const }]
      : []),
  ];
  const selector = selectorOf(plan);
  const egress = granted.map(
    ({ protocol, nets, port }): PolicyRule => ({
      action: "Allow",
      protocol,
      source: { selector },
      destination: { nets, ports: [port] },
    }),
  );
  return {
    policy: {
      name,
      spec: { tier, selector, types: ["Ingress", "Egress"], ...(egress.length > 0 && { egress }) },
    },
    relations: granted.map(({ protocol, nets, port, why }) => ({
      from: { kind: "every-service" },
      to: { kind: "ranges", ranges: nets },
      port,
      protocol,
      why,
      policy: name,
    })),
  };
}
