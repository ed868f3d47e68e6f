import type { PlacedService, Plan } from "../../placement/model";
import { sourcesOf } from "../../placement/sources";
import type { OpenStackLocation, Settings } from "../../settings/schema";

/** TCP traffic that a machine accepts from an address range. */
export interface SourceRule {
  /** Part of a resource's name, the same as long as port and range are. */
  readonly key: string;
  readonly port: number;
  readonly cidr: string;
  readonly ethertype: "IPv4" | "IPv6";
}

/** A service in the same location that a machine connects to. */
export interface Peer {
  readonly target: PlacedService;
  /** True if it may use the target's floating address, read from a sensor; links use the address in the common network. */
  readonly byFloatingAddress: boolean;
}

const SSH_PORT = 22;

/**
 * All that a machine accepts from outside its location: SSH from where Clocker runs, each own port from where its consumers are, published
 * ports from `clocker:network.sources`. Services of the same location are admitted by group, see `peersOf`.
 */
export function sourceRules(
  placed: PlacedService,
  plan: Plan,
  settings: Settings,
  location: OpenStackLocation,
): SourceRule[] {
  const elsewhere = plan.services.filter(
    (other) => placed.consumers.includes(other.service.id) && other.location !== placed.location,
  );
  const consumers = elsewhere.flatMap((consumer) => sourcesOf(consumer, settings));
  const rules = [
    ...location.sshSources.map((cidr) => rule(SSH_PORT, cidr)),
    ...placed.ports.flatMap(({ port, published }) =>
      [...consumers, ...(published ? settings.network.sources : [])].map((cidr) => rule(port, cidr)),
    ),
  ];
  const byKey = new Map(rules.map((one) => [one.key, one]));
  return [...byKey.values()].sort((a, b) => a.port - b.port || (a.cidr < b.cidr ? -1 : 1));
}

/** The services of the same location that this one links to or reads, in starting order. */
export function peersOf(placed: PlacedService, plan: Plan): Peer[] {
  return plan.services
    .filter((other) => other.location === placed.location && other.consumers.includes(placed.service.id))
    .map((target) => ({
      target,
      byFloatingAddress: !placed.links.some((link) => link.target === target.service.id),
    }));
}

function rule(port: number, cidr: string): SourceRule {
  const slug = cidr.replace(/[^0-9a-f]+/gi, "-").replace(/^-|-$/g, "");
  return { key: `${port}-from-${slug}`, port, cidr, ethertype: cidr.includes(":") ? "IPv6" : "IPv4" };
}
