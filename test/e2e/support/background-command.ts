import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "./stack";

export interface BackgroundOptions {
  /** Takes each line that it prints. */
  readonly log: (line: string) => void;
  /** It and what it starts give way to what else wants the processors. */
  readonly givesWay?: boolean;
}

/** A compiled program of the project beside the tests. It ends with this process at the latest. */
export class BackgroundCommand {
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private errors = "";
  private wanted = true;
  private readonly kill = (): void => {
    this.child.kill();
  };

  /** @param program Path below `bin`. */
  constructor(
    private readonly program: string,
    args: readonly string[],
    { log, givesWay = false }: BackgroundOptions,
  ) {
    const child = spawn(process.execPath, [path.join(ROOT, "bin", program), ...args], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    this.closed = once(child, "close");
    createInterface({ input: child.stdout }).on("line", log);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    if (givesWay && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    process.once("exit", this.kill);
  }

  /** Resolves when it ends well. @throws Error with what it wrote to stderr if it does not. */
  async ended(): Promise<void> {
    await this.closed;
    process.off("exit", this.kill);
    if (!this.wanted) throw new Error(`${this.program} was stopped, since the tests ended`);
    if (this.child.exitCode === 0) return;
    const { exitCode, signalCode } = this.child;
    throw new Error(this.errors.trim() || `${this.program} ended with ${exitCode ?? signalCode} and said nothing`);
  }

  /** Ends it if it still runs. */
  async stop(): Promise<void> {
    this.wanted = false;
    this.kill();
    await this.closed;
  }
}
