import { readFileSync } from "node:fs";
import Docker from "dockerode";
import type { Agent } from "../runner";
import type { AgentConfig } from "./agent-config";

/** An agent and the Docker API of its host. */
export interface DockerAgent {
  readonly agent: Agent;
  readonly docker: Docker;
  readonly defaultImage?: string;
  /** Answered when last asked; tasks are placed only then. */
  available: boolean;
}

/** What an agent offers if its entry does not say. */
const DEFAULTS = { cpus: 16, mem: 32_768, disk: 100_000 } as const;

/** Reads the certificates and prepares the connection; does not connect. Throws if a file is missing. */
export function dockerAgent(config: AgentConfig, id: string): DockerAgent {
  const { socketPath, host, port, ca, cert, key } = config.docker;
  const docker = socketPath
    ? new Docker({ socketPath })
    : new Docker({
        protocol: cert ? "https" : "http",
        host: host ?? config.hostname,
        port: port ?? (cert ? 2376 : 2375),
        ...(ca ? { ca: readFileSync(ca) } : {}),
        ...(cert ? { cert: readFileSync(cert) } : {}),
        ...(key ? { key: readFileSync(key) } : {}),
      });
  const agent: Agent = {
    id,
    hostname: config.hostname,
    address: config.address ?? config.hostname,
    attributes: config.attributes ?? {},
    cpus: config.cpus ?? DEFAULTS.cpus,
    mem: config.mem ?? DEFAULTS.mem,
    disk: config.disk ?? DEFAULTS.disk,
    gpus: 0,
    ports: config.ports ?? [[31_000, 32_000]],
  };
  return { agent, docker, available: false, ...(config.defaultImage ? { defaultImage: config.defaultImage } : {}) };
}
