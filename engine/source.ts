import { EngineError, messageOf } from "./errors";
import type { Engine } from "./layout";
import type { Requirements } from "./requirements";

/** What every way needs to know. */
export interface SourceContext {
  readonly requirements: Requirements;
  readonly environment: NodeJS.ProcessEnv;
  readonly cacheDir: string;
  readonly log: (line: string) => void;
}

/** What the ways need to know that take something from Pulumi's releases. */
export interface ReleasesContext extends SourceContext {
  /** Where Pulumi publishes its releases; the official place unless given. */
  readonly releases?: string;
}

/** One of the ways to an engine. */
export interface Source {
  readonly label: string;
  /** What is there already, found without network and without long work. */
  ready(): Promise<Engine | undefined>;
  /** Makes it available. Throws an EngineError when this way is closed. */
  provide(): Promise<Engine>;
}

/** The first that is there. */
export async function findReady(sources: readonly Source[]): Promise<Engine | undefined> {
  for (const source of sources) {
    const engine = await source.ready();
    if (engine !== undefined) {
      return engine;
    }
  }
  return undefined;
}

/** The first that can be made available. When none can, the error names for each what is missing and what to do. */
export async function provideFirst(
  sources: readonly Source[],
  wanted: string,
  log: (line: string) => void,
): Promise<Engine> {
  const failures: string[] = [];
  for (const source of sources) {
    try {
      return await source.provide();
    } catch (error) {
      if (!(error instanceof EngineError)) {
        throw error;
      }
      log(`${source.label}: ${messageOf(error)}`);
      failures.push(`- ${source.label}: ${error.message}. To do: ${error.remedy}.`);
    }
  }
  throw new EngineError(
    [`the engine is not available (${wanted}):`, ...failures].join("\n"),
    `do one of these, then run "npm run engine" again`,
  );
}
