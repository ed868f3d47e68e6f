import type { CalicoHost } from "./calico-host";
import { execIn } from "./container";

const IMAGE = "redis:3";
const LABELS = { "clocker.test": "calico" };
/** Redis answers at these; policies of the tests admit the first. */
const ADMITTED = 6379;
export const OTHER = 6380;

/** Docker's network of a container. */
type Network = "none" | "host" | "bridge";

/** A container with Redis at several ports on a Calico host, whatever its network. */
export class Workload {
  private constructor(
    readonly host: CalicoHost,
    readonly name: string,
  ) {}

  /** @param hostPort publishes Redis there, with Docker's own means */
  static async start(
    host: CalicoHost,
    name: string,
    network: Network,
    ports: readonly number[] = [ADMITTED, OTHER],
    hostPort?: number,
  ): Promise<Workload> {
    const servers = ports.map((port) => `redis-server --port ${port} --save "" & `).join("");
    const container = await host.docker.createContainer({
      name,
      Image: IMAGE,
      Entrypoint: ["sh", "-c", `${servers}while :; do busybox sleep 3600; done`],
      Labels: LABELS,
      ExposedPorts: { [`${ADMITTED}/tcp`]: {} },
      HostConfig: {
        NetworkMode: network,
        ...(hostPort !== undefined && { PortBindings: { [`${ADMITTED}/tcp`]: [{ HostPort: String(hostPort) }] } }),
      },
    });
    await container.start();
    return new Workload(host, name);
  }

  /** Host end of the pair of interfaces that `connect` makes. */
  get interfaceName(): string {
    return `cali-${this.name}`;
  }

  /** Process of the container on its host. */
  async pid(): Promise<number> {
    return (await this.host.docker.getContainer(this.name).inspect()).State.Pid;
  }

  /** Gives a container without network an address and a pair of interfaces, as Calico's plugins do. */
  async connect(address: string): Promise<void> {
    const pid = await this.pid();
    const { exitCode, output } = await this.host.shell(`set -e
      ip link add ${this.interfaceName} mtu 1450 type veth peer name eth0 mtu 1450 netns ${pid}
      ip link set ${this.interfaceName} up
      nsenter --net=/proc/${pid}/ns/net sh -ec '
        ip address add ${address}/32 dev eth0
        ip link set eth0 up
        ip route add 169.254.1.1 dev eth0 scope link
        ip route add default via 169.254.1.1'`);
    if (exitCode !== 0) throw new Error(`${this.name} gets no network: ${output}`);
  }

  /** The address that a Redis sees when it is called from here; `none` if it does not answer within two seconds. */
  async seenBy(address: string, port: number = ADMITTED): Promise<string> {
    const command = ["busybox", "timeout", "2", "redis-cli", "-h", address, "-p", String(port), "client", "list"];
    const { exitCode, output } = await execIn(this.host.settings, this.name, command);
    return (exitCode === 0 && /\baddr=([\d.]+):/.exec(output)?.[1]) || "none";
  }
}
