import { join } from "node:path";
import { buildSource } from "./build-source";
import { downloadSource } from "./download-source";
import { defaultCacheDir, type Engine } from "./layout";
import { withLock } from "./lock";
import { pathSource } from "./path-source";
import { describe, projectRoot, readRequirements } from "./requirements";
import { findReady, provideFirst } from "./source";

export type { Engine } from "./layout";

export interface EngineOptions {
  /** Takes what happens, a line at a time. Nothing is said when the engine is there already. */
  readonly log: (line: string) => void;
  /** Folder for what is downloaded or built; `clocker/engine` in the user's cache folder unless given. */
  readonly cacheDir?: string;
}

/**
 * The pulumi to run the project with: the one on PATH if it suits, else the official download, else one built from source.
 * What is there already is taken first, without network. Throws an EngineError that names for each way what is missing.
 */
export async function ensureEngine(options: EngineOptions): Promise<Engine> {
  const requirements = readRequirements(projectRoot());
  const cacheDir = options.cacheDir ?? defaultCacheDir(process.env);
  const context = { requirements, cacheDir, environment: process.env, log: options.log };
  const sources = [pathSource(context), downloadSource(context), buildSource(context)];
  const ready = await findReady(sources);
  if (ready !== undefined) {
    return ready;
  }
  return withLock(join(cacheDir, "lock"), { log: options.log }, async () => {
    return (await findReady(sources)) ?? provideFirst(sources, describe(requirements), options.log);
  });
}
