import type * as pulumi from "@pulumi/pulumi";
import { numericAddress } from "./link-target";
import type { ResolvedLink } from "./platform";

/**
 * Hosts entries of the links whose target answers on its own ports.
 * @param inCalico True if the consumer has an address in Calico, and so reaches targets at theirs.
 */
export function hostsEntries(
  links: readonly ResolvedLink[],
  inCalico: boolean,
): { host: string; ip: pulumi.Output<string> }[] {
  return links
    .filter(({ route }) => route === "hosts")
    .map((link) => ({
      host: link.alias,
      ip: addressFor(link.component, inCalico).apply((address) => numericAddress(link, address)),
    }));
}

function addressFor({ address, calicoAddress }: ResolvedLink["component"], inCalico: boolean): pulumi.Output<string> {
  return inCalico ? (calicoAddress ?? address) : address;
}
