import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { redact } from "../runtime/redact";
import { statusOf } from "./connection";

/** Restarts by the container's own policy after which it counts as failed, not as starting. */
const RESTARTS_ALLOWED = 2;
const LOG_LINES = 15;
const HEADER_BYTES = 8;

/** What a container is doing, as far as its readiness goes. */
export type ContainerState =
  | { readonly kind: "gone" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "waiting"; readonly reason: string }
  /** It runs and its health check, if it has one, passed. */
  | { readonly kind: "running"; readonly address: string };

export async function inspect(
  engine: Docker,
  id: string,
  signal?: AbortSignal,
): Promise<ContainerInspectInfo | undefined> {
  try {
    return await engine.getContainer(id).inspect({ abortSignal: signal });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** @param earlierRestarts Restarts by its policy before the wait began. */
export function stateOf(info: ContainerInspectInfo | undefined, earlierRestarts: number): ContainerState {
  if (info === undefined) return { kind: "gone" };
  const { State: state } = info;
  const restarts = info.RestartCount - earlierRestarts;
  if (state.Restarting && restarts > RESTARTS_ALLOWED) {
    return { kind: "failed", reason: `it keeps ending (${restarts} restarts), last with exit code ${state.ExitCode}` };
  }
  if (state.Restarting) {
    return { kind: "waiting", reason: `it ended with exit code ${state.ExitCode} and is being restarted` };
  }
  if (state.Status === "exited" || state.Status === "dead") {
    const memory = state.OOMKilled ? " (out of memory)" : "";
    const error = state.Error ? `: ${state.Error}` : "";
    return { kind: "failed", reason: `it ended with exit code ${state.ExitCode}${memory}${error}` };
  }
  if (!state.Running || state.Paused) return { kind: "waiting", reason: `it is ${state.Status}` };
  const health = state.Health?.Status;
  if (health !== undefined && health !== "healthy" && health !== "none") {
    return { kind: "waiting", reason: `its health check says ${health}${lastCheck(info)}` };
  }
  return { kind: "running", address: addressOf(info) };
}

/** Its address in the first of its networks by name; empty where it shares another network stack. */
export function addressOf(info: ContainerInspectInfo): string {
  const networks = Object.entries(info.NetworkSettings.Networks ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return networks.map(([, network]) => network.IPAddress).find((address) => address) ?? "";
}

function lastCheck(info: ContainerInspectInfo): string {
  const output = info.State.Health?.Log?.at(-1)?.Output?.trim();
  return output ? `: ${output}` : "";
}

/** The last lines that the container wrote, without the values of its environment; empty if there are none. */
export async function lastLines(engine: Docker, info: ContainerInspectInfo): Promise<string> {
  try {
    const [log, secrets] = await Promise.all([
      engine.getContainer(info.Id).logs({ stdout: true, stderr: true, follow: false, tail: LOG_LINES }),
      environmentValues(engine, info),
    ]);
    return redact(info.Config.Tty ? log.toString("utf8") : demultiplex(log), secrets).trimEnd();
  } catch {
    return "";
  }
}

/** Values of the container's environment, except those that the image itself sets (PATH and the like). */
export async function environmentValues(engine: Docker, info: ContainerInspectInfo): Promise<string[]> {
  const image = await engine
    .getImage(info.Image)
    .inspect()
    .catch(() => undefined);
  const common = new Set(image?.Config?.Env ?? []);
  return (info.Config.Env ?? [])
    .filter((entry) => !common.has(entry))
    .map((entry) => entry.slice(entry.indexOf("=") + 1));
}

/** The engine frames a log without terminal: one byte of stream, three of nothing, four of length, then the bytes. */
function demultiplex(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= log.length; ) {
    const end = at + HEADER_BYTES + log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(parts).toString("utf8");
}
