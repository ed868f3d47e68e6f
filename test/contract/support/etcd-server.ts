import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureProgram } from "../../../sandbox/engine/packages";
import { ServerProcess } from "./server-process";

const READY = /ready to serve client requests|serving (insecure )?client (requests|traffic)/;
const OTHERWISE = "install etcd 3.4 or newer so that etcd and etcdctl are on PATH";

export interface EtcdOptions {
  /** Files in PEM: clients must show a certificate of `ca`. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** A real etcd of its own on loopback, with an empty data directory. */
export class EtcdServer {
  readonly endpoint: string;
  readonly #folder: string;
  readonly #peer: number;
  readonly #options: EtcdOptions;
  readonly #process = new ServerProcess();

  private constructor(folder: string, port: number, peer: number, options: EtcdOptions) {
    this.#folder = folder;
    this.#peer = peer;
    this.#options = options;
    this.endpoint = `${options.tls ? "https" : "http"}://127.0.0.1:${port}`;
  }

  static async start(options: EtcdOptions = {}): Promise<EtcdServer> {
    const folder = await mkdtemp(join(tmpdir(), "clocker-etcd-"));
    const [port, peer] = await freePorts();
    const server = new EtcdServer(folder, port, peer, options);
    await server.resume();
    return server;
  }

  /** Starts it with the data it had. */
  async resume(): Promise<void> {
    const program = await ensureProgram("etcd", ["etcd-server"], OTHERWISE, () => {});
    const { tls } = this.#options;
    const args = [
      `--data-dir=${this.#folder}/data`,
      `--listen-client-urls=${this.endpoint}`,
      `--advertise-client-urls=${this.endpoint}`,
      `--listen-peer-urls=http://127.0.0.1:${this.#peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${this.#peer}`,
      `--initial-cluster=default=http://127.0.0.1:${this.#peer}`,
      "--unsafe-no-fsync",
      ...(tls
        ? [`--cert-file=${tls.cert}`, `--key-file=${tls.key}`, `--trusted-ca-file=${tls.ca}`, "--client-cert-auth"]
        : []),
    ];
    await this.#process.start(program, args, this.#folder, READY);
  }

  /** Stops the process and keeps the data. */
  async pause(): Promise<void> {
    await this.#process.stop("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.pause();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What `etcdctl` prints for these arguments; it is somebody else who works on the same store. */
  async ctl(...args: string[]): Promise<string> {
    const program = await ensureProgram("etcdctl", ["etcd-client"], OTHERWISE, () => {});
    const { tls } = this.#options;
    const credentials = tls ? [`--cacert=${tls.ca}`, `--cert=${tls.cert}`, `--key=${tls.key}`] : [];
    const env = { ...process.env, ETCDCTL_API: "3" };
    return (await promisify(execFile)(program, [`--endpoints=${this.endpoint}`, ...credentials, ...args], { env }))
      .stdout;
  }
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    ports.push(typeof address === "object" && address !== null ? address.port : 0);
  }
  for (const server of servers) {
    server.close();
    await once(server, "close");
  }
  return [ports[0] ?? 0, ports[1] ?? 0];
}
