import { spawn } from "node:child_process";
import { ensureEngine } from "./environment";
import { EngineError, messageOf } from "./errors";
import { projectRoot } from "./requirements";
import { sandboxVariables } from "./sandbox-variables";

/** Runs pulumi with the given arguments in this process's place: streams, signals and exit code pass through. */
async function run(args: readonly string[]): Promise<void> {
  const engine = await ensureEngine({ log: (line) => console.error(`engine: ${line}`) });
  // Before the start: pulumi may be signalled through us as soon as it runs.
  process.on("SIGINT", () => {
    // A terminal sends Ctrl-C to pulumi itself; a second one would make it give up without saving.
    if (!process.stdin.isTTY) {
      child.kill("SIGINT");
    }
  });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  const child = spawn(engine.pulumi, args, {
    stdio: "inherit",
    env: { ...sandboxVariables(projectRoot(), process.env), ...process.env, ...engine.env },
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
    } else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  console.error(error instanceof EngineError ? error.remedy : error);
  process.exitCode = 1;
});
