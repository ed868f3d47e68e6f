import { isTcp } from "../../blueprint/port";
import type { PlannedPort } from "../../placement/model";

interface PortMapping {
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol: "tcp" | "udp" | "udp,tcp";
  readonly name: string;
}

/**
 * The app's port mappings, those with TCP first. A number that is a port of both protocols and has the same host port for both is one
 * mapping: Mesos offers numbers, not protocols.
 */
export function portMappings(ports: readonly PlannedPort[]): PortMapping[] {
  const twin = ({ port, protocol, hostPort }: PlannedPort) =>
    ports.some((other) => other.port === port && other.protocol !== protocol && other.hostPort === hostPort);
  return ports.flatMap((planned): PortMapping[] => {
    const { port, protocol, hostPort } = planned;
    const both = twin(planned);
    if (both && !isTcp(planned)) return [];
    return [
      {
        containerPort: port,
        ...(hostPort !== undefined && { hostPort: typeof hostPort === "number" ? hostPort : 0 }),
        protocol: both ? "udp,tcp" : protocol,
        name: `${protocol}-${port}`,
      },
    ];
  });
}
