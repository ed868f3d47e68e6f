import { spawn } from "node:child_process";
import type { Engine } from "../engine/environment";

export interface PulumiOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Text for standard input, for values that must not stand in a command line. */
  readonly input?: string;
  /** Show the command's output as it comes instead of collecting it. */
  readonly show?: boolean;
}

/**
 * Runs one `pulumi` command without prompts.
 * @returns its standard output (empty when shown).
 * @throws Error with the command and what it printed, if it fails.
 */
export async function runPulumi(engine: Engine, args: readonly string[], options: PulumiOptions): Promise<string> {
  const child = spawn(engine.pulumi, [...args, "--non-interactive"], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", options.show ? "inherit" : "pipe", options.show ? "inherit" : "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (data: Buffer) => {
    output.stdout += data.toString();
  });
  child.stderr?.on("data", (data: Buffer) => {
    output.stderr += data.toString();
  });
  child.stdin?.end(options.input ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new Error(`pulumi ${args.join(" ")} failed (exit code ${code})\n${output.stderr || output.stdout}`.trimEnd());
  }
  return output.stdout;
}
