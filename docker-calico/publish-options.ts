import { parseAddress } from "../providers/calico/ipam/ipv4";
import type { EndpointPort } from "./endpoints";
import { labelsWith } from "./labels";

/** Prefix of options that connect a container to a network: `publish.<port>/<protocol>=<address>:<port of the host>`, several with commas. */
const PUBLISH = "publish.";

const OPTION = /^(\d{1,5})\/(tcp|udp|sctp)$/;
const VALUE = /^([\d.]+):(\d{1,5})$/;
const ANY_ADDRESS = "0.0.0.0";

/**
 * Ports that a container publishes, from the options of its endpoint: for programs that must find again what they asked for, since Docker
 * tells of a network of this driver no port that it publishes.
 * @throws Error that says how such an option is written.
 */
export function publishOptions(options: Readonly<Record<string, unknown>> | null | undefined): EndpointPort[] {
  return Object.entries(labelsWith(PUBLISH, options)).flatMap(([name, value]) =>
    value.split(",").map((place) => portOf(name, place)),
  );
}

function portOf(name: string, place: string): EndpointPort {
  const [, port, protocol] = OPTION.exec(name) ?? [];
  const [, hostIP, hostPort] = VALUE.exec(place) ?? [];
  if (!isPort(port) || !isPort(hostPort) || hostIP === undefined || parseAddress(hostIP) === undefined) {
    throw new Error(
      `option '${PUBLISH}${name}=${place}' publishes nothing: write ${PUBLISH}<port>/<tcp|udp|sctp>=<IPv4 address of the host>:<port of the host>, with 0.0.0.0 for all its addresses`,
    );
  }
  return {
    protocol: protocol?.toUpperCase() as EndpointPort["protocol"],
    port: Number(port),
    hostPort: Number(hostPort),
    hostIP: hostIP === ANY_ADDRESS ? "" : hostIP,
  };
}

function isPort(text: string | undefined): boolean {
  return Number(text) >= 1 && Number(text) <= 65535;
}
