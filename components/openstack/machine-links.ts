import * as pulumi from "@pulumi/pulumi";
import { endpointsOf, instanceAddresses, numericAddresses } from "../link-target";
import type { PlacedComponent, ResolvedLink } from "../platform";
import type { MachineLink } from "../software/machine-links";

/**
 * The links of a machine with addresses.
 * @param insideAddress Address of a target in the machine's own network, if it has one there.
 */
export function machineLinks(
  links: readonly ResolvedLink[],
  insideAddress: (target: PlacedComponent) => pulumi.Output<string> | undefined,
): pulumi.Output<MachineLink[]> {
  return pulumi.all(links.map((link) => machineLink(link, insideAddress(link.component))));
}

function machineLink(link: ResolvedLink, inside: pulumi.Output<string> | undefined): pulumi.Output<MachineLink> {
  const { alias, component } = link;
  if (inside !== undefined || link.route !== "forward") {
    const addresses = inside?.apply((address) => [address]) ?? instanceAddresses(component, false);
    return addresses.apply(
      async (known): Promise<MachineLink> => ({
        alias,
        route: { kind: "hosts", addresses: await numericAddresses(link, known) },
      }),
    );
  }
  return component.endpoints.apply((endpoints): MachineLink => {
    const ports = link.ports.map((port) => ({ port: port.port, backends: endpointsOf(link, endpoints, port) }));
    return { alias, route: { kind: "forward", ports } };
  });
}
