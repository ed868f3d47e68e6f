import { spawn } from "node:child_process";
import { guarded } from "./interrupts";

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The program is stopped after that long. */
  readonly timeoutMs: number;
  readonly onErrorLine?: (line: string) => void;
  /** Stops the program; the command is then rejected. */
  readonly signal?: AbortSignal | undefined;
}

export interface CommandResult {
  /** Undefined when the program was ended by a signal. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a program to its end, whatever its exit code. Rejects only when it cannot be started. */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(file, args, {
    env: options.env,
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: options.timeoutMs,
    signal: options.signal,
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      options.onErrorLine?.(line);
    }
  });
  const started = Date.now();
  return guarded(
    () => child.kill(),
    () =>
      new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code) =>
          resolve({
            code: code ?? undefined,
            ...output,
            timedOut: code === null && Date.now() - started >= options.timeoutMs,
          }),
        );
      }),
  );
}
