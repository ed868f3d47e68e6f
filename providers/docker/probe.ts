import type Docker from "dockerode";
import type { Container } from "dockerode";
import type { Deadline } from "../runtime/deadline";
import { reasonOf, statusOf } from "./connection";
import { pullImage, type Registry } from "./pull";

const PROBE_LABEL = "clocker.probe";
const REMEDY =
  "It tests whether ports answer: set clocker:network.probeImage to an image with socat as its entry point that this host can pull";

/** A connection attempt is given up after this many seconds and made again. */
const CONNECT_SECONDS = 3;

export interface ProbeArgs {
  readonly containerId: string;
  /** Address of the container in its network; a process that listens on loopback alone is not reachable and fails the probe. */
  readonly address: string;
  readonly port: number;
  /** Image with socat as its entry point. */
  readonly image: string;
  readonly registries: readonly Registry[];
}

/**
 * Starts a short-lived container inside the network namespace of the container under test; it ends with 0 as soon as the port accepts
 * a connection, and tries once a second until the deadline. The caller removes it.
 */
export async function startProbe(engine: Docker, args: ProbeArgs, deadline: Deadline): Promise<Container> {
  const probe = await createProbe(engine, args, deadline);
  try {
    await probe.start();
  } catch (error) {
    await removeProbe(probe);
    throw error;
  }
  return probe;
}

/** Exit code of a probe that has ended, undefined while it runs. */
export async function probeResult(probe: Container): Promise<number | undefined> {
  const { State: state } = await probe.inspect();
  return state.Running || state.Status === "created" ? undefined : state.ExitCode;
}

export async function removeProbe(probe: Container): Promise<void> {
  await probe.remove({ force: true, v: true }).catch((error) => {
    // Already gone, or its removal is under way.
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  });
}

function createProbe(engine: Docker, args: ProbeArgs, deadline: Deadline): Promise<Container> {
  const host = args.address.includes(":") ? `[${args.address}]` : args.address;
  const options = [`connect-timeout=${CONNECT_SECONDS}`, `retry=${Math.ceil(deadline.remaining / 1000)}`, "interval=1"];
  return createBeside(engine, args, ["-u", "OPEN:/dev/null", `TCP:${host}:${args.port},${options.join(",")}`]);
}

/**
 * A container of socat inside the network namespace of another one, not started yet; the image is pulled if the host lacks it.
 * @param command Arguments of socat.
 * @param options autoRemove: the engine removes it when it ends, whatever becomes of the caller.
 */
export async function createBeside(
  engine: Docker,
  args: Pick<ProbeArgs, "containerId" | "image" | "registries">,
  command: readonly string[],
  { autoRemove = false }: { readonly autoRemove?: boolean } = {},
): Promise<Container> {
  const create = () =>
    engine.createContainer({
      Image: args.image,
      Cmd: [...command],
      Labels: { [PROBE_LABEL]: args.containerId },
      HostConfig: {
        NetworkMode: `container:${args.containerId}`,
        AutoRemove: autoRemove,
        CapDrop: ["ALL"],
        ReadonlyRootfs: true,
        SecurityOpt: ["no-new-privileges"],
      },
    });
  try {
    return await create();
  } catch (error) {
    if (statusOf(error) !== 404 || !/no such image/i.test(reasonOf(error))) throw error;
  }
  await pullImage(engine, args.image, args.registries, REMEDY);
  return create();
}
