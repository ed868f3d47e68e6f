import { z } from "zod";

/** Where an image's build comes from: paths of this machine, or what the engine fetches itself. */
export const sourceSchema = z.object({
  /** Absolute path of a Dockerfile, a folder or an archive; or the URL of one, or of a Git repository. */
  dockerfile: z.union([z.object({ path: z.string() }), z.object({ url: z.string() })]),
  /** Absolute path of a folder or an archive that a Dockerfile's files are copied from. */
  context: z.string().optional(),
  /** Absolute path of a file that lies beside the Dockerfile as `entrypoint.sh`. */
  entrypoint: z.string().optional(),
  /** Path of the Dockerfile in the context. */
  dockerfileName: z.string(),
  /** What stands for `${key}` in the Dockerfile. */
  substitutions: z.record(z.string(), z.string()),
});

export type BuildSource = z.infer<typeof sourceSchema>;

/** What is built of it. */
export interface BuildOptions {
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly target?: string | undefined;
}

/** Why there is nothing to build from, and what to do. */
export class BuildProblem extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}
