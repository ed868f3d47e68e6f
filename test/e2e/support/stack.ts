import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { type Engine, ensureEngine } from "../../../engine/environment";
import { prepareSandboxStack } from "../../../ops/sandbox-stack";
import type { StackOutputs } from "../../../ops/services-table";
import { planName } from "../../../placement/names";
import type { SandboxDescription } from "../../../sandbox/description";
import { readSandbox } from "../../../sandbox/description";
import { descendants, endHard, type ListedProcess, listProcesses } from "../../../sandbox/engine/process-identity";
import { Clouds } from "./clouds";

export const ROOT = path.join(__dirname, "..", "..", "..");
/** The sandbox that the tests bring up for themselves, beside a user's own. */
export const SANDBOX = "test";

export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** One step of `pulumi preview --json`. */
export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
}

/** A stack of the project on the tests' sandbox, driven by the real Pulumi CLI. */
export class Stack {
  private readonly orphans: ListedProcess[] = [];

  private constructor(
    readonly name: string,
    readonly clouds: Clouds,
    private readonly sandbox: SandboxDescription,
    private readonly engine: Engine,
    private env: Record<string, string>,
  ) {}

  /** Makes the stack `test-<name>`, or takes up one of the README's, whose names begin with `sandbox-`. */
  static async open(name: string, blueprint: string, config: Readonly<Record<string, unknown>> = {}): Promise<Stack> {
    const engine = await ensureEngine({ log: () => undefined });
    const sandbox = await readSandbox(ROOT, SANDBOX);
    const stack = new Stack(
      name.startsWith("sandbox-") ? name : `test-${name}`,
      new Clouds(sandbox),
      sandbox,
      engine,
      {},
    );
    await stack.configure(blueprint, config);
    return stack;
  }

  /** Writes the stack's configuration anew: another blueprint or other settings. */
  async configure(blueprint: string, config: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { engine, sandbox, name } = this;
    this.env = await prepareSandboxStack({ root: ROOT, engine, sandbox, stack: name, blueprint, config });
  }

  /** Prefix of every physical name of the application in this stack. */
  physicalName(application: string): string {
    return planName(application, this.name);
  }

  get settings(): SandboxDescription {
    return this.sandbox;
  }

  /** `pulumi <args>` on this stack; never throws for a failing command. */
  run(args: readonly string[], onSpawn?: (kill: () => void) => void): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.engine.pulumi, [...args, "--stack", this.name, "--non-interactive"], {
        cwd: ROOT,
        env: { ...process.env, ...this.env },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      let output = "";
      child.stdout.on("data", (data: Buffer) => {
        output += data.toString();
      });
      child.stderr.on("data", (data: Buffer) => {
        output += data.toString();
      });
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output }));
      onSpawn?.(() => {
        if (child.pid !== undefined) this.kill(child.pid).catch(reject);
      });
    });
  }

  /** Ends a command as a crash would: its plugins live on, as they do then, until the stack is removed. */
  private async kill(pid: number): Promise<void> {
    this.orphans.push(...descendants(await listProcesses(), pid));
    process.kill(-pid, "SIGKILL");
  }

  /** Like `run`, throwing with the whole output if the command fails. */
  async must(args: readonly string[]): Promise<string> {
    const { code, output } = await this.run(args);
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} (stack ${this.name}) ended with ${code}:\n${output}`);
    }
    return output;
  }

  up(): Promise<string> {
    return this.must(["up", "--yes", "--skip-preview", "--suppress-progress"]);
  }

  async outputs(): Promise<StackOutputs> {
    return JSON.parse(await this.must(["stack", "output", "--json"])) as StackOutputs;
  }

  /** What a preview would do, without what stays the same. */
  async changes(): Promise<PreviewStep[]> {
    const text = await this.must(["preview", "--json", "--suppress-progress"]);
    const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as { steps: PreviewStep[] };
    return steps.filter(({ op }) => op !== "same" && op !== "read");
  }

  /** The state with everything that is in clear there. */
  export(): Promise<string> {
    return this.must(["stack", "export"]);
  }

  /** Destroys whatever there is and forgets the stack. */
  async remove(): Promise<void> {
    for (const orphan of this.orphans.splice(0)) await endHard(orphan);
    await this.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    await this.must(["stack", "rm", "--yes", "--force"]);
    await rm(path.join(ROOT, "stacks", `Pulumi.${this.name}.yaml`), { force: true });
  }
}
