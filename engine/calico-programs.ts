import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
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

/** Calico's programs: paths of static Linux executables. */
export interface CalicoPrograms {
  readonly felix: string;
  readonly calicoctl: string;
  /** The CNI plugin; a copy of it named `calico-ipam` is Calico's IPAM plugin. */
  readonly cni: string;
  /** E.g. `3.31.0`. */
  readonly version: string;
}

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
}

const moduleName = "github.com/projectcalico/calico";
const packages = ["calicoctl/calicoctl", "cni-plugin/cmd/calico", "felix/cmd/calico-felix"].map(
  (folder) => `${moduleName}/${folder}`,
);
const flags = ["-ldflags", `-s -w -X ${moduleName}/pkg/buildinfo.Version=v${CALICO_VERSION}`];
const moduleBytes = 0.8e9;
const buildCacheBytes = 1.7e9;
const programBytes = 0.3e9;

/** Felix, calicoctl and the CNI plugin, built from source once per version. Throws an EngineError that names what is missing. */
export async function ensureCalico(options: CalicoOptions): Promise<CalicoPrograms> {
  const environment = options.environment ?? process.env;
  const root = options.root ?? projectRoot();
  const cacheDir =
    options.cacheDir ?? join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "clocker", "calico");
  const target = join(cacheDir, calicoBuild(root));
  const open = (): CalicoPrograms | undefined => programsIn(target);
  return (
    open() ??
    withLock(join(cacheDir, "lock"), { log: options.log }, async () => {
      const built = open();
      if (built !== undefined) return built;
      const go = await findGo(
        versionIn("engine/calico/go.mod", moduleFile(root, "go.mod"), /^go (\S+)$/m),
        environment,
      );
      const needs = [
        { folder: cacheDir, bytes: programBytes },
        { folder: go.buildCache, bytes: buildCacheBytes },
        { folder: go.moduleCache, bytes: hasModules(go, root) ? 0 : moduleBytes },
      ];
      requireSpace(needs, options.inspectDisk);
      options.log(
        `building Calico ${CALICO_VERSION} with Go ${go.version}: 5 to 15 minutes on two cores, once for this version`,
      );
      await fillFolder(cacheDir, calicoBuild(root), (folder) => build(folder, go, root, environment, options.log));
      const made = open();
      if (made === undefined) throw new Error(`what was built in ${target} is incomplete`);
      return made;
    })
  );
}

/** Names a build; it changes with everything that decides what is built. */
export function calicoBuild(root: string = projectRoot()): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(moduleFile(root, file));
  hash.update(JSON.stringify([packages, flags, process.platform, process.arch]));
  return `${CALICO_VERSION}-${hash.digest("hex").slice(0, 12)}`;
}

function moduleFile(root: string, file: string): string {
  return readFileSync(join(root, "engine", "calico", file), "utf8");
}

function programsIn(folder: string): CalicoPrograms | undefined {
  const [calicoctl, cni, felix] = ["calicoctl", "calico", "calico-felix"].map((name) => join(folder, name));
  return calicoctl && cni && felix && [calicoctl, cni, felix].every(isExecutable)
    ? { felix, calicoctl, cni, version: CALICO_VERSION }
    : undefined;
}

function hasModules(go: Go, root: string): boolean {
  const version = /projectcalico\/calico (v\S+)/.exec(moduleFile(root, "go.mod"))?.[1] ?? "";
  return existsSync(join(go.moduleCache, "github.com", "projectcalico", `calico@${version}`));
}

async function build(
  folder: string,
  go: Go,
  root: string,
  environment: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<void> {
  const run = {
    folder: join(root, "engine", "calico"),
    // The programs run in containers, whatever this machine is.
    environment: { ...environment, GOOS: "linux" },
    otherwise: "report it with the lines above; Calico stays out of the sandbox with --parts",
  };
  mkdirSync(folder, { recursive: true });
  const total = await reportProgress(log, "fetching Go modules", (tell) => countPackages(go, packages, run, tell));
  const args = [...flags, "-o", `${folder}/`, ...packages];
  await reportProgress(log, "compiling Felix, calicoctl and the CNI plugin", (tell) =>
    compilePrograms(go, args, total, run, tell),
  );
  await verify(join(folder, "calicoctl"), environment);
}

async function verify(calicoctl: string, environment: NodeJS.ProcessEnv): Promise<void> {
  if (process.platform !== "linux") return;
  const result = await runCommand(calicoctl, ["version", "--client"], { env: environment, timeoutMs: 60_000 });
  if (!result.stdout.includes(`v${CALICO_VERSION}`)) {
    throw new EngineError(
      `the built ${calicoctl} answers "${(result.stdout || result.stderr).trim()}" instead of v${CALICO_VERSION}`,
      "run it again; if it stays, the module cache is damaged: go clean -modcache",
    );
  }
}
