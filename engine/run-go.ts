import { runCommand } from "./command";
import { explainGoFailure, type Go } from "./go";
import { findOnPath } from "./layout";

export interface GoRun {
  /** Folder of the go.mod. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What helps when nothing else is known of the failure. */
  readonly otherwise: string;
  /** Gives way to what else wants the processors, where the system has `nice`. */
  readonly background?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onErrorLine: (line: string) => void;
}

const stepTimeoutMs = 3_600_000;

/** What a go command prints: without cgo, so that the programs run on any Linux. Throws an EngineError when it fails. */
async function runGo(go: Go, args: readonly string[], run: GoRun): Promise<string> {
  const nice = run.background ? findOnPath("nice", run.environment["PATH"] ?? "") : undefined;
  // By a program of its own: of a process that has started, a new priority would miss the threads that it has.
  const [file, before] = nice === undefined ? [go.file, []] : [nice, ["-n", "10", go.file]];
  const result = await runCommand(file, [...before, ...args], {
    cwd: run.folder,
    env: { ...run.environment, GOTOOLCHAIN: go.toolchain, CGO_ENABLED: "0", GOWORK: "off" },
    timeoutMs: stepTimeoutMs,
    onErrorLine: run.onErrorLine,
    signal: run.signal,
  });
  if (result.code !== 0) {
    const reason = result.timedOut ? `${result.stderr}\nno end after one hour` : result.stderr;
    throw explainGoFailure(`go ${args[0] ?? ""}`, reason, go, run.otherwise);
  }
  return result.stdout;
}

/** Fetches the modules, so that the network is done with before the long part, and counts the packages to compile. */
export async function countPackages(
  go: Go,
  args: readonly string[],
  run: Omit<GoRun, "onErrorLine">,
  tell: (detail: string) => void,
): Promise<number> {
  let fetched = 0;
  const stdout = await runGo(go, ["list", "-deps", "-mod=readonly", ...args], {
    ...run,
    onErrorLine: (line) => {
      fetched += line.startsWith("go: downloading ") ? 1 : 0;
      tell(`${fetched} modules fetched`);
    },
  });
  return stdout.trimEnd().split("\n").length;
}

/** Compiles programs; `tell` hears how far it is of `total` packages. */
export async function compilePrograms(
  go: Go,
  args: readonly string[],
  total: number,
  run: Omit<GoRun, "onErrorLine">,
  tell: (detail: string) => void,
): Promise<void> {
  let compiled = 0;
  await runGo(go, ["build", "-v", "-trimpath", "-mod=readonly", "-buildvcs=false", ...args], {
    ...run,
    onErrorLine: (line) => {
      compiled += /^[\w.-]+(?:\/|$)/.test(line) ? 1 : 0;
      tell(`${compiled} of at most ${total} packages, last ${line.slice(0, 80)}`);
    },
  });
}
