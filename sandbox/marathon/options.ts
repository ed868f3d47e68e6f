import type { AgentConfig } from "./tasks/docker/agent-config";
import type { SimulatedTimes } from "./tasks/simulated-runner";

/** How the server is run. */
export interface ServerOptions {
  /** Address to listen on, default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on, 0 for any. */
  readonly port?: number;
  /** Basic credentials that every request must carry. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** A token that is accepted as `Authorization: token=…`; with or without credentials. */
  readonly token?: string;
  /** Like Marathon's `--enable_features`: secrets, external_volumes, gpu_resources. */
  readonly features?: readonly string[];
  readonly mesosRole?: string;
  readonly defaultNetworkName?: string;
  /** Folder that state is kept in; none keeps it in memory. */
  readonly stateDir?: string;
  /** Docker hosts that tasks run on; none simulates three agents. */
  readonly agents?: readonly AgentConfig[];
  /** Times of the simulation, in milliseconds. */
  readonly simulatedTimes?: SimulatedTimes;
  /** How often waiting tasks are placed, in milliseconds; default 3000 simulated, 300 on Docker hosts. */
  readonly offerInterval?: number;
}
