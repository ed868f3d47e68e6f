import { createHash } from "node:crypto";
import { Client, type ClientChannel } from "ssh2";
import { OutputTail } from "./output-tail";

export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** OpenSSH or PEM text. */
  readonly privateKey: string;
  /** Fingerprint that the machine must have, e.g. `SHA256:…`; absent on first use, when any is taken. */
  readonly hostKey?: string | undefined;
}

export interface ScriptResult {
  /** Undefined if a signal ended it. */
  readonly exitCode: number | undefined;
  /** Standard output, its last 16 kB. */
  readonly stdout: string;
  /** Standard output and error as they came, the last 16 kB. */
  readonly output: string;
}

export interface ScriptOptions {
  /** Run as root through `sudo -n`. */
  readonly sudo: boolean;
  /** The machine itself ends the script after these seconds, so that nothing runs on when the connection breaks. */
  readonly timeoutSeconds: number;
}

/** The machine shows another host key than the one it had: it was replaced, or somebody else answers there. */
export class HostKeyChanged extends Error {
  constructor(target: SshTarget, found: string) {
    super(
      `${target.address} port ${target.port} shows host key ${found} but had ${target.hostKey}: ` +
        "if the machine was rebuilt outside Clocker, replace its setup (pulumi up --replace <urn>), else somebody intercepts the connection",
    );
  }
}

/** The machine answers but does not let the user in with this key. */
export class LoginRefused extends Error {}

const KEEPALIVE_MS = 15_000;
const KEEPALIVES_MISSED = 4;
const GRACE_SECONDS = 10;
/** Two runs on one machine, e.g. a killed one that still works and its repetition, wait for each other. */
const LOCK = "/run/lock/clocker-setup.lock";

/** A logged-in connection to a machine. */
export class SshSession {
  private constructor(
    private readonly client: Client,
    /** Fingerprint of the machine's host key. */
    readonly hostKey: string,
  ) {}

  /** @throws HostKeyChanged, LoginRefused, or the network's error. */
  static connect(target: SshTarget, timeoutMs: number): Promise<SshSession> {
    const client = new Client();
    let hostKey = "";
    return new Promise((resolve, reject) => {
      client.on("error", (error: Error & { level?: string }) => {
        client.end();
        if (target.hostKey !== undefined && hostKey !== "" && hostKey !== target.hostKey) {
          reject(new HostKeyChanged(target, hostKey));
        } else if (error.level === "client-authentication") {
          reject(
            new LoginRefused(
              `user ${target.user} may not log in at ${target.address} port ${target.port} with its key`,
            ),
          );
        } else {
          reject(error);
        }
      });
      client.on("close", () => reject(new Error("connection closed")));
      client.on("ready", () => resolve(new SshSession(client, hostKey)));
      client.connect({
        host: target.address,
        port: target.port,
        username: target.user,
        privateKey: target.privateKey,
        readyTimeout: timeoutMs,
        keepaliveInterval: KEEPALIVE_MS,
        keepaliveCountMax: KEEPALIVES_MISSED,
        hostVerifier: (key: Buffer) => {
          hostKey = fingerprint(key);
          return target.hostKey === undefined || hostKey === target.hostKey;
        },
      });
    });
  }

  /**
   * Runs a POSIX shell script that stops at its first failing command. It travels over standard input, so neither it nor values in it
   * appear in the machine's process list.
   * @throws Error if the connection breaks.
   */
  run(script: string, options: ScriptOptions): Promise<ScriptResult> {
    const seconds = Math.max(1, Math.ceil(options.timeoutSeconds));
    const shell = `timeout -k ${GRACE_SECONDS} ${seconds}`;
    // Without root there is nothing that two runs could spoil, nor a right to the lock.
    const command = options.sudo ? `${asRoot} ${shell} flock -o -w ${seconds} ${LOCK} sh -s` : `${shell} sh -s`;
    return new Promise((resolve, reject) => {
      const broken = () => reject(new Error("the connection to the machine broke"));
      this.client.once("close", broken);
      this.client.exec(command, (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        collect(channel).then((result) => {
          this.client.off("close", broken);
          resolve(result);
        });
        channel.end(wrap(script));
      });
    });
  }

  close(): void {
    this.client.end();
  }
}

const asRoot = `$(test "$(id -u)" = 0 || echo sudo -n)`;

/** The braces make the shell read the whole script before it runs any of it: no command can eat the rest from standard input. */
function wrap(script: string): string {
  return `set -eu\nexport LC_ALL=C DEBIAN_FRONTEND=noninteractive\n{\n${script}\n} </dev/null\n`;
}

function collect(channel: ClientChannel): Promise<ScriptResult> {
  const stdout = new OutputTail();
  const output = new OutputTail();
  channel.on("data", (data: Buffer) => {
    stdout.add(data);
    output.add(data);
  });
  channel.stderr.on("data", (data: Buffer) => output.add(data));
  return new Promise((resolve) => {
    let exitCode: number | undefined;
    channel.on("exit", (code: number | null) => {
      exitCode = code ?? undefined;
    });
    // A shell that ended early does not read the rest of its script.
    channel.on("error", () => {});
    channel.on("close", () => resolve({ exitCode, stdout: stdout.text, output: output.text }));
  });
}

function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}
