import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import Docker from "dockerode";
import type { Labels } from "./labels";

/** A container's connection to a network. */
interface Connection {
  readonly networkId: string;
  /** Empty until the container has been connected. */
  readonly endpointId: string;
}

export interface Container {
  readonly labels: Labels;
  readonly connections: readonly Connection[];
}

export interface DockerNetwork {
  readonly id: string;
  readonly options: Readonly<Record<string, string>>;
}

const DRIVER = "calico";
/** What Docker says of a start that failed because nobody answered at the driver's socket. */
const DRIVER_MISSING = /plugins\/calico\.sock|plugin "?calico"? not found|could not find plugin calico/i;

/** What is asked of the Docker Engine of this host. */
export class DockerApi {
  readonly #docker: Docker;

  constructor(socketPath: string) {
    // DOCKER_HOST would win over the socket if no host were given.
    this.#docker = new Docker({ socketPath, host: undefined });
  }

  /** Lists networks of this driver. */
  async networks(): Promise<DockerNetwork[]> {
    const networks = await this.#docker.listNetworks({ filters: { driver: [DRIVER] } });
    return networks.map(({ Id, Options }) => ({ id: Id, options: Options ?? {} }));
  }

  async runningIds(): Promise<string[]> {
    return (await this.#docker.listContainers()).map(({ Id }) => Id);
  }

  /**
   * Containers of these networks that Docker tried to start and could not because this driver did not answer. Docker gives
   * them up, whatever their restart policy.
   */
  async givenUp(networkIds: readonly string[]): Promise<string[]> {
    if (networkIds.length === 0) return [];
    const filters = { status: ["exited"], network: [...networkIds] };
    const exited = await this.#docker.listContainers({ all: true, filters });
    const found: string[] = [];
    for (const { Id } of exited) {
      const { State, HostConfig } = await this.#docker.getContainer(Id).inspect();
      const wanted = !["", "no"].includes(HostConfig.RestartPolicy?.Name ?? "");
      if (wanted && DRIVER_MISSING.test(State.Error)) found.push(Id);
    }
    return found;
  }

  async start(containerId: string): Promise<void> {
    await this.#docker.getContainer(containerId).start();
  }

  /** From the list, for an inspection waits for the lock that the start of a container holds. Undefined if it is gone. */
  async container(id: string): Promise<Container | undefined> {
    const [found] = await this.#docker.listContainers({ all: true, filters: { id: [id] } });
    if (!found) return undefined;
    const connections = Object.values(found.NetworkSettings.Networks);
    return {
      labels: found.Labels ?? {},
      connections: connections.map(({ NetworkID, EndpointID }) => ({ networkId: NetworkID, endpointId: EndpointID })),
    };
  }

  /** Calls `connected` with the id of each container that joins a network, until the engine goes away or `signal` aborts. */
  async follow(signal: AbortSignal, started: () => void, connected: (containerId: string) => void): Promise<void> {
    const filters = JSON.stringify({ type: ["network"], event: ["connect"] });
    const stream = (await this.#docker.getEvents({ filters })) as Readable;
    const close = () => void stream.destroy();
    signal.addEventListener("abort", close, { once: true });
    if (signal.aborted) close();
    const lines = createInterface({ input: stream });
    lines.on("line", (line) => {
      const id = containerOf(line);
      if (id !== undefined) connected(id);
    });
    // The lines tell of the stream's errors too, and one that nobody hears ends the process.
    lines.on("error", () => undefined);
    stream.on("error", () => stream.destroy());
    const end = new Promise<void>((resolve) => stream.once("close", resolve));
    started();
    await end;
    signal.removeEventListener("abort", close);
  }
}

function containerOf(line: string): string | undefined {
  try {
    const event = JSON.parse(line) as { Actor?: { Attributes?: { container?: string } } };
    return event.Actor?.Attributes?.container;
  } catch {
    return undefined;
  }
}
