import { ensureEngine } from "./environment";
import { EngineError, messageOf } from "./errors";

ensureEngine({ log: (line) => console.log(`engine: ${line}`) }).then(
  (engine) => console.log(`engine: Pulumi ${engine.version} (${engine.source}) at ${engine.pulumi}`),
  (error: unknown) => {
    console.error(`engine: ${messageOf(error)}`);
    console.error(error instanceof EngineError ? `engine: ${error.remedy}` : error);
    process.exitCode = 1;
  },
);
