import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { type Agent, agentsOf, FELIX_READY } from "../../../providers/calico/host/agents";
import { mtuOf } from "../../../providers/calico/host/encapsulation";
import { connectDocker, statusOf } from "../../../providers/docker/connection";
import { objectName } from "../../../sandbox/address-plan";
import type { SandboxDescription } from "../../../sandbox/description";
import type { DockerHost, DockerLocation } from "../../../settings/schema";
import type { Ran } from "../../support/run-inside";
import { execIn } from "./container";
import { eventually } from "./eventually";

const LABEL = "clocker.test=calico";
const LABELS = { "clocker.test": "calico" };
const VOLUME = "clocker-test-calico";

/** What Felix leaves in a host's kernel, so that nothing opens while it is away. */
const CLEAN = "iptables-nft-save | grep -v cali | iptables-nft-restore; ip link delete vxlan.calico";

/** A Docker host of the sandbox on which Felix and the network driver run, both as the Calico node of the host's name. */
export class CalicoHost {
  readonly docker: Docker;
  private network = "";

  private constructor(
    readonly name: string,
    readonly settings: DockerHost,
    private readonly sandbox: SandboxDescription,
  ) {
    this.docker = connectDocker(settings);
  }

  static all(sandbox: SandboxDescription): CalicoHost[] {
    const { hosts } = sandbox.locations["my-docker-cloud"] as DockerLocation;
    return Object.entries(hosts).map(([name, settings]) => new CalicoHost(name, settings, sandbox));
  }

  /** Puts files onto the host itself, beside its Docker Engine. */
  async putFiles(folder: string, files: Readonly<Record<string, Buffer | string>>): Promise<void> {
    const archive = pack();
    for (const [name, content] of Object.entries(files)) {
      archive.entry({ name: `${folder.slice(1)}/${name}`, mode: 0o700 }, content);
    }
    archive.finalize();
    const outer = connectDocker({ url: this.sandbox.engine.host });
    const container = outer.getContainer(objectName(this.sandbox.name, this.name));
    await container.putArchive(await buffer(archive), { path: "/" });
  }

  /** Runs a script on the host itself, beside its Docker Engine. */
  shell(script: string): Promise<Ran> {
    const place = { url: this.sandbox.engine.host } as DockerHost;
    return execIn(place, objectName(this.sandbox.name, this.name), ["bash", "-c", script]);
  }

  /** @throws Error if a stack has its own agents here: a host has room for one Felix. */
  async requireFree(): Promise<void> {
    const filters = JSON.stringify({ name: ["clocker-calico-"] });
    const [agent] = await this.docker.listContainers({ all: true, filters });
    if (agent) throw new Error(`${agent.Names[0]} runs on ${this.name}: destroy the stacks on the sandbox first`);
  }

  async startFelix(): Promise<void> {
    const { felix } = this.agents();
    await this.startAgent("felix", felix, felix.options);
  }

  /** `tunnelPool` is the name of the pool that gives the host's tunnel its address. */
  async startDriver(tunnelPool: string): Promise<void> {
    const { driver } = this.agents();
    const { Env = [], HostConfig, ...options } = driver.options;
    await this.startAgent("docker-calico", driver, {
      ...options,
      Env: [...Env.filter((entry) => !entry.startsWith("TUNNEL_POOL=")), `TUNNEL_POOL=${tunnelPool}`],
      HostConfig: { ...HostConfig, Mounts: HostConfig?.Mounts?.map((mount) => ({ ...mount, Source: VOLUME })) },
    });
    await this.driverServes();
  }

  async driverServes(): Promise<void> {
    const health = "node /opt/docker-calico/docker-calico.js --health";
    const serves = async () => (await this.exec("docker-calico", health)).exitCode === 0;
    await eventually(serves, `the driver on ${this.name} serves Docker`, 60);
  }

  async felixIsReady(): Promise<boolean> {
    return (await this.exec("felix", FELIX_READY)).exitCode === 0;
  }

  /** A network of the driver, whose endpoints have the labels. */
  async createNetwork(name: string, subnet: string, labels: Readonly<Record<string, string>>): Promise<void> {
    this.network = name;
    await this.docker.createNetwork({
      Name: name,
      Driver: "calico",
      Labels: LABELS,
      Options: Object.fromEntries(Object.entries(labels).map(([key, value]) => [`label.${key}`, value])),
      IPAM: { Driver: "calico", Config: [{ Subnet: subnet }] },
    });
  }

  get address(): string {
    return this.settings.address;
  }

  /** A container named by its role, whose endpoint has the label `role`; published at a port of the host if one is given. */
  async startRedis(role: string, hostPort?: number): Promise<void> {
    const endpoint = { DriverOpts: { "label.role": role } } as Docker.EndpointSettings;
    const container = await this.docker.createContainer({
      name: role,
      Image: "redis:3",
      Labels: LABELS,
      ExposedPorts: { "6379/tcp": {} },
      HostConfig: {
        NetworkMode: this.network,
        ...(hostPort !== undefined && { PortBindings: { "6379/tcp": [{ HostPort: String(hostPort) }] } }),
      },
      NetworkingConfig: { EndpointsConfig: { [this.network]: endpoint } },
    });
    await container.start();
  }

  async addressOf(container: string): Promise<string> {
    const { NetworkSettings } = await this.docker.getContainer(container).inspect();
    return NetworkSettings.Networks[this.network]?.IPAddress ?? "";
  }

  /** What the Redis at an address answers to a container here; `none` if nothing comes within two seconds. */
  async ping(container: string, address: string): Promise<string> {
    const command = ["busybox", "timeout", "2", "redis-cli", "-h", address, "ping"];
    const { exitCode, output } = await execIn(this.settings, container, command);
    return exitCode === 0 ? output.trim() : "none";
  }

  /** Pings an address from a container again and again until the container ends; `watched` tells each answer. */
  async watch(container: string, address: string): Promise<void> {
    const script = `while :; do busybox timeout 1 redis-cli -h ${address} ping >> /tmp/watched || echo none >> /tmp/watched; done`;
    const exec = await this.docker.getContainer(container).exec({ Cmd: ["sh", "-c", script] });
    await exec.start({ Detach: true });
  }

  async watched(container: string): Promise<string[]> {
    return (await execIn(this.settings, container, ["cat", "/tmp/watched"])).output.trim().split("\n");
  }

  /** Ends the host's Docker Engine as a crash would, and waits for the one that follows. */
  async killEngine(): Promise<void> {
    await this.shell("kill -KILL $(pgrep -x dockerd)");
    const answers = async () =>
      this.docker.ping().then(
        () => true,
        () => false,
      );
    await eventually(async () => !(await answers()), `the engine of ${this.name} ends`, 20);
    await eventually(answers, `the engine of ${this.name} comes back`, 60);
  }

  exec(container: string, script: string): Promise<Ran> {
    return execIn(this.settings, container, ["bash", "-c", script]);
  }

  async restart(container: string): Promise<void> {
    await this.docker.getContainer(container).restart({ t: 5 });
  }

  /** Removes the containers in the network, but neither Felix nor the driver. */
  async removeContainers(): Promise<void> {
    await this.remove((name) => name !== "felix" && name !== "docker-calico");
  }

  /** Removes everything that was started here. */
  async close(): Promise<void> {
    await this.removeContainers();
    for (const { Id } of await this.docker.listNetworks({ filters: JSON.stringify({ label: [LABEL] }) })) {
      await this.docker.getNetwork(Id).remove();
    }
    await this.remove(() => true);
    await this.docker
      .getVolume(VOLUME)
      .remove({ force: true })
      .catch((error) => {
        if (statusOf(error) !== 404) throw error;
      });
    await this.shell(CLEAN);
  }

  private async remove(chosen: (name: string) => boolean): Promise<void> {
    const filters = JSON.stringify({ label: [LABEL] });
    for (const { Id, Names } of await this.docker.listContainers({ all: true, filters })) {
      if (chosen(Names[0]?.slice(1) ?? "")) await this.docker.getContainer(Id).remove({ force: true, v: true });
    }
  }

  /** What a stack would run here. */
  private agents(): { readonly driver: Agent; readonly felix: Agent } {
    const { etcd, calicoImages } = this.sandbox;
    if (!etcd || !calicoImages) throw new Error("the sandbox is without etcd or Calico's images");
    const [driver, felix] = agentsOf(
      {
        node: this.name,
        address: this.settings.address,
        driverImage: calicoImages.driver,
        felixImage: calicoImages.felix,
        encapsulation: "vxlan",
        mtu: mtuOf("vxlan"),
        iptables: "nft",
      },
      etcd,
    );
    return { driver, felix };
  }

  /** With a name of its own, for what stacks made is theirs to remove. */
  private async startAgent(name: string, agent: Agent, options: Docker.ContainerCreateOptions): Promise<void> {
    const container = await this.docker.createContainer({ ...options, name, Image: agent.image, Labels: LABELS });
    const archive = pack();
    for (const [path, content] of Object.entries(agent.files)) {
      archive.entry({ name: path.slice(1), mode: 0o600 }, content);
    }
    archive.finalize();
    await container.putArchive(await buffer(archive), { path: "/" });
    await container.start();
  }
}

/** Whether a Redis answers to this machine within two seconds. */
export function redisAnswers(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 2000 });
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (data) => end(data.toString().includes("PONG")));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

/** Lines of Felix's log that tell of resources it does not take, or of an end that nobody asked for. */
export function invalidIn(log: string): string[] {
  return log
    .split("\n")
    .filter((line) => !line.includes("[INFO]") && /invalid|validation failed|panic|fatal/i.test(line))
    .filter((line) => !line.includes("Received OS signal terminated"));
}
