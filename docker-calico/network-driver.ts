import { parseAddress } from "../providers/calico/ipam/ipv4";
import type { EndpointPort, Endpoints } from "./endpoints";
import type { HostPorts } from "./host-ports";
import { ADDRESS_SPACE, GATEWAY } from "./ipam-driver";
import { checkLabels, labelsWith, OPTION } from "./labels";
import { isLeftOver } from "./left-over";
import type { Network, Networks } from "./networks";
import {
  connectivityRequest,
  createEndpointRequest,
  createNetworkRequest,
  ENABLE_IPV6,
  endpointRequest,
  exposedPorts,
  GENERIC,
  INTERNAL,
  joinRequest,
  type MappedPort,
  mappedPorts,
  networkRequest,
} from "./protocol";
import { publishOptions } from "./publish-options";
import type { PublishedPorts } from "./published-ports";
import { innerInterface, type Veths } from "./veths";

const PROTOCOLS: Readonly<Record<number, EndpointPort["protocol"]>> = { 6: "TCP", 17: "UDP", 132: "SCTP" };
const ANY_ADDRESS = new Set(["", "0.0.0.0", "::"]);
const SWARM =
  "Calico networks are of one Docker host, not of a swarm: make the network on every host with --scope local";

export interface NetworkDriverParts {
  readonly networks: Networks;
  readonly endpoints: Endpoints;
  readonly veths: Veths;
  readonly published: PublishedPorts;
  readonly hostPorts: HostPorts;
}

/** Docker's network driver protocol: every endpoint is a routed pair of interfaces and a WorkloadEndpoint. */
export class NetworkDriver {
  readonly #parts: NetworkDriverParts;

  constructor(parts: NetworkDriverParts) {
    this.#parts = parts;
  }

  async getCapabilities() {
    // Names and addresses are each host's own, but containers of several hosts reach each other.
    return { Scope: "local", ConnectivityScope: "global" };
  }

  async createNetwork(body: unknown) {
    const request = createNetworkRequest.parse(body);
    await this.#parts.networks.set(request.NetworkID, networkFrom(request.Options, request));
    return {};
  }

  async deleteNetwork(body: unknown) {
    await this.#parts.networks.delete(networkRequest.parse(body).NetworkID);
    return {};
  }

  async refuseSwarm(): Promise<never> {
    throw new Error(SWARM);
  }

  async createEndpoint(body: unknown) {
    const { NetworkID, EndpointID, Interface, Options } = createEndpointRequest.parse(body);
    const network = this.#parts.networks.get(NetworkID);
    if (!network) {
      throw new Error(
        `network ${NetworkID.slice(0, 12)} is not known to the calico driver: remove and create it again`,
      );
    }
    const address = Interface?.Address.split("/")[0] ?? "";
    if (parseAddress(address) === undefined || Interface?.AddressIPv6) {
      throw new Error(`an endpoint needs an IPv4 address and no IPv6 address; it has '${Interface?.Address ?? ""}'`);
    }
    await this.#dropPredecessor(address);
    const mac = Interface?.MacAddress || macOf(address);
    const labels = { ...network.labels, ...checkLabels(labelsWith(OPTION, Options)) };
    const published = publishOptions(Options);
    const exposed = exposedPorts(Options).flatMap(({ Proto, Port }): EndpointPort[] => {
      const protocol = PROTOCOLS[Proto];
      return protocol ? [{ protocol, port: Port, hostPort: 0, hostIP: "" }] : [];
    });
    const ports = [...exposed.filter((port) => !published.some((other) => samePort(port, other))), ...published];
    await this.#parts.endpoints.create(EndpointID, { address, mac, labels, ports });
    return { Interface: Interface?.MacAddress ? {} : { MacAddress: mac } };
  }

  async endpointOperInfo() {
    return { Value: {} };
  }

  async join(body: unknown) {
    const { EndpointID, SandboxKey } = joinRequest.parse(body);
    const others = SandboxKey === "" ? [] : await this.#parts.endpoints.list();
    if (others.some(({ id, sandbox }) => sandbox === SandboxKey && id !== EndpointID)) {
      // Docker keeps its half of the endpoint, but nobody is to be let in by its labels.
      await this.remove(EndpointID);
      throw new Error(
        "a container can be in one calico network only: disconnect it from the other one first (docker network disconnect -f NETWORK CONTAINER)",
      );
    }
    await this.#parts.endpoints.setSandbox(EndpointID, SandboxKey);
    await this.#parts.veths.create(EndpointID);
    await this.#publishAsAsked(EndpointID);
    return {
      InterfaceName: { SrcName: innerInterface(EndpointID), DstPrefix: "eth" },
      Gateway: GATEWAY,
      StaticRoutes: [{ Destination: `${GATEWAY}/32`, RouteType: 1, NextHop: "" }],
      // Else Docker adds a bridge, which is a way round the policies.
      DisableGatewayService: true,
    };
  }

  async leave(body: unknown) {
    await this.#parts.veths.remove(endpointRequest.parse(body).EndpointID);
    return {};
  }

  async deleteEndpoint(body: unknown) {
    await this.remove(endpointRequest.parse(body).EndpointID);
    return {};
  }

  async programExternalConnectivity(body: unknown) {
    const { EndpointID, Options } = connectivityRequest.parse(body);
    const mapped = mappedPorts(Options).flatMap((each) => publishedPort(each) ?? []);
    if (mapped.length === 0) return {};
    const endpoint = await this.#parts.endpoints.get(EndpointID);
    if (!endpoint) throw new Error(`endpoint ${EndpointID.slice(0, 12)} is gone from Calico: restart its container`);
    await this.#parts.hostPorts.check(mapped);
    const others = endpoint.ports.filter(
      (port) =>
        !mapped.some((other) => samePort(port, other) && (port.hostPort === 0 || port.hostPort === other.hostPort)),
    );
    const ports = [...others, ...mapped];
    await this.#parts.published.publish({ ...endpoint, ports });
    // Kept with the endpoint, so that lost rules can be made again.
    await this.#parts.endpoints.setPorts(EndpointID, ports);
    return {};
  }

  async revokeExternalConnectivity(body: unknown) {
    const { EndpointID } = endpointRequest.parse(body);
    await this.#parts.published.unpublish(EndpointID);
    const endpoint = await this.#parts.endpoints.get(EndpointID);
    if (endpoint?.ports.some(({ hostPort }) => hostPort > 0)) {
      await this.#parts.endpoints.setPorts(
        EndpointID,
        endpoint.ports.map((port) => ({ ...port, hostPort: 0, hostIP: "" })),
      );
    }
    return {};
  }

  /** Removes all that an endpoint has on this host and in Calico. */
  async remove(endpointId: string): Promise<void> {
    await this.#parts.published.unpublish(endpointId);
    await this.#parts.veths.remove(endpointId);
    await this.#parts.endpoints.remove(endpointId);
  }

  /** What the endpoint's options ask for; what Docker asks for comes by itself. */
  async #publishAsAsked(endpointId: string): Promise<void> {
    const endpoint = await this.#parts.endpoints.get(endpointId);
    const asked = endpoint?.ports.filter(({ hostPort }) => hostPort > 0) ?? [];
    if (!endpoint || asked.length === 0) return;
    await this.#parts.hostPorts.check(asked);
    await this.#parts.published.publish(endpoint);
  }

  /** Two endpoints with one address would share their labels: one that is left over goes, a live one is an error. */
  async #dropPredecessor(address: string): Promise<void> {
    const same = (await this.#parts.endpoints.list()).filter((endpoint) => endpoint.address === address);
    if (same.length === 0) return;
    const connected = await this.#parts.veths.connected();
    for (const { id, created } of same) {
      if (!isLeftOver({ connected: connected(id), since: created })) {
        throw new Error(
          `${address} is the address of endpoint ${id.slice(0, 12)}: stop that container, or choose another --ip`,
        );
      }
      await this.remove(id);
    }
  }
}

/** @throws Error for whatever a Calico network cannot be. */
function networkFrom(
  options: Readonly<Record<string, unknown>>,
  { IPv4Data, IPv6Data }: Pick<ReturnType<typeof createNetworkRequest.parse>, "IPv4Data" | "IPv6Data">,
): Network {
  const [ipv4, ...more] = IPv4Data;
  if (IPv6Data.length > 0 || options[ENABLE_IPV6] === true) {
    throw new Error("calico networks have no IPv6: leave out --ipv6 and IPv6 subnets");
  }
  if (options[INTERNAL] === true) {
    throw new Error("calico networks cannot be --internal: let a policy say what their containers may reach");
  }
  if (!ipv4 || more.length > 0) throw new Error("a calico network has exactly one subnet: the CIDR of an IPPool");
  if (ipv4.AddressSpace !== ADDRESS_SPACE) {
    throw new Error("a calico network takes its addresses from Calico: give --ipam-driver calico");
  }
  return { labels: labelOptions(options[GENERIC]) };
}

/** The labels among a network's own options; there are no other options. */
export function labelOptions(generic: unknown): Network["labels"] {
  const given = typeof generic === "object" && generic !== null ? { ...generic } : {};
  const unknown = Object.keys(given).find((name) => !name.startsWith(OPTION));
  if (unknown !== undefined)
    throw new Error(`option '${unknown}' is unknown: calico networks take label.<key>=<value>`);
  return checkLabels(labelsWith(OPTION, given));
}

function publishedPort(mapped: MappedPort): EndpointPort | undefined {
  const { Proto, Port, HostIP, HostPort, HostPortEnd } = mapped;
  const protocol = PROTOCOLS[Proto];
  if (!protocol)
    throw new Error(`port ${Port} of IP protocol ${Proto} cannot be published: allowed are TCP, UDP and SCTP`);
  const port = `port ${Port}/${protocol.toLowerCase()}`;
  if (HostPort === 0) throw new Error(`${port} has no fixed port of the host: publish it as HOSTPORT:${Port}`);
  if (HostPortEnd > HostPort) {
    throw new Error(`${port} is given the ports ${HostPort}-${HostPortEnd} of the host: choose one of them`);
  }
  if (HostIP === "::") return undefined;
  if (!ANY_ADDRESS.has(HostIP) && (parseAddress(HostIP) === undefined || HostIP.startsWith("127."))) {
    throw new Error(`${port} cannot be published on ${HostIP}: give an IPv4 address of this host that others reach`);
  }
  return { protocol, port: Port, hostPort: HostPort, hostIP: ANY_ADDRESS.has(HostIP) ? "" : HostIP };
}

function samePort(one: EndpointPort, other: EndpointPort): boolean {
  return one.protocol === other.protocol && one.port === other.port;
}

/** As Docker makes them: made of the address, so that it stays with it. */
function macOf(address: string): string {
  const octets = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  return `02:42:${octets.join(":")}`;
}
