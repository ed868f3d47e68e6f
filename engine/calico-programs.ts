import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { fillFolder } from "./cache";
import { runCommand } from "./command";
import { type Filesystem, requireSpace } from "./disk";
import { EngineError } from "./errors";
import { findGo, type Go } from "./go";
import { isExecutable } from "./layout";
import { withLock } from "./lock";
import { reportProgress } from "./progress";
import { projectRoot, versionIn } from "./requirements";
import { compilePrograms, countPackages } from "./run-go";

/** The release of Calico that engine/calico/go.mod pins. */
export const CALICO_VERSION = "3.31.0";

interface Program {
  /** What it is called in messages. */
  readonly title: string;
  /** Folder of its package in Calico's module; the executable is called like its last part. */
  readonly folder: string;
  /** Arguments with which it tells its version. */
  readonly version: readonly string[];
}

const PROGRAMS = {
  felix: { title: "Felix", folder: "felix/cmd/calico-felix", version: ["--version"] },
  calicoctl: { title: "calicoctl", folder: "calicoctl/calicoctl", version: ["version", "--client"] },
  /** A copy of it named `calico-ipam` is Calico's IPAM plugin. */
  cni: { title: "the CNI plugin", folder: "cni-plugin/cmd/calico", version: ["-v"] },
} as const satisfies Record<string, Program>;

/** One of Calico's programs, a static Linux executable. */
export type CalicoProgram = keyof typeof PROGRAMS;

export interface CalicoOptions {
  /** Takes what happens, a line at a time. Nothing is said when the programs are there already. */
  readonly log: (line: string) => void;
  /** Folder for what is built; `clocker/calico` in the user's cache folder unless given. */
  readonly cacheDir?: string;
  /** The folder that holds engine/calico; this project's unless given. */
  readonly root?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Tells the free space; the real one unless given. */
  readonly inspectDisk?: (folder: string) => Filesystem;
  /** The build gives way to what else wants the processors. */
  readonly background?: boolean;
  /** Ends a build that is not wanted any more. */
  readonly signal?: AbortSignal;
}

interface Context extends CalicoOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly root: string;
  readonly cacheDir: string;
}

const moduleName = "github.com/projectcalico/calico";
const flags = ["-ldflags", `-s -w -X ${moduleName}/pkg/buildinfo.Version=v${CALICO_VERSION}`];
const moduleBytes = 0.8e9;
const buildCacheBytes = 1.7e9;
const programBytes = 0.12e9;

/**
 * Paths of the programs that are asked for; each is built from source once per version. Throws an EngineError that names what is missing.
 */
export async function ensureCalico<P extends CalicoProgram>(
  programs: readonly P[],
  options: CalicoOptions,
): Promise<Readonly<Record<P, string>>> {
  const environment = options.environment ?? process.env;
  const cacheDir =
    options.cacheDir ?? join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "clocker", "calico");
  const context: Context = { ...options, environment, cacheDir, root: options.root ?? projectRoot() };
  const missing = () => programs.filter((program) => !isExecutable(fileOf(program, context)));
  if (missing().length > 0) {
    await withLock(join(cacheDir, "lock"), { log: options.log }, () => buildAll(missing(), context));
  }
  return Object.fromEntries(programs.map((program) => [program, fileOf(program, context)])) as Record<P, string>;
}

/** Names the build of a program; it changes with everything that decides what is built. */
export function calicoBuild(program: CalicoProgram, root: string = projectRoot()): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(moduleFile(root, file));
  hash.update(JSON.stringify([PROGRAMS[program].folder, flags, process.platform, process.arch]));
  return `${program}-${CALICO_VERSION}-${hash.digest("hex").slice(0, 12)}`;
}

function fileOf(program: CalicoProgram, { cacheDir, root }: Context): string {
  return join(cacheDir, calicoBuild(program, root), basename(PROGRAMS[program].folder));
}

function moduleFile(root: string, file: string): string {
  return readFileSync(join(root, "engine", "calico", file), "utf8");
}

function hasModules(go: Go, root: string): boolean {
  const version = /projectcalico\/calico (v\S+)/.exec(moduleFile(root, "go.mod"))?.[1] ?? "";
  return existsSync(join(go.moduleCache, "github.com", "projectcalico", `calico@${version}`));
}

async function buildAll(programs: readonly CalicoProgram[], context: Context): Promise<void> {
  if (programs.length === 0) return;
  const { environment, cacheDir, root, log } = context;
  const go = await findGo(versionIn("engine/calico/go.mod", moduleFile(root, "go.mod"), /^go (\S+)$/m), environment);
  const needs = [
    { folder: cacheDir, bytes: programBytes * programs.length },
    { folder: go.buildCache, bytes: buildCacheBytes },
    { folder: go.moduleCache, bytes: hasModules(go, root) ? 0 : moduleBytes },
  ];
  requireSpace(needs, context.inspectDisk);
  const titles = programs.map((program) => PROGRAMS[program].title).join(", ");
  log(
    `building Calico ${CALICO_VERSION} (${titles}) with Go ${go.version}: 5 to 15 minutes on two cores, once for this version`,
  );
  for (const program of programs) {
    await fillFolder(cacheDir, calicoBuild(program, root), (folder) => build(program, folder, go, context));
  }
}

async function build(program: CalicoProgram, folder: string, go: Go, context: Context): Promise<void> {
  const { root, environment, log, background = false, signal } = context;
  const { title, folder: source } = PROGRAMS[program];
  const run = {
    folder: join(root, "engine", "calico"),
    // The programs run in containers, whatever this machine is.
    environment: { ...environment, GOOS: "linux" },
    otherwise: "report it with the lines above; Calico stays out of the sandbox with --parts",
    background,
    signal,
  };
  mkdirSync(folder, { recursive: true });
  const name = `${moduleName}/${source}`;
  const total = await reportProgress(log, `fetching Go modules for ${title}`, (tell) =>
    countPackages(go, [name], run, tell),
  );
  await reportProgress(log, `compiling ${title}`, (tell) =>
    compilePrograms(go, [...flags, "-o", `${folder}/`, name], total, run, tell),
  );
  await verify(join(folder, basename(source)), program, environment);
}

async function verify(file: string, program: CalicoProgram, environment: NodeJS.ProcessEnv): Promise<void> {
  if (process.platform !== "linux") return;
  const result = await runCommand(file, PROGRAMS[program].version, { env: environment, timeoutMs: 60_000 });
  if (!result.stdout.includes(`v${CALICO_VERSION}`)) {
    throw new EngineError(
      `the built ${file} answers "${(result.stdout || result.stderr).trim()}" instead of v${CALICO_VERSION}`,
      "run it again; if it stays, the module cache is damaged: go clean -modcache",
    );
  }
}
