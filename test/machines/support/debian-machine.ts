import { randomInt } from "node:crypto";
import type Docker from "dockerode";
import { newKeyPair } from "../../../providers/machine/key-pair";
import { SshSession } from "../../../providers/machine/ssh";
import { lastLines } from "../../../sandbox/container-files";
import { waitFor } from "../../../sandbox/progress";
import { reason, SandboxError } from "../../../sandbox/sandbox-error";
import { runInside } from "../../support/run-inside";
import { type MachineHost, machineHost, NETWORK, ownLabels, PREFIX, removeLeftOver } from "./machine-host";

const BOOT_MS = 60_000;
const LOGIN_MS = 5_000;
const ADDRESS_ATTEMPTS = 20;

/**
 * What systemd needs in a container: to mount, and to see processes of the users whom it gives their rights. Docker's AppArmor profile
 * forbids mounts.
 */
const RIGHTS = {
  CapAdd: ["SYS_ADMIN", "SYS_PTRACE"],
  SecurityOpt: ["apparmor=unconfined"],
  CgroupnsMode: "private",
  Tmpfs: { "/run": "exec,mode=755", "/run/lock": "mode=1777", "/tmp": "exec,mode=1777" },
} as Docker.HostConfig;

/**
 * Debian 12 with systemd, SSH and apt, as a cloud hands it out: a container of the Docker Engine that boots in a second. A machine whose
 * test was killed goes when the next one starts.
 */
export class DebianMachine {
  readonly port = 22;
  /** Becomes root by sudo without a password. */
  readonly user = "debian";
  /** May log in with the same key and nothing more. */
  readonly plainUser = "guest";

  private constructor(
    private readonly container: Docker.Container,
    readonly address: string,
    readonly privateKey: string,
  ) {}

  /** @throws SandboxError with what the machine printed if it does not boot within a minute. */
  static async start(): Promise<DebianMachine> {
    const host = await machineHost();
    await removeLeftOver(host.engine);
    const { publicKey, privateKey } = newKeyPair();
    const [container, address] = await startContainer(host, publicKey);
    const machine = new DebianMachine(container, address, privateKey);
    try {
      await machine.#booted();
    } catch (error) {
      await machine.stop();
      throw error;
    }
    return machine;
  }

  /** Removes it with all that is on it. */
  async stop(): Promise<void> {
    await this.container.remove({ force: true, v: true });
  }

  /** Ends it in order and boots it again, under the same address. */
  async reboot(): Promise<void> {
    await this.container.restart();
    await this.#booted();
  }

  /**
   * Runs a script of bash as root, not over SSH, and gives what it printed, without white space at the ends.
   * @throws Error with that if a command of it fails.
   */
  async run(script: string): Promise<string> {
    const { exitCode, output } = await runInside(this.container, ["bash", "-euo", "pipefail", "-c", script]);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode} of ${script}:\n${output}`);
    return output.trim();
  }

  async #booted(): Promise<void> {
    const { address, port, user, privateKey } = this;
    const remedy = "an engine in a virtual machine (Docker Desktop) or a rootless one has no way to it";
    await waitFor(`the machine ${address}`, { timeoutMs: BOOT_MS, remedy }, async () => {
      const { State } = await this.container.inspect();
      if (!State.Running) {
        const lines = await lastLines(this.container, 20);
        throw new SandboxError(`the machine ended with code ${State.ExitCode}:\n${lines.join("\n")}`);
      }
      const { output } = await runInside(this.container, ["systemctl", "is-system-running"]);
      if (!/^(running|degraded)$/m.test(output)) throw new Error(`systemd: ${output.trim()}`);
      (await SshSession.connect({ address, port, user, privateKey }, LOGIN_MS)).close();
      return true;
    });
  }
}

/** An address of its own choice stays the machine's when it boots again; one of Docker's choice would not. */
async function startContainer({ engine, image }: MachineHost, publicKey: string): Promise<[Docker.Container, string]> {
  const labels = await ownLabels();
  for (let attempt = 1; ; attempt++) {
    const address = `${PREFIX}.${randomInt(2, 255)}`;
    const container = await engine.docker.createContainer({
      Image: image,
      Cmd: [publicKey],
      Hostname: `machine-${address.split(".").at(-1)}`,
      Labels: labels,
      HostConfig: { ...RIGHTS, NetworkMode: NETWORK },
      NetworkingConfig: { EndpointsConfig: { [NETWORK]: { IPAMConfig: { IPv4Address: address } } } },
    });
    try {
      await container.start();
      return [container, address];
    } catch (error) {
      await container.remove({ force: true, v: true });
      if (attempt === ADDRESS_ATTEMPTS || !reason(error).includes("Address already in use")) throw error;
    }
  }
}
