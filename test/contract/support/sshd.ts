import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { newKeyPair } from "../../../providers/machine/key-pair";

const SSHD = "/usr/sbin/sshd";

/** A real OpenSSH server on loopback for one test file; everything that it needs lies in `folder`. */
export class Sshd {
  readonly user = userInfo().username;
  readonly folder = mkdtempSync(join(tmpdir(), "clocker-sshd-"));
  readonly privateKey: string;
  port = 0;
  private process: ChildProcess | undefined;

  constructor() {
    const { publicKey, privateKey } = newKeyPair();
    this.privateKey = privateKey;
    writeFileSync(join(this.folder, "authorized_keys"), `${publicKey}\n`);
    this.newHostKey();
  }

  /** Starts on the port of before, the first time on a free one. */
  async start(): Promise<void> {
    installServer();
    mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    this.port ||= await freePort();
    const settings = [
      `Port ${this.port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${join(this.folder, "host_key")}`,
      `AuthorizedKeysFile ${join(this.folder, "authorized_keys")}`,
      "PidFile none",
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "PermitRootLogin prohibit-password",
    ];
    const config = join(this.folder, "sshd_config");
    writeFileSync(config, `${settings.join("\n")}\n`);
    this.process = spawn(SSHD, ["-D", "-e", "-f", config], { stdio: "ignore" });
    await listening(this.port);
  }

  async stop(): Promise<void> {
    if (this.process?.exitCode === null && this.process.kill()) await once(this.process, "exit");
    this.process = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** As a rebuilt machine would have it. */
  newHostKey(): void {
    writeFileSync(join(this.folder, "host_key"), newKeyPair().privateKey, { mode: 0o600 });
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }
}

function installServer(): void {
  if (existsSync(SSHD)) return;
  const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
  execFileSync("apt-get", ["update"], quiet);
  execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "openssh-server"], quiet);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket: Socket = connect(port, "127.0.0.1");
    const open = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await delay(50);
  }
  throw new Error(`sshd does not listen on port ${port}`);
}
