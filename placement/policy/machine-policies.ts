import type { Guarded, PolicyContext } from "./context";
import { labelValue, selectorOf } from "./labels";
import type { MachinePolicy, MachineRules } from "./model";
import { machineName } from "./names";
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
  const ports = [...new Set([...rules.sources, ...rules.groups].map(({ port }) => port))].sort((a, b) => a - b);
  const sourcesOf = (port: number) => {
    const nets = ipv4Ranges(rules.sources.filter((rule) => rule.port === port).map(({ cidr }) => cidr));
    const groups = rules.groups.filter((rule) => rule.port === port);
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
  const ingress = ports.flatMap((port) =>
    sourcesOf(port).map((source) => ({
      action: "Allow" as const,
      protocol: "TCP" as const,
      source,
      destination: { ports: [port] },
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
