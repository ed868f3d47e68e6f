import { BlockList, isIPv4 } from "node:net";
import type { Port } from "../../../../blueprint/model";
import type { CompiledNetwork, EntityRule } from "../../../../placement/policy/model";

/**
 * What Calico does with the compiled policies, and a cloud with the rules of its machines, written for the tests alone: it shares nothing
 * with the compiler but the shape of its result.
 */

type Labels = Readonly<Record<string, string>>;

/** A process in the network: with `endpoint`, behind policies; `address` is what others see of it. */
export interface Peer {
  readonly address: string;
  readonly labels?: Labels;
  readonly endpoint: boolean;
}

export interface Packet {
  readonly from: Peer;
  readonly to: Peer;
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

/** `key == 'value'` and `key in {'a', 'b'}`, joined by `&&`: anything else is not what these policies may use. */
export function selects(selector: string, labels: Labels): boolean {
  return selector.split(" && ").every((term) => {
    const equal = /^([\w.]+) == '([^']*)'$/.exec(term);
    if (equal !== null) {
      return labels[equal[1] ?? ""] === equal[2];
    }
    const member = /^([\w.]+) in \{('[^']*'(?:, '[^']*')*)\}$/.exec(term);
    if (member === null) {
      throw new Error(`not a selector of ours: ${term}`);
    }
    return (member[2] ?? "").split(", ").includes(`'${labels[member[1] ?? ""]}'`);
  });
}

/** True if an IPv4 address lies in a range of either family, whatever its host bits. */
export function contains(range: string, address: string): boolean {
  const [base = "", length = ""] = range.split("/");
  const list = new BlockList();
  list.addSubnet(base, Number(length), isIPv4(base) ? "ipv4" : "ipv6");
  return list.check(address, "ipv4");
}

/** The same for a rule of Calico, which takes only IPv4 ranges here, written with their first address. */
function containsStrictly(net: string, address: string): boolean {
  const [base = "", length = ""] = net.split("/");
  const bits = base.split(".").map((part) => Number(part).toString(2).padStart(8, "0"));
  if (!isIPv4(base) || bits.join("").slice(Number(length)).includes("1")) {
    throw new Error(`not a range that Calico takes: ${net}`);
  }
  return contains(net, address);
}

function matches(rule: EntityRule, peer: Peer, port?: number): boolean {
  return (
    (rule.selector === undefined || (peer.labels !== undefined && selects(rule.selector, peer.labels))) &&
    (rule.nets === undefined || rule.nets.some((net) => containsStrictly(net, peer.address))) &&
    (rule.ports === undefined || (port !== undefined && rule.ports.includes(port)))
  );
}

/** Both directions of one tier; an endpoint that no policy selects has no profile either, and is cut off. */
export function passesPolicies({ policies }: CompiledNetwork, { from, to, protocol, port }: Packet): boolean {
  const passes = (direction: "Ingress" | "Egress", subject: Peer): boolean =>
    !subject.endpoint ||
    policies
      .filter(({ spec }) => spec.types.includes(direction) && selects(spec.selector, subject.labels ?? {}))
      .flatMap(({ spec }) => (direction === "Ingress" ? spec.ingress : spec.egress) ?? [])
      .some((rule) => rule.protocol === protocol && matches(rule.source, from) && matches(rule.destination, to, port));
  return passes("Egress", from) && passes("Ingress", to);
}

/** Whether a machine's own cloud lets in what goes to that port: from one of these addresses, or from a machine of the same location. */
export function passesCloud(
  { machineRules }: CompiledNetwork,
  machine: string,
  { port, protocol }: Port,
  { addresses, neighbour }: { readonly addresses: readonly string[]; readonly neighbour?: string },
): boolean {
  const rules = machineRules[machine];
  if (rules === undefined) {
    throw new Error(`no rules for machine ${machine}`);
  }
  const isThat = (rule: Port) => rule.port === port && rule.protocol === protocol;
  return (
    rules.sources.some((rule) => isThat(rule) && addresses.some((address) => contains(rule.cidr, address))) ||
    rules.groups.some((rule) => isThat(rule) && rule.consumer === neighbour)
  );
}
