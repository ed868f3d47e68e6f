import type Docker from "dockerode";
import { connectDocker } from "../../../providers/docker/connection";
import type { DockerHost } from "../../../settings/schema";
import { type Ran, runInside } from "../../support/run-inside";

/**
 * Runs a command in a new container of the image and gives what it printed; the container is removed.
 * @param beside Container in whose network namespace it runs; absent: one of its own.
 */
export async function runContainer(
  host: DockerHost,
  image: string,
  command: readonly string[],
  beside?: string,
): Promise<Ran> {
  const docker = connectDocker(host);
  const container = await docker.createContainer({
    Image: image,
    Cmd: [...command],
    ...(beside !== undefined && { HostConfig: { NetworkMode: `container:${beside}` } }),
    Labels: { "clocker.test": "probe" },
  });
  try {
    await container.start();
    const { StatusCode: exitCode } = (await container.wait()) as { StatusCode: number };
    const logs = await container.logs({ stdout: true, stderr: true, follow: false });
    return { exitCode, output: plain(logs) };
  } finally {
    await container.remove({ force: true });
  }
}

/** Runs a command inside a running container. */
export function execIn(host: DockerHost, container: string, command: readonly string[]): Promise<Ran> {
  return runInside(connectDocker(host).getContainer(container), command);
}

/** Name of a running container whose name holds the text, undefined if there is none. */
export async function containerNamed(host: DockerHost, part: string): Promise<string | undefined> {
  const found = await connectDocker(host).listContainers({ filters: JSON.stringify({ name: [part] }) });
  return found[0]?.Names[0]?.replace(/^\//, "");
}

/** Everything that a container printed until now. */
export async function logsOf(docker: Docker, container: string): Promise<string> {
  return plain(await docker.getContainer(container).logs({ stdout: true, stderr: true, follow: false }));
}

/** The log's text without the 8-byte frame headers of Docker's multiplexed streams. */
function plain(logs: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= logs.length; ) {
    const length = logs.readUInt32BE(at + 4);
    parts.push(logs.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString();
}
