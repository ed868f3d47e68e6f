import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import Docker from "dockerode";
import { build } from "esbuild";
import { ensureProgram } from "../../../sandbox/engine/packages";

const run = promisify(execFile);
const ROOT = join(__dirname, "..", "..", "..");
const OTHERWISE = "install it so that it is on PATH";
const APPLETS = ["sh", "sleep", "nc", "httpd", "ip", "wget", "cat"];

/** Address of the host in its own network. */
export const HOST_ADDRESS = "198.18.90.1";
/** Image with a few programs of busybox. */
export const IMAGE = "box:1";

/**
 * A Docker host of its own: a real dockerd in fresh network, mount and process namespaces, which go with it. Beside it runs
 * the driver, as its image runs it: as one bundled file.
 */
export class DockerCalicoHost {
  readonly folder = mkdtempSync(join(tmpdir(), "clocker-docker-calico-"));
  readonly pluginSocket = join(this.folder, "run-docker/plugins/calico.sock");
  readonly docker: Docker;
  /** Lines of the driver's log since it was started last. */
  driverLog = "";
  readonly #etcdPort: number;
  #namespaces: ChildProcess | undefined;
  #inside = "";
  #dockerd: ChildProcess | undefined;
  #driver: ChildProcess | undefined;
  #etcd: Server | undefined;
  readonly #sockets = new Set<Socket>();

  private constructor(etcdPort: number) {
    this.#etcdPort = etcdPort;
    this.docker = new Docker({ socketPath: join(this.folder, "docker.sock"), host: undefined });
  }

  static async start(etcdEndpoint: string): Promise<DockerCalicoHost> {
    const host = new DockerCalicoHost(Number(new URL(etcdEndpoint).port));
    try {
      await host.#enterNamespaces();
      await host.#forwardEtcd();
      await host.#bundle();
      await host.startDocker();
      await host.#importImage();
    } catch (error) {
      await host.stop();
      throw error;
    }
    return host;
  }

  /** Ends every process of the host; its namespaces end with them. */
  async stop(): Promise<void> {
    if (this.#dockerd) await this.clear().catch(() => undefined);
    await this.stopDriver("SIGKILL");
    await this.stopDocker("SIGTERM");
    if (this.#namespaces) {
      const exit = once(this.#namespaces, "exit");
      this.#namespaces.kill("SIGKILL");
      await exit;
    }
    for (const socket of this.#sockets) socket.destroy();
    this.#etcd?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a command on the host prints. */
  async exec(program: string, ...args: string[]): Promise<string> {
    const [command = "", ...rest] = this.#command(program, args);
    return (await run(command, rest)).stdout;
  }

  async startDocker(seconds = 30): Promise<void> {
    const folder = this.folder;
    this.#dockerd = this.#spawn("dockerd", [
      ...[`--host=unix://${folder}/docker.sock`, `--data-root=${folder}/data`, `--exec-root=${folder}/exec`],
      ...[`--pidfile=${folder}/docker.pid`, "--bridge=none", "--storage-driver=vfs", "--live-restore"],
      ...["--containerd-namespace=clocker", "--containerd-plugins-namespace=clocker-plugins"],
    ]);
    let output = "";
    this.#dockerd.stderr?.on("data", (chunk) => (output += chunk));
    await until("dockerd", seconds, async () => {
      if (this.#dockerd?.exitCode !== null) throw new Error(`dockerd ended:\n${output}`);
      await this.docker.ping();
    });
  }

  async stopDocker(signal: NodeJS.Signals): Promise<void> {
    const child = this.#dockerd;
    this.#dockerd = undefined;
    if (!child || child.exitCode !== null) return;
    await endInside(child, signal);
    if (signal === "SIGKILL") rmSync(join(this.folder, "docker.pid"), { force: true });
  }

  async startDriver(environment: Readonly<Record<string, string>>): Promise<void> {
    this.driverLog = "";
    // As its container: root with one capability.
    const rights = ["--bounding-set=-all,+net_admin", "--no-new-privs"];
    const program = [process.execPath, join(this.folder, "driver.js")];
    const child = this.#spawn("setpriv", [...rights, ...program], this.#environment(environment));
    this.#driver = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (this.driverLog += chunk));
    await until("the driver", 20, async () => {
      if (child.exitCode !== null) throw new Error(`the driver ended:\n${this.driverLog}`);
      if (!this.driverLog.includes("serving Docker")) throw new Error(this.driverLog);
    });
  }

  /** Gives the exit code. */
  async stopDriver(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#driver;
    this.#driver = undefined;
    if (!child) return null;
    await endInside(child, signal);
    return child.exitCode;
  }

  /** Runs the driver's program with other arguments or settings until it ends. */
  async driverProgram(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number | null; output: string }> {
    const child = this.#spawn(
      process.execPath,
      [join(this.folder, "driver.js"), ...args],
      this.#environment(environment),
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    await once(child, "close");
    return { code: child.exitCode, output };
  }

  #environment(environment: Readonly<Record<string, string>>): Record<string, string> {
    return {
      NODENAME: "host-a",
      NODE_ADDRESS: HOST_ADDRESS,
      ETCD_ENDPOINTS: "http://127.0.0.1:2379",
      DOCKER_SOCK: join(this.folder, "docker.sock"),
      PLUGIN_SOCK: "/run/docker/plugins/calico.sock",
      STATE_FILE: join(this.folder, "state/networks.json"),
      ...environment,
    };
  }

  /** Removes every container and Calico network. Without driver that would take minutes. */
  async clear(): Promise<void> {
    if (!this.#driver) return;
    for (const { Id } of await this.docker.listContainers({ all: true })) {
      await this.docker.getContainer(Id).remove({ force: true });
    }
    for (const { Id } of await this.docker.listNetworks({ filters: { driver: ["calico"] } })) {
      await this.docker.getNetwork(Id).remove();
    }
  }

  async #enterNamespaces(): Promise<void> {
    const docker = join(this.folder, "run-docker");
    mkdirSync(docker);
    mkdirSync("/run/docker", { recursive: true });
    const script = [
      "set -e",
      "mount -t proc proc /proc",
      `mount --bind ${docker} /run/docker`,
      "ip link set lo up",
      "ip link add eth0 type veth peer name wire",
      `ip address add ${HOST_ADDRESS}/24 dev eth0`,
      "ip link set eth0 up && ip link set wire up",
      "ip route add default via 198.18.90.254",
      "echo 1 > /proc/sys/net/ipv4/ip_forward",
      "echo ready",
      // The shell stays, for the first process has to reap what others leave.
      "sleep infinity & wait",
    ].join("\n");
    const options = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private"];
    const child = spawn("unshare", [...options, "sh", "-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    this.#namespaces = child;
    if (child.stdout) await once(child.stdout, "data");
    this.#inside = childOf(child);
  }

  /** The host's own loopback leads to etcd through a socket in the file system. */
  async #forwardEtcd(): Promise<void> {
    const socketPath = join(this.folder, "etcd.sock");
    this.#etcd = createServer((socket) => this.#pipe(socket, connect(this.#etcdPort, "127.0.0.1"))).listen(socketPath);
    await once(this.#etcd, "listening");
    const program = `require("node:net").createServer((s) => {
      const o = require("node:net").connect(${JSON.stringify(socketPath)});
      s.on("error", () => o.destroy()); o.on("error", () => s.destroy()); s.pipe(o).pipe(s);
    }).listen(2379, "127.0.0.1", () => console.log("listening"))`;
    const forwarder = this.#spawn(process.execPath, ["-e", program]);
    if (forwarder.stdout) await once(forwarder.stdout, "data");
  }

  #pipe(one: Socket, other: Socket): void {
    for (const socket of [one, other]) {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
    }
    one.pipe(other).pipe(one);
  }

  async #bundle(): Promise<void> {
    await build({
      entryPoints: [join(ROOT, "docker-calico", "main.ts")],
      bundle: true,
      platform: "node",
      target: "node18",
      format: "cjs",
      external: ["*.node", "cpu-features"],
      outfile: join(this.folder, "driver.js"),
      logLevel: "silent",
    });
  }

  async #importImage(): Promise<void> {
    const busybox = await ensureProgram("busybox", ["busybox-static"], OTHERWISE, () => {});
    const bin = join(this.folder, "image/bin");
    mkdirSync(bin, { recursive: true });
    copyFileSync(busybox, join(bin, "busybox"));
    for (const applet of APPLETS) symlinkSync("busybox", join(bin, applet));
    const tar = spawn("tar", ["-C", join(this.folder, "image"), "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
    const stream = await this.docker.importImage(tar.stdout, { repo: "box", tag: "1" });
    stream.resume();
    await once(stream, "end");
  }

  #spawn(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
    const [command = "", ...rest] = this.#command(program, args);
    const { PATH = "" } = process.env;
    return spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"], env: { PATH, ...environment } });
  }

  #command(program: string, args: readonly string[]): string[] {
    return ["nsenter", "--target", this.#inside, "--mount", "--net", "--pid", program, ...args];
  }
}

/** The one child of a process: what unshare and nsenter run in the namespaces. */
function childOf({ pid }: ChildProcess): string {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
}

async function endInside(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  process.kill(Number(childOf(child)), signal);
  await exit;
}

/** @throws the last error if `attempt` does not succeed in time. */
export async function until(what: string, seconds: number, attempt: () => Promise<void>): Promise<void> {
  const limit = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > limit)
        throw new Error(`${what} was not as expected within ${seconds} s`, { cause: error });
    }
    await delay(50);
  }
}
