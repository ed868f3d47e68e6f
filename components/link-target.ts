import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import type { Port } from "../blueprint/model";
import { portText } from "../blueprint/port";
import type { Endpoint, PlacedComponent, ResolvedLink } from "./platform";

/** What is told of a link's target; `component` is where the engine shows a problem. */
export interface LinkTarget extends Pick<ResolvedLink, "alias" | "target"> {
  readonly component: pulumi.Resource;
}

/**
 * A target's address as a hosts file takes it, in numbers: a host name is resolved where the program runs.
 * @throws pulumi.ResourceError if the target has no address, or its host's name does not resolve.
 */
export async function numericAddress(link: LinkTarget, address: string): Promise<string> {
  if (address === "") {
    throw withoutAddress(link);
  }
  const number = isIP(address) ? address : (await lookup(address, { family: 4 }).catch(() => undefined))?.address;
  if (number === undefined) {
    throw refusal(
      link,
      `cannot give '${link.alias}' a hosts entry: '${address}' is no IP address and does not resolve here; write the address of that host under clocker:locations`,
    );
  }
  return number;
}

/**
 * The addresses of a target's instances as a hosts file takes them.
 * @throws pulumi.ResourceError as `numericAddress` does.
 */
export function numericAddresses(link: LinkTarget, addresses: readonly string[]): Promise<string[]> {
  const given = addresses.length === 0 ? [""] : [...new Set(addresses)];
  return Promise.all(given.map((address) => numericAddress(link, address)));
}

/**
 * Where the instances of a target answer on its own ports.
 * @param inCalico True if the consumer has an address in Calico, and so reaches targets at theirs.
 */
export function instanceAddresses(
  { address, endpoints, calicoAddresses }: Pick<PlacedComponent, "address" | "endpoints" | "calicoAddresses">,
  inCalico: boolean,
): pulumi.Output<string[]> {
  if (inCalico && calicoAddresses !== undefined) return calicoAddresses;
  return pulumi
    .all([address, endpoints])
    .apply(([first, all]) => (all.length === 0 ? [first] : all.map((endpoint) => endpoint.address)));
}

/**
 * Where a port of a target answers: one endpoint for each instance.
 * @throws pulumi.ResourceError if the target does not run, or does not offer that port.
 */
export function endpointsOf(link: LinkTarget, endpoints: readonly Endpoint[], port: Port): readonly Endpoint[] {
  const found = endpoints.filter(
    ({ servicePort, protocol }) => servicePort === port.port && protocol === port.protocol,
  );
  if (found.length > 0) {
    return found;
  }
  throw endpoints.length === 0
    ? withoutAddress(link)
    : refusal(
        link,
        `cannot forward '${link.alias}:${portText(port)}': service '${link.target}' does not offer port ${portText(port)}`,
      );
}

/** An update brings targets up first, so only one that leaves the target out comes here. */
function withoutAddress(link: LinkTarget): pulumi.ResourceError {
  return refusal(
    link,
    `cannot link '${link.alias}' to service '${link.target}': it has no address, for nothing of it runs; bring it up first, by an update without --target or with it among the targets`,
  );
}

function refusal({ component }: LinkTarget, message: string): pulumi.ResourceError {
  return new pulumi.ResourceError(message, component, true);
}
