import type Docker from "dockerode";
import type { Log } from "../progress";
import { SandboxError } from "../sandbox-error";
import { engineAnswers, engineClient } from "./answers";
import { PRIVATE_ENGINE, startPrivateEngine } from "./private-engine";

const DEFAULT_ENGINE = "unix:///var/run/docker.sock";

/** The Docker Engine that holds the sandbox. */
export interface Engine {
  readonly docker: Docker;
  /** `unix:///path` or `tcp://address:port` */
  readonly host: string;
}

/**
 * The engine that answers: the one a sandbox was made on (`recorded`), DOCKER_HOST, the default socket, a private one.
 * Undefined if none does; a DOCKER_HOST that does not answer is an error.
 */
export async function findEngine(recorded?: string): Promise<Engine | undefined> {
  const configured = process.env["DOCKER_HOST"];
  const candidates = [recorded, configured ?? DEFAULT_ENGINE, PRIVATE_ENGINE].filter((host) => host !== undefined);
  for (const host of candidates) {
    if (await engineAnswers(host)) return { docker: engineClient(host), host };
    if (host === configured) {
      throw new SandboxError(`no Docker Engine answers at DOCKER_HOST=${host}; start it, or unset DOCKER_HOST`);
    }
  }
  return undefined;
}

/** The engine that answers, else a private one that is started. */
export async function connectEngine(log: Log, recorded?: string): Promise<Engine> {
  const found = await findEngine(recorded);
  if (found) return found;
  await startPrivateEngine(log);
  return { docker: engineClient(PRIVATE_ENGINE), host: PRIVATE_ENGINE };
}
