/** A Docker host that is an agent, as the agents file lists it. Paths are of PEM files; resources in cpus and MiB. */
export interface AgentConfig {
  readonly hostname: string;
  /** Where published ports answer, seen from the server; default the hostname. */
  readonly address?: string;
  readonly docker: {
    readonly host?: string;
    readonly port?: number;
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    /** Unix socket instead of host and port. */
    readonly socketPath?: string;
  };
  readonly attributes?: Readonly<Record<string, string>>;
  readonly cpus?: number;
  readonly mem?: number;
  readonly disk?: number;
  /** Ranges of host ports tasks may take, default 31000 to 32000. */
  readonly ports?: readonly (readonly [number, number])[];
  /** Image for apps that name none; without it such apps fail. */
  readonly defaultImage?: string;
}
