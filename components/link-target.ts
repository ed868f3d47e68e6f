import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import type { Endpoint, ResolvedLink } from "./platform";

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
 * Where a port of a target answers.
 * @throws pulumi.ResourceError if the target does not run, or does not offer that port.
 */
export function endpointOf(link: LinkTarget, endpoints: readonly Endpoint[], port: number): Endpoint {
  const found = endpoints.find(({ servicePort }) => servicePort === port);
  if (found !== undefined) {
    return found;
  }
  throw endpoints.length === 0
    ? withoutAddress(link)
    : refusal(link, `cannot forward '${link.alias}:${port}': service '${link.target}' does not offer port ${port}`);
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
