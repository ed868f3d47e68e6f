import type { Expression, Position } from "../model";

/** A directory or file of the host, or a volume of its engine, inside the container. */
export interface VolumeMount {
  /** Absolute path of the host, or the volume's name in the blueprint. */
  readonly source: { readonly hostPath: string } | { readonly volume: string };
  readonly containerPath: string;
  readonly readOnly: boolean;
  readonly at: Position;
}

/** What says that a service is healthy; the platform's defaults hold for what is not given. */
export interface HealthCheck {
  readonly test:
    | { readonly kind: "command"; readonly words: readonly string[] }
    | { readonly kind: "shell"; readonly command: string }
    | { readonly kind: "http"; readonly path: string; readonly port: number }
    | { readonly kind: "tcp"; readonly port: number };
  readonly intervalSeconds?: number;
  readonly timeoutSeconds?: number;
  /** How long failures do not count after the start. */
  readonly startPeriodSeconds?: number;
  /** Failures in a row that make it unhealthy. */
  readonly retries?: number;
}

export interface RestartPolicy {
  readonly name: "no" | "always" | "unless-stopped" | "on-failure";
  /** Of `on-failure`; absent: without end. */
  readonly maxRetries?: number;
}

/** A file that is put into the container before it starts. */
export interface ContainerFile {
  /** Absolute. */
  readonly path: string;
  readonly content: Expression;
  /** Four octal digits; absent: the platform's. */
  readonly mode?: string;
  readonly at: Position;
}

/** What a container is like beside its image, command, ports and volumes; the platform's defaults hold for what is absent. */
export interface ContainerOptions {
  readonly healthCheck?: HealthCheck | "none";
  readonly restartPolicy?: RestartPolicy;
  readonly hostname?: string;
  /** Name or number, with `:group`. */
  readonly user?: string;
  readonly workingDir?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Processors, fractions allowed. */
  readonly cpus?: number;
  /** Whether a small init collects what ends. */
  readonly init?: boolean;
  /** Whether the root file system can be written to. */
  readonly readOnly?: boolean;
  readonly tty?: boolean;
  /** Names without `CAP_`. */
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  /** Paths of file systems in memory. */
  readonly tmpfs?: readonly string[];
  readonly stopSignal?: string;
  /** How long it may take to end before it is killed. */
  readonly stopTimeoutSeconds?: number;
}
