/** Where connections are tried from: a service, or the place where the command runs. */
export const OUTSIDE = "outside";

/** An address to connect to. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/** One cell of the matrix: a connection that is tried. */
export interface Attempt extends Target {
  /** Service id, or `OUTSIDE`. */
  readonly from: string;
  /** Service id. */
  readonly to: string;
  /** The target's own port; `port` may be another one that leads there. */
  readonly ownPort: number;
  /** Whether the application's relations let it through. */
  readonly declared: boolean;
}

/** A cell with what came of it. */
export interface Outcome extends Attempt {
  /** Whether something accepted the connection. */
  readonly connected: boolean;
}

/** Tries TCP connections from one place. */
export interface Origin {
  /** In the order of the targets, whether each connection was accepted. @throws Error if that cannot be tried. */
  connect(targets: readonly Target[]): Promise<boolean[]>;
  /** Removes what trying needed. */
  close(): Promise<void>;
}

/** Seconds after which a connection that nothing answers counts as refused. */
export const CONNECT_SECONDS = 2;
