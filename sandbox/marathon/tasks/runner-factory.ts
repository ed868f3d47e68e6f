import { createHash, randomUUID } from "node:crypto";
import type { ServerOptions } from "../options";
import { dockerAgent } from "./docker/docker-agent";
import { DockerRunner } from "./docker/docker-runner";
import type { TaskRunner } from "./runner";
import { SimulatedRunner } from "./simulated-runner";

const SIMULATED_OFFERS_MS = 3000;
const DOCKER_OFFERS_MS = 300;

export function runnerFor(options: ServerOptions, frameworkId: string): TaskRunner {
  if (!options.agents) return new SimulatedRunner(frameworkId, options.simulatedTimes);
  const prefix = frameworkId.slice(0, -5);
  const hosts = options.agents.map((agent, index) => dockerAgent(agent, `${prefix}-S${index}`));
  return new DockerRunner(hosts, frameworkId, (message) => process.stderr.write(`marathon: ${message}\n`));
}

export function offerInterval(options: ServerOptions): number {
  return options.offerInterval ?? (options.agents ? DOCKER_OFFERS_MS : SIMULATED_OFFERS_MS);
}

/** Random for simulated agents; for Docker hosts the same whenever the hosts are, so that a server without state cleans up. */
export function newFrameworkId(options: ServerOptions): string {
  if (!options.agents) return `${randomUUID()}-0000`;
  const names = options.agents.map(({ hostname, docker }) => [hostname, docker.socketPath, docker.host, docker.port]);
  const hex = createHash("sha256").update(JSON.stringify(names)).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `${parts.join("-")}-0000`;
}
