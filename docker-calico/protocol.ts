import { z } from "zod";

/** The requests of Docker's plugin protocol (network and IPAM drivers), as far as this driver reads them. */

const PORT_MAP = "com.docker.network.portmap";
const EXPOSED_PORTS = "com.docker.network.endpoint.exposedports";
export const GENERIC = "com.docker.network.generic";
export const ENABLE_IPV6 = "com.docker.network.enable_ipv6";
export const INTERNAL = "com.docker.network.internal";
export const GATEWAY_REQUEST = "com.docker.network.gateway";

const options = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? {});
const text = z
  .string()
  .nullish()
  .transform((given) => given ?? "");
const number = z
  .number()
  .nullish()
  .transform((given) => given ?? 0);

export const createNetworkRequest = z.object({
  NetworkID: z.string(),
  Options: options,
  IPv4Data: z
    .array(z.object({ AddressSpace: text, Pool: text, Gateway: text }))
    .nullish()
    .transform((given) => given ?? []),
  IPv6Data: z
    .array(z.unknown())
    .nullish()
    .transform((given) => given ?? []),
});

export const networkRequest = z.object({ NetworkID: z.string() });

export const endpointRequest = z.object({ NetworkID: z.string(), EndpointID: z.string().min(12) });

export const createEndpointRequest = endpointRequest.extend({
  Interface: z.object({ Address: text, AddressIPv6: text, MacAddress: text }).nullish(),
  Options: options,
});

export const joinRequest = endpointRequest.extend({ SandboxKey: text });

export const connectivityRequest = endpointRequest.extend({ Options: options });

export const requestPoolRequest = z.object({
  AddressSpace: text,
  Pool: text,
  SubPool: text,
  V6: z
    .boolean()
    .nullish()
    .transform((given) => given ?? false),
});

export const requestAddressRequest = z.object({ PoolID: z.string(), Address: text, Options: options });

export const releaseAddressRequest = z.object({ Address: z.string() });

const exposedPort = z.object({ Proto: z.number(), Port: z.number() });
const mappedPort = exposedPort.extend({ HostIP: text, HostPort: number, HostPortEnd: number });

export type MappedPort = z.output<typeof mappedPort>;

export function exposedPorts(given: Readonly<Record<string, unknown>>) {
  return z.array(exposedPort).parse(given[EXPOSED_PORTS] ?? []);
}

export function mappedPorts(given: Readonly<Record<string, unknown>>): MappedPort[] {
  return z.array(mappedPort).parse(given[PORT_MAP] ?? []);
}
