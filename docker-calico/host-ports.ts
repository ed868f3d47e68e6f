import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import type { EndpointPort } from "./endpoints";

/** Whether ports of this host are free: a program that listens there would lose its clients to the container. */
export interface HostPorts {
  /** @throws Error that names the first port on which something listens. */
  check(ports: readonly EndpointPort[]): Promise<void>;
}

export const hostPorts: HostPorts = {
  async check(ports) {
    for (const { protocol, hostPort, hostIP } of ports) {
      const code = protocol === "UDP" ? await tryUdp(hostPort, hostIP) : await tryTcp(hostPort, hostIP);
      if (code === "EADDRINUSE") {
        throw new Error(
          `port ${hostPort}/${protocol.toLowerCase()} of this host is in use by another program: choose another host port, or stop that program`,
        );
      }
      if (code === "EADDRNOTAVAIL") {
        throw new Error(`${hostIP} is no address of this host: publish port ${hostPort} on one that it has, or on all`);
      }
    }
  },
};

/** Code of the error; without the right to take low ports nothing is known of them. */
async function tryTcp(port: number, address: string): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: address === "" ? "0.0.0.0" : address, exclusive: true });
    await once(server, "listening");
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

async function tryUdp(port: number, address: string): Promise<string | undefined> {
  const socket = createSocket("udp4");
  try {
    socket.bind({ port, address: address === "" ? "0.0.0.0" : address, exclusive: true });
    await once(socket, "listening");
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}
