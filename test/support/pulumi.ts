import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../engine/environment";

export interface PulumiProjectOptions {
  readonly engine: Engine;
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  readonly stack: string;
  /** Folder for the state; a temporary one unless given. Two stacks may share it. */
  readonly backend?: string;
  /** On top of the test's own environment and the engine's. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Return whatever the exit code is, instead of throwing. */
  readonly allowFailure?: boolean;
  /** Called with every piece of output, e.g. to kill the program half-way. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export interface RunResult {
  /** Undefined when ended by a signal. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
}

export interface Preview {
  readonly steps: readonly PreviewStep[];
  readonly changeSummary: Readonly<Record<string, number>>;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Drives the real CLI on one stack of a project, with its state in a folder. */
export class PulumiProject {
  readonly backend: string;
  private readonly ownBackend: boolean;
  private readonly passphrase: string;

  constructor(private readonly options: PulumiProjectOptions) {
    this.ownBackend = options.backend === undefined;
    this.backend = options.backend ?? mkdtempSync(join(tmpdir(), "clocker-state-"));
    this.passphrase = options.env?.["PULUMI_CONFIG_PASSPHRASE"] ?? randomUUID();
    mkdirSync(this.backend, { recursive: true });
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...this.options.engine.env,
      PULUMI_BACKEND_URL: `file://${this.backend}`,
      PULUMI_CREDENTIALS_PATH: this.backend,
      PULUMI_CONFIG_PASSPHRASE: this.passphrase,
      PULUMI_STACK: this.options.stack,
      ...this.options.env,
    };
  }

  /** Runs pulumi in the project's folder. Throws with the whole output on another exit code than 0, unless allowed. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const timeoutMs = options.timeoutMs ?? 600_000;
    const child = spawn(this.options.engine.pulumi, ["--non-interactive", ...args], {
      cwd: this.options.folder,
      env: { ...this.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        output[stream] += text;
        options.onOutput?.(text, (signal) => child.kill(signal));
      });
    }
    const code = await new Promise<number | undefined>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status ?? undefined));
    });
    if (code !== 0 && options.allowFailure !== true) {
      const end = code === undefined ? `was ended by a signal (limit ${timeoutMs} ms)` : `ended with ${code}`;
      throw new Error(`pulumi ${args.join(" ")} ${end}\n${output.stdout}\n${output.stderr}`);
    }
    return { code, ...output };
  }

  async initStack(): Promise<void> {
    await this.run(["stack", "init", this.options.stack]);
  }

  async setConfig(
    key: string,
    value: string,
    flags: { readonly secret?: boolean; readonly path?: boolean } = {},
  ): Promise<void> {
    const names = [...(flags.secret === true ? ["--secret"] : []), ...(flags.path === true ? ["--path"] : [])];
    await this.run(["config", "set", ...names, key, "--", value]);
  }

  async up(options?: RunOptions): Promise<RunResult> {
    return this.run(["up", "--yes", "--skip-preview"], options);
  }

  async destroy(options?: RunOptions): Promise<RunResult> {
    return this.run(["destroy", "--yes", "--skip-preview"], options);
  }

  async refresh(options?: RunOptions): Promise<RunResult> {
    return this.run(["refresh", "--yes", "--skip-preview"], options);
  }

  /** What `up` would do. */
  async preview(options?: RunOptions): Promise<Preview> {
    return JSON.parse((await this.run(["preview", "--json"], options)).stdout) as Preview;
  }

  /** Throws, with the diff, when `up` would change anything. */
  async expectNoChanges(options?: RunOptions): Promise<void> {
    await this.run(["preview", "--diff", "--expect-no-changes"], options);
  }

  /** Throws when `up` or a refresh would change anything. */
  async expectNothingToDo(): Promise<void> {
    await this.expectNoChanges();
    await this.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    await this.expectNoChanges();
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.run(["stack", "output", "--json", "--show-secrets"])).stdout) as Record<
      string,
      unknown
    >;
  }

  /** The state as text, the way it lies in the backend: secrets encrypted. */
  async exportText(): Promise<string> {
    return (await this.run(["stack", "export"])).stdout;
  }

  async resources(): Promise<readonly StateResource[]> {
    const state = JSON.parse(await this.exportText()) as { deployment?: { resources?: StateResource[] } };
    return state.deployment?.resources ?? [];
  }

  /** Removes the stack, which must be empty, and a backend of its own. */
  async dispose(): Promise<void> {
    await this.run(["stack", "rm", "--yes", "--force", this.options.stack], { allowFailure: true });
    if (this.ownBackend) {
      rmSync(this.backend, { recursive: true, force: true });
    }
  }
}
