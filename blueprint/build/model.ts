import type { Position } from "../model";

/** An image that the engine of a host builds. Paths are those of this machine, from where the program runs. */
export interface BuildInstructions {
  /** Path of a Dockerfile, a folder or an archive; or the URL of one, or of a Git repository, that the engine fetches. */
  readonly dockerfile: { readonly path: string } | { readonly url: string };
  /** Folder or archive with what the Dockerfile copies, where `dockerfile` is a Dockerfile alone. */
  readonly context?: string;
  /** Script that lies beside the Dockerfile as `entrypoint.sh`. */
  readonly entrypoint?: string;
  /** Path of the Dockerfile in the context. */
  readonly dockerfileName: string;
  /** What stands for `${key}` in the Dockerfile. */
  readonly substitutions: Readonly<Record<string, string>>;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Stage that is built; absent: the last. */
  readonly target?: string;
  readonly timeoutSeconds: number;
  readonly at: Position;
}
