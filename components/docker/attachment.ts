import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { Port } from "../../blueprint/model";
import type { PlannedPort } from "../../placement/model";
import type { ContainerServiceArgs } from "./container-service";

type Attachment = Pick<docker.ContainerArgs, "networksAdvanced" | "ports">;

/**
 * How a container is in its application's network. Calico's driver gets address, labels and published ports as options of the connection,
 * for Docker shows no port that another driver publishes, and so would always seem to lack it.
 * @param address The container's own in Calico; undefined on a bridge.
 */
export function attachment(
  { placed, publishOn, calico }: ContainerServiceArgs,
  network: docker.Network,
  address: pulumi.Output<string> | undefined,
): Attachment {
  const common = { name: network.name, aliases: [...placed.aliases] };
  const published = placed.ports.filter(isPublished);
  if (calico === undefined || address === undefined) {
    return {
      networksAdvanced: [common],
      ports: published.map(({ port, protocol, hostPort }) => ({
        internal: port,
        external: hostPort,
        ip: publishOn,
        protocol,
      })),
    };
  }
  const options = { ...calico.labelOptions(placed.service.id), ...publishOptions(published, publishOn) };
  const driverOpts = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return { networksAdvanced: [{ ...common, ipv4Address: address, driverOpts }] };
}

function isPublished(port: PlannedPort): port is PlannedPort & { readonly hostPort: number } {
  return typeof port.hostPort === "number";
}

function publishOptions(ports: readonly (Port & { hostPort: number })[], address: string): Record<string, string> {
  const places = new Map<string, string[]>();
  for (const { port, protocol, hostPort } of ports) {
    const option = `publish.${port}/${protocol}`;
    places.set(option, [...(places.get(option) ?? []), `${address}:${hostPort}`]);
  }
  return Object.fromEntries([...places].map(([option, given]) => [option, given.join(",")]));
}
