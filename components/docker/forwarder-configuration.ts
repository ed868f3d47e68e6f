import { isIP } from "node:net";
import type { Endpoint } from "../platform";

/** A port that a forwarder answers on, and the instances behind it; at least one. */
export interface ForwardedPort {
  readonly port: number;
  readonly backends: readonly Pick<Endpoint, "address" | "port">[];
}

/** Connections live as long as their ends want: HAProxy's largest time. */
const LONGEST = "24d";

/**
 * HAProxy's configuration for TCP, for some 10,000 connections or what the container's limit of files allows: without a bound HAProxy
 * makes tables for as many as there could be. Of several instances the one with the fewest connections is taken; one that takes no connections is
 * passed over until it does again.
 */
export function forwarderConfiguration(ports: readonly ForwardedPort[]): string {
  return `# Written by Clocker; changes are undone.
global
  fd-hard-limit 20000

defaults
  mode tcp
  timeout connect 5s
  timeout client ${LONGEST}
  timeout server ${LONGEST}
  timeout check 2s
  option clitcpka
  option srvtcpka
  option redispatch 1
  retries 3
  balance leastconn
${ports.map(section).join("")}`;
}

function section({ port, backends }: ForwardedPort): string {
  // A single one is tried even if it seems to be gone; names that do not resolve must not keep the others from being used.
  const checked = backends.length > 1 ? " check inter 2s fastinter 500ms fall 2 rise 1 init-addr libc,none" : "";
  const servers = backends.map((backend, index) => `  server instance-${index + 1} ${place(backend)}${checked}\n`);
  return `
listen port-${port}
  bind :${port}
${servers.join("")}`;
}

function place({ address, port }: ForwardedPort["backends"][number]): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
