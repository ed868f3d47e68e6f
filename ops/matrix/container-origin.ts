import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { reasonOf } from "../../providers/docker/connection";
import { createBeside, removeProbe } from "../../providers/docker/probe";
import type { Registry } from "../../providers/docker/pull";
import type { limit } from "./limit";
import { CONNECT_SECONDS, type Origin, type Target } from "./model";

/** The probe ends by itself after these seconds without work, should the command be killed. */
const IDLE_SECONDS = 600;
/** socat's words for a connection that was not accepted; anything else is a probe that failed. */
const NOT_ACCEPTED = /timed out|refused|no route to host|unreachable|operation now in progress/i;

/** An engine that takes longer for one connection does not answer any more. */
const ENGINE_SECONDS = 30;

export interface ContainerOriginArgs {
  readonly engine: Docker;
  readonly containerId: string;
  /** Image with socat as its entry point. */
  readonly image: string;
  readonly registries: readonly Registry[];
  readonly limited: ReturnType<typeof limit>;
}

/** Connects from inside a container: a socat of its own in the network namespace, since the image may have no program for it. */
export class ContainerOrigin implements Origin {
  private constructor(
    private readonly engine: Docker,
    private readonly probe: Docker.Container,
    /** How the image starts socat. */
    private readonly program: readonly string[],
    private readonly limited: ContainerOriginArgs["limited"],
  ) {}

  static async open(args: ContainerOriginArgs): Promise<ContainerOrigin> {
    const { engine, limited } = args;
    // Nothing ever comes out of a pipe that nobody writes to.
    const command = ["-u", "-T", String(IDLE_SECONDS), "PIPE", "OPEN:/dev/null"];
    const probe = await createBeside(engine, args, command, { autoRemove: true });
    try {
      await probe.start();
      const { Entrypoint: entry } = (await probe.inspect()).Config;
      const program = typeof entry === "string" ? [entry] : (entry ?? []);
      return new ContainerOrigin(engine, probe, program.length > 0 ? program : ["socat"], limited);
    } catch (error) {
      await removeProbe(probe);
      throw error;
    }
  }

  connect(targets: readonly Target[]): Promise<boolean[]> {
    return Promise.all(targets.map((target) => this.limited(() => within(ENGINE_SECONDS, this.connectTo(target)))));
  }

  async close(): Promise<void> {
    await removeProbe(this.probe);
  }

  private async connectTo({ address, port }: Target): Promise<boolean> {
    const host = address.includes(":") ? `[${address}]` : address;
    const { exitCode, output } = await this.run([
      "-u",
      "OPEN:/dev/null",
      `TCP:${host}:${port},connect-timeout=${CONNECT_SECONDS}`,
    ]);
    if (exitCode === 0) return true;
    if (NOT_ACCEPTED.test(output)) return false;
    throw new Error(`cannot try ${address}:${port}: ${output.trim() || `socat ended with ${exitCode}`}`);
  }

  private async run(args: readonly string[]): Promise<{ exitCode: number; output: string }> {
    try {
      const exec = await this.probe.exec({ Cmd: [...this.program, ...args], AttachStdout: true, AttachStderr: true });
      const stream = await exec.start({});
      const merged = new PassThrough();
      this.engine.modem.demuxStream(stream, merged, merged);
      stream.once("end", () => merged.end());
      stream.once("error", (error) => merged.destroy(error));
      const output = await text(merged);
      return { exitCode: (await exec.inspect()).ExitCode ?? -1, output };
    } catch (error) {
      throw new Error(`the probe does not run: ${reasonOf(error)}`);
    }
  }
}

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  const late = sleep(seconds * 1000, undefined, { ref: false }).then(() => {
    throw new Error(`the Docker Engine does not answer within ${seconds} s`);
  });
  return Promise.race([work, late]);
}
