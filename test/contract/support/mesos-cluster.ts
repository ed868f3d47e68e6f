import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerOptions } from "../../../sandbox/marathon/options";
import { MarathonServer } from "../../../sandbox/marathon/server";
import type { ClusterView } from "../../../sandbox/mesos/cluster-view";
import { type MasterOptions, MesosMaster } from "../../../sandbox/mesos/master";

export const OPS = { user: "ops", password: "hunter2!" };
export const BASIC = { type: "basic", username: OPS.user, password: OPS.password } as const;

/** A Marathon with simulated agents, and Mesos masters that know it: as many, and in such states, as a test wants. */
export class MesosCluster {
  readonly marathon: MarathonServer;
  readonly #stops: (() => Promise<unknown>)[] = [];

  constructor(options: ServerOptions = {}) {
    this.marathon = new MarathonServer(options);
  }

  /** Where Marathon answers. */
  async start(): Promise<string> {
    const { url } = await this.marathon.start();
    this.#stops.push(() => this.marathon.stop());
    return url;
  }

  /** A master; `change` is what it has otherwise than it is. */
  async master(options: MasterOptions = {}, change: () => Partial<ClusterView> = () => ({})) {
    const master = new MesosMaster(() => ({ ...this.marathon.clusterView(), ...change() }), options);
    this.#stops.push(() => master.stop());
    return { master, url: (await master.start()).url };
  }

  /** Something else that answers HTTP, or HTTPS with the certificate of its own authority. */
  async serve(listener: RequestListener, tls?: Certificate): Promise<string> {
    const server: Server = tls ? createHttpsServer(tls, listener) : createServer(listener);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.#stops.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** What stands before a server and passes on what lies below a path. */
  async proxy(target: string, { below = "", tls }: { below?: string; tls?: Certificate } = {}): Promise<string> {
    const base = await this.serve(async (request, response) => {
      if (!request.url?.startsWith(below)) return void response.writeHead(404).end();
      const { authorization } = request.headers;
      const answer = await fetch(target + request.url.slice(below.length), {
        headers: { accept: "application/json", ...(authorization && { authorization }) },
        redirect: "manual",
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    }, tls);
    return base + below;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
  }
}

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for 127.0.0.1 that is its own authority. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "clocker-tls-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const made = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost".split(" ");
    const names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert];
    execFileSync("openssl", ["req", ...made, ...names], { stdio: "ignore" });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The address of nothing. */
export async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
