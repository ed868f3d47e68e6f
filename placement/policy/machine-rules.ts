import type { Port } from "../../blueprint/model";
import { comparePorts, portText, tcpPort } from "../../blueprint/port";
import { sourcesOf } from "../sources";
import type { Connection } from "./connections";
import { type Guarded, type PolicyContext, portsOf } from "./context";
import type { GroupRule, MachineRules, SourceRule } from "./model";

const SSH = tcpPort(22);

/**
 * All that a machine accepts: SSH from where Clocker runs, each own port from where its consumers' traffic comes from, published ports
 * from `clocker:network.sources`. Consumers of the same location are admitted by group.
 */
export function compileMachineRules(
  machine: Guarded,
  connections: readonly Connection[],
  { settings }: PolicyContext,
): MachineRules {
  const isNeighbour = ({ consumer }: Connection) => consumer.placed.location === machine.placed.location;
  const rules = [
    ...machine.traits.loginSources(machine.location).map((cidr) => sourceRule(SSH, cidr)),
    ...connections
      .filter((connection) => !isNeighbour(connection))
      .flatMap(({ consumer, ports }) => crossed(ports, sourcesOf(consumer.placed, settings))),
    ...crossed(portsOf(machine, "published"), settings.network.sources),
  ];
  const byKey = new Map(rules.map((rule) => [rule.key, rule]));
  return {
    sources: [...byKey.values()].sort((a, b) => comparePorts(a, b) || (a.cidr < b.cidr ? -1 : 1)),
    groups: connections.filter(isNeighbour).flatMap(groupRules),
  };
}

function groupRules({ consumer, ports, why }: Connection): GroupRule[] {
  return ports.map((port) => ({ ...port, consumer: consumer.id, byFloatingAddress: why === "sensor" }));
}

function crossed(ports: readonly Port[], ranges: readonly string[]): SourceRule[] {
  return ports.flatMap((port) => ranges.map((cidr) => sourceRule(port, cidr)));
}

function sourceRule(port: Port, cidr: string): SourceRule {
  const slug = cidr.replace(/[^0-9a-f]+/gi, "-").replace(/^-|-$/g, "");
  return {
    ...port,
    key: `${portText(port).replace("/", "-")}-from-${slug}`,
    cidr,
    ethertype: cidr.includes(":") ? "IPv6" : "IPv4",
  };
}
