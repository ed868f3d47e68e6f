import type Docker from "dockerode";
import { ContainerOrigin } from "../../../ops/matrix/container-origin";
import { limit } from "../../../ops/matrix/limit";
import type { Target } from "../../../ops/matrix/model";
import { connectDocker } from "../../../providers/docker/connection";
import type { DockerHost } from "../../../settings/schema";

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

/** Something that listens in the network namespace of a container; the caller removes it. */
export async function listenBeside(host: DockerHost, container: string, port: number): Promise<Docker.Container> {
  const listener = await connectDocker(host).createContainer({
    Image: SOCAT,
    Cmd: [`TCP-LISTEN:${port},fork,reuseaddr`, "PIPE"],
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
