import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const START_SECONDS = 30;

/** A server's program, which may be stopped and started again. */
export class ServerProcess {
  #process: ChildProcess | undefined;

  /**
   * Starts the program in the folder and waits until what it prints matches `ready`.
   * @throws Error with what it printed if it ends, or does not serve within 30 s
   */
  async start(program: string, args: readonly string[], folder: string, ready: RegExp): Promise<void> {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], cwd: folder });
    this.#process = child;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const end = performance.now() + START_SECONDS * 1000;
    while (!ready.test(output)) {
      if (child.exitCode !== null || performance.now() > end) {
        throw new Error(`${program} ${args.join(" ")} did not start:\n${output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
}
