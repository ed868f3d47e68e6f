import { spawn } from "node:child_process";
import type { Engine } from "../engine/environment";
import { ProcessUsage, type Usage } from "./process-usage";

/** One command of pulumi and what it took. */
export interface MeasuredRun {
  readonly text: string;
  /** Seconds by the clock. */
  readonly elapsed: number;
  /** By part of Pulumi: pulumi, program, dynamic provider, docker provider. */
  readonly usage: ReadonlyMap<string, Usage>;
}

/** The parts of Pulumi by their command lines. */
function roleOf(command: string): string | undefined {
  if (/cmd\/dynamic-provider/.test(command)) return "dynamic provider";
  if (/cmd\/run/.test(command)) return "program";
  if (/pulumi-resource-docker/.test(command)) return "docker provider";
  return /pulumi (preview|up|destroy)/.test(command) ? "pulumi" : undefined;
}

/** Runs a command of pulumi. Throws with the end of what it printed if it fails. */
export async function measuredRun(
  engine: Engine,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<MeasuredRun> {
  const begun = performance.now();
  const child = spawn(engine.pulumi, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const watched = new ProcessUsage(child.pid ?? 0, roleOf);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  }
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  const elapsed = (performance.now() - begun) / 1000;
  const usage = watched.stop();
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed (exit code ${code}):\n${text.slice(-4000)}`);
  return { text, elapsed, usage };
}
