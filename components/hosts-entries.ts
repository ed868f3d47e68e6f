import * as pulumi from "@pulumi/pulumi";
import { instanceAddresses, numericAddresses } from "./link-target";
import type { ResolvedLink } from "./platform";

export interface HostsEntry {
  readonly host: string;
  readonly ip: string;
}

/**
 * Hosts entries of the links whose target answers on its own ports, one for each instance: resolvers give all of them.
 * @param inCalico True if the consumer has an address in Calico, and so reaches targets at theirs.
 */
export function hostsEntries(links: readonly ResolvedLink[], inCalico: boolean): pulumi.Output<HostsEntry[]> {
  const entries = links
    .filter(({ route }) => route === "hosts")
    .map((link) =>
      instanceAddresses(link.component, inCalico).apply(async (addresses): Promise<HostsEntry[]> => {
        const numbers = await numericAddresses(link, addresses);
        return numbers.map((ip) => ({ host: link.alias, ip }));
      }),
    );
  return pulumi.all(entries).apply((all) => all.flat());
}
