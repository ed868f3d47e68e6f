import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { NameServerSettings } from "../../../providers/dns/network-settings";
import { ensureProgram } from "../../../sandbox/engine/packages";
import { ServerProcess } from "./server-process";

const ADDRESS = "127.0.0.1";
const OTHERWISE = "install BIND 9.18 or newer so that named, dig and nsupdate are on PATH";

/** A zone of the server, and what else its file holds besides SOA and NS. */
export interface Zone {
  readonly name: string;
  readonly lines?: readonly string[];
}

/** A real BIND of its own on loopback. The key `clocker` may write every usual type, the key `reader` nothing. */
export class BindServer {
  readonly port: number;
  readonly #folder: string;
  readonly #secrets = { clocker: newSecret(), reader: newSecret(), admin: newSecret() };
  readonly #zones: readonly Zone[];
  readonly #process = new ServerProcess();

  private constructor(folder: string, port: number, zones: readonly Zone[]) {
    this.#folder = folder;
    this.port = port;
    this.#zones = zones;
  }

  static async start(zones: readonly Zone[]): Promise<BindServer> {
    const folder = await mkdtemp(join(tmpdir(), "clocker-bind-"));
    const server = new BindServer(folder, await freePort(), zones);
    await ensureProgram("nsupdate", ["bind9-dnsutils"], OTHERWISE, () => {});
    await server.#writeFiles();
    await server.resume();
    return server;
  }

  settings(key: "clocker" | "reader" = "clocker"): NameServerSettings {
    const tsig = { name: key, algorithm: "hmac-sha256", secret: this.#secrets[key] } as const;
    return { server: ADDRESS, port: this.port, tsig };
  }

  /** Starts it with the data it had. */
  async resume(): Promise<void> {
    const program = await ensureProgram("named", ["bind9"], OTHERWISE, () => {});
    const args = ["-g", "-n", "1", "-c", join(this.#folder, "named.conf")];
    await this.#process.start(program, args, this.#folder, / running$/m);
  }

  /** Stops the process and keeps the data. */
  async pause(): Promise<void> {
    await this.#process.stop("SIGTERM");
  }

  async stop(): Promise<void> {
    await this.pause();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What dig prints of the values of a name, one a line, in order. */
  async values(name: string, type: string): Promise<string[]> {
    const program = await ensureProgram("dig", ["bind9-dnsutils"], OTHERWISE, () => {});
    const { stdout } = await promisify(execFile)(program, [
      `@${ADDRESS}`,
      "-p",
      `${this.port}`,
      "+short",
      "+norecurse",
      name,
      type,
    ]);
    return stdout.trim().split("\n").sort();
  }

  async serial(zone: string): Promise<number> {
    const [soa = ""] = await this.values(zone, "SOA");
    return Number(soa.split(" ")[2]);
  }

  /** Somebody else, with a key of their own, writes into a zone; lines of nsupdate. */
  async change(zone: string, ...lines: readonly string[]): Promise<void> {
    const script = [`server ${ADDRESS} ${this.port}`, `zone ${zone}`, ...lines, "send", ""].join("\n");
    const program = await ensureProgram("nsupdate", ["bind9-dnsutils"], OTHERWISE, () => {});
    const child = spawn(program, ["-k", join(this.#folder, "admin.key")], { stdio: ["pipe", "inherit", "inherit"] });
    child.stdin.end(script);
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`nsupdate ended with code ${code} for:\n${script}`);
  }

  async #writeFiles(): Promise<void> {
    const path = (name: string) => join(this.#folder, name);
    const keys = Object.entries(this.#secrets).map(
      ([name, secret]) => `key "${name}" { algorithm hmac-sha256; secret "${secret}"; };\n`,
    );
    await writeFile(path("admin.key"), keys[2] ?? "", { mode: 0o600 });
    const zones = this.#zones.map(
      ({ name }) => `zone "${name}" {
  type primary;
  file "${path(name)}.zone";
  update-policy { grant clocker zonesub A AAAA CNAME PTR SRV TXT; grant admin zonesub ANY; };
};\n`,
    );
    const options = `options {
  directory "${this.#folder}";
  listen-on port ${this.port} { ${ADDRESS}; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  recursion no;
  notify no;
  dnssec-validation no;
};
controls {};\n`;
    await writeFile(path("named.conf"), [...keys, options, ...zones].join(""), { mode: 0o600 });
    for (const { name, lines = [] } of this.#zones) {
      const soa = `@ SOA ns.${name}. hostmaster.${name}. 1 3600 600 86400 60`;
      const text = ["$TTL 60", soa, `@ NS ns.${name}.`, `ns A ${ADDRESS}`, ...lines, ""].join("\n");
      await writeFile(`${path(name)}.zone`, text);
    }
  }
}

function newSecret(): string {
  return randomBytes(32).toString("base64");
}

/** A port that is free for TCP and UDP. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    server.listen(0, ADDRESS);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const socket = createSocket("udp4");
    const free = await new Promise<boolean>((resolve) => {
      socket.once("error", () => resolve(false));
      socket.bind(port, ADDRESS, () => socket.close(() => resolve(true)));
    });
    server.close();
    await once(server, "close");
    if (free) return port;
  }
}
