import type { Port } from "../../blueprint/model";
import { numbersOf } from "../../blueprint/port";

/** A protocol as Calico's rules name it. */
export type RuleProtocol = "TCP" | "UDP";

export const RULE_PROTOCOLS = { tcp: "TCP", udp: "UDP" } as const satisfies Record<Port["protocol"], RuleProtocol>;

/** What rules that let these ports through say of them: one entry for each protocol that has any. */
export function rulePorts(
  ports: readonly Port[],
): { readonly protocol: RuleProtocol; readonly ports: readonly number[] }[] {
  return (["tcp", "udp"] as const)
    .map((protocol) => ({ protocol: RULE_PROTOCOLS[protocol], ports: numbersOf(ports, protocol) }))
    .filter(({ ports: numbers }) => numbers.length > 0);
}
