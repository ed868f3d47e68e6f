import type { Port } from "../../blueprint/model";
import { samePort, sortPorts } from "../../blueprint/port";
import type { Guarded, PolicyContext } from "./context";
import { labelValue, selectorOf } from "./labels";
import type { MachinePolicy, MachineRules } from "./model";
import { machineName } from "./names";
import { RULE_PROTOCOLS } from "./protocols";
import { ipv4Ranges } from "./ranges";

const MACHINE = "clocker.machine";

/**
 * What a machine accepts, as Felix enforces it there: the same as its platform lets in, for traffic reaches the machine with the addresses
 * that the platform sees. It may call everybody, as on its platform. Its host endpoint bears a label of its own, so that no policy for
 * services with an address in Calico selects it.
 */
export function compileMachinePolicy(machine: Guarded, rules: MachineRules, context: PolicyContext): MachinePolicy {
  const { tier, plan, services } = context;
  const labels = labelsOf(machine);
  const sourcesOf = (port: Port) => {
    const nets = ipv4Ranges(rules.sources.filter((rule) => samePort(rule, port)).map(({ cidr }) => cidr));
    const groups = rules.groups.filter((rule) => samePort(rule, port));
    return [
      ...(nets.length > 0 ? [{ nets }] : []),
      ...groups.flatMap(({ consumer, byFloatingAddress }) => {
        const neighbour = services.get(consumer);
        return [
          ...(neighbour === undefined ? [] : [{ selector: selectorFor(labelsOf(neighbour)) }]),
          // The consumer's network set has its floating address.
          ...(byFloatingAddress ? [{ selector: selectorOf(plan, [consumer]) }] : []),
        ];
      }),
    ];
  };
  const ingress = sortPorts([...rules.sources, ...rules.groups]).flatMap((port) =>
    sourcesOf(port).map((source) => ({
      action: "Allow" as const,
      protocol: RULE_PROTOCOLS[port.protocol],
      source,
      destination: { ports: [port.port] },
    })),
  );
  return {
    name: `${tier}.${machineName(machine.id)}`,
    labels,
    spec: {
      tier,
      selector: selectorFor(labels),
      types: ["Ingress", "Egress"],
      ...(ingress.length > 0 && { ingress }),
      egress: [{ action: "Allow" }],
    },
  };
}

function labelsOf({ placed }: Guarded): Readonly<Record<string, string>> {
  return { [MACHINE]: labelValue(placed.physicalName) };
}

function selectorFor(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key} == '${value}'`)
    .join(" && ");
}
