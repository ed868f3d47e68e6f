import type Docker from "dockerode";
import type { Protocol } from "../../../blueprint/model";
import { ContainerOrigin } from "../../../ops/matrix/container-origin";
import { limit } from "../../../ops/matrix/limit";
import type { Target } from "../../../ops/matrix/model";
import { connectDocker } from "../../../providers/docker/connection";
import type { DockerHost } from "../../../settings/schema";
import { runContainer } from "./container";

const SOCAT = "alpine/socat:1.8.0.3";

/** Tries targets from the network namespace of a running container: whether each connection is accepted. */
export async function connectFrom(host: DockerHost, container: string, targets: readonly Target[]): Promise<boolean[]> {
  const engine = connectDocker(host);
  const { Id: containerId } = await engine.getContainer(container).inspect();
  const origin = await ContainerOrigin.open({ engine, containerId, image: SOCAT, registries: [], limited: limit(8) });
  try {
    return await origin.connect(targets);
  } finally {
    await origin.close();
  }
}

/** Whether a datagram from the network namespace of a running container comes back from that target. */
export async function datagramFrom(host: DockerHost, container: string, { address, port }: Target): Promise<boolean> {
  // The file is one that every container has; what comes back within two seconds is printed.
  const command = ["-t2", "OPEN:/etc/hostname!!STDOUT", `UDP4:${address}:${port}`];
  const { output } = await runContainer(host, SOCAT, command, container);
  return /^\w/.test(output) && !output.includes("socat[");
}

/** Something that listens in the network namespace of a container; the caller removes it. */
export async function listenBeside(
  host: DockerHost,
  container: string,
  port: number,
  protocol: Protocol = "tcp",
): Promise<Docker.Container> {
  const listener = await connectDocker(host).createContainer({
    Image: SOCAT,
    Cmd: [protocol === "tcp" ? `TCP-LISTEN:${port},fork,reuseaddr` : `UDP4-RECVFROM:${port},fork`, "PIPE"],
    HostConfig: { NetworkMode: `container:${container}` },
    Labels: { "clocker.test": "listener" },
  });
  await listener.start();
  return listener;
}

/** A container's address in its only network. */
export async function addressIn(host: DockerHost, container: string): Promise<string> {
  const { NetworkSettings } = await connectDocker(host).getContainer(container).inspect();
  return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
}

/** An endpoint as the stack's outputs write it. */
export function targetOf(endpoint = ""): Target {
  const [address = "", port] = endpoint.split(":");
  return { address, port: Number(port) };
}
