import type Docker from "dockerode";
import type { Container } from "dockerode";
import { Deadline } from "../runtime/deadline";
import { redact } from "../runtime/redact";
import { statusOf } from "./connection";
import { environmentValues, inspect, lastLines, stateOf } from "./container-state";
import { probeResult, removeProbe, startProbe } from "./probe";
import type { Registry } from "./pull";

const POLL_MS = 500;
const LOOPBACK = "127.0.0.1";

export interface ReadinessWait {
  readonly containerId: string;
  /** Own ports of the container, each of which has to accept a connection. */
  readonly ports: readonly number[];
  readonly probeImage: string;
  readonly timeoutSeconds: number;
  readonly registries: readonly Registry[];
}

/**
 * Waits until the container runs, its health check passed and its ports answer.
 * @returns Its address in its network.
 * @throws Error at once if the container ended or is gone, else at the deadline; with its last lines, without values of its environment.
 */
export async function waitUntilReady(engine: Docker, wait: ReadinessWait): Promise<string> {
  const deadline = new Deadline(wait.timeoutSeconds);
  const ports = new PortWait(engine, wait, deadline);
  const first = await inspect(engine, wait.containerId);
  let waitingFor = "it does not run yet";
  try {
    while (!deadline.expired) {
      const state = stateOf(await inspect(engine, wait.containerId), first?.RestartCount ?? 0);
      if (state.kind === "gone") throw new Error(`container ${short(wait)} is gone: something else removed it`);
      if (state.kind === "failed") throw await failure(engine, wait, state.reason);
      if (state.kind === "waiting") {
        waitingFor = state.reason;
      } else {
        if (ports.closed.length === 0) return state.address;
        await ports.advance(state.address);
        // Looked at once more: it may have ended right after it accepted the connection.
        if (ports.closed.length === 0) continue;
        waitingFor = `nothing accepts connections on port ${ports.closed.join(", ")} of ${state.address || LOOPBACK}`;
      }
      await deadline.sleep(POLL_MS);
    }
  } finally {
    await ports.close();
  }
  throw await failure(engine, wait, `${waitingFor}, after ${wait.timeoutSeconds} s (start.timeout of the service)`);
}

async function failure(engine: Docker, wait: ReadinessWait, reason: string): Promise<Error> {
  const info = await inspect(engine, wait.containerId);
  const name = info?.Name.replace(/^\//, "") ?? short(wait);
  const lines = info ? await lastLines(engine, info) : "";
  const secrets = info ? await environmentValues(engine, info) : [];
  const said = lines === "" ? "It wrote nothing" : `Its last lines:\n${lines}`;
  return new Error(redact(`container ${name} is not ready: ${reason}. ${said}`, secrets));
}

function short({ containerId }: ReadinessWait): string {
  return containerId.slice(0, 12);
}

/** The ports that have not answered yet, each with a probe at work. */
class PortWait {
  private readonly probes = new Map<number, Container>();
  private readonly waiting: Set<number>;
  private address: string | undefined;

  constructor(
    private readonly engine: Docker,
    private readonly wait: ReadinessWait,
    private readonly deadline: Deadline,
  ) {
    this.waiting = new Set(wait.ports);
  }

  get closed(): readonly number[] {
    return [...this.waiting];
  }

  async advance(address: string): Promise<void> {
    // A restart gives the container another network namespace, which probes in the former one never see.
    if (this.address !== address) await this.close();
    this.address = address;
    await Promise.all(this.closed.map((port) => this.advancePort(port, address || LOOPBACK)));
  }

  async close(): Promise<void> {
    const probes = [...this.probes.values()];
    this.probes.clear();
    await Promise.all(probes.map(removeProbe));
  }

  private async advancePort(port: number, address: string): Promise<void> {
    const probe = this.probes.get(port);
    if (probe === undefined) {
      await this.start(port, address);
      return;
    }
    const exitCode = await probeResult(probe);
    if (exitCode === undefined) return;
    this.probes.delete(port);
    await removeProbe(probe);
    if (exitCode === 0) this.waiting.delete(port);
  }

  private async start(port: number, address: string): Promise<void> {
    const { containerId, probeImage: image, registries } = this.wait;
    try {
      const probe = await startProbe(this.engine, { containerId, address, port, image, registries }, this.deadline);
      this.probes.set(port, probe);
    } catch (error) {
      // The container ended meanwhile: the next look at it tells why.
      if (statusOf(error) !== 409) throw error;
    }
  }
}
