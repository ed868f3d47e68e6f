import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join, sep } from "node:path";
import { fillFolder } from "./cache";
import { runCommand } from "./command";
import { type Filesystem, requireSpace } from "./disk";
import { EngineError } from "./errors";
import { findGo, type Go } from "./go";
import { type Engine, openEngine, pluginBinary, pluginFolder, sealEngine } from "./layout";
import { reportProgress } from "./progress";
import type { Requirements } from "./requirements";
import { compilePrograms, countPackages } from "./run-go";
import type { Source, SourceContext } from "./source";
import { formatVersion } from "./versions";

interface Context extends SourceContext {
  /** Tells the free space; the real one unless given. */
  readonly inspectDisk?: (folder: string) => Filesystem;
}

const moduleBytes = 2.2e9;
const buildCacheBytes = 2.2e9;
const programBytes = 0.5e9;
const byHand = "install Pulumi by hand instead (https://www.pulumi.com/docs/install/)";
const tags = "no_compose,osusergo,grpcnotrace";

/** CLI, language host and plugins compiled from the Go module in engine/. */
export function buildSource(context: Context): Source {
  const { requirements } = context;
  const key = `build-${formatVersion(requirements.builtCli)}-${sourceHash(requirements)}`;
  const open = (): Engine | undefined =>
    openEngine(join(context.cacheDir, key), "build", requirements.plugins, context.environment["PATH"] ?? "");

  return {
    label: "build from source",
    ready: async () => open(),
    async provide() {
      const go = await findGo(requirements.go, context.environment);
      const needs = [
        { folder: context.cacheDir, bytes: programBytes },
        { folder: go.buildCache, bytes: buildCacheBytes },
        { folder: go.moduleCache, bytes: hasModules(go, requirements) ? 0 : moduleBytes },
      ];
      requireSpace(needs, context.inspectDisk);
      context.log(`building the engine with Go ${go.version}: 5 to 15 minutes on two cores, once for this version`);
      await fillFolder(context.cacheDir, key, (folder) => build(folder, go, context));
      const engine = open();
      if (engine === undefined) {
        throw new Error(`the built engine in ${join(context.cacheDir, key)} is incomplete`);
      }
      return engine;
    },
  };
}

/** Changes with everything that decides what is built. */
function sourceHash(requirements: Requirements): string {
  const hash = createHash("sha256");
  const folder = join(requirements.root, "engine");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    // Calico is a module and a build of its own.
    if (/(?:\.go|go\.mod|go\.sum)$/.test(file) && !file.startsWith(`calico${sep}`)) {
      hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
    }
  }
  hash.update(JSON.stringify([requirements.plugins, tags, process.platform, process.arch, sdkScript(requirements)]));
  return hash.digest("hex").slice(0, 12);
}

function hasModules(go: Go, requirements: Requirements): boolean {
  const version = formatVersion(requirements.builtCli);
  return existsSync(join(go.moduleCache, "github.com", "pulumi", "pulumi", "pkg", `v3@v${version}`));
}

/** The npm package ships the script that starts dynamic providers. */
function sdkScript(requirements: Requirements): string {
  const name = "pulumi-resource-pulumi-nodejs";
  const file = join(requirements.root, "node_modules", "@pulumi", "pulumi", name);
  return readFileSync(file, "utf8");
}

async function build(folder: string, go: Go, context: Context): Promise<void> {
  const { requirements } = context;
  const bin = join(folder, "bin");
  const home = join(folder, "home");
  const version = formatVersion(requirements.builtCli);
  const variables = [
    `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`,
    ...requirements.plugins.map((plugin) => `main.${plugin.name}Version=${plugin.version}`),
  ];
  const packages = [
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    "./language",
    ...requirements.plugins.map((plugin) => `./${plugin.name}`),
  ];
  mkdirSync(bin, { recursive: true });
  await compile(packages, bin, variables, go, context);
  renameSync(join(bin, "language"), join(bin, "pulumi-language-nodejs"));
  for (const plugin of requirements.plugins) {
    mkdirSync(pluginFolder(home, plugin), { recursive: true });
    renameSync(join(bin, plugin.name), pluginBinary(home, plugin));
  }
  installScript(requirements, bin);
  await verify(join(bin, "pulumi"), ["version"], `v${version}`, context);
  for (const plugin of requirements.plugins) {
    await verify(pluginBinary(home, plugin), ["-version"], plugin.version, context);
  }
  sealEngine(folder, version);
}

function installScript(requirements: Requirements, bin: string): void {
  const name = "pulumi-resource-pulumi-nodejs";
  copyFileSync(join(requirements.root, "node_modules", "@pulumi", "pulumi", name), join(bin, name));
  chmodSync(join(bin, name), 0o755);
}

async function compile(
  packages: readonly string[],
  bin: string,
  variables: readonly string[],
  go: Go,
  context: Context,
): Promise<void> {
  const { environment, log, requirements } = context;
  const run = { folder: join(requirements.root, "engine"), environment, otherwise: byHand };
  const total = await reportProgress(log, "fetching Go modules", (tell) =>
    countPackages(go, ["-tags", tags, ...packages], run, tell),
  );
  const linkerFlags = ["-w", "-s", ...variables.map((variable) => `-X ${variable}`)].join(" ");
  const args = ["-ldflags", linkerFlags, "-tags", tags, "-o", `${bin}/`, ...packages];
  await reportProgress(log, "compiling the CLI, its Node language host and the plugins", (tell) =>
    compilePrograms(go, args, total, run, tell),
  );
}

async function verify(file: string, args: readonly string[], expected: string, context: Context): Promise<void> {
  const result = await runCommand(file, args, {
    env: { ...context.environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutMs: 60_000,
  });
  if (result.stdout.trim() !== expected) {
    throw new EngineError(
      `the built ${file} answers "${(result.stdout || result.stderr).trim()}" instead of "${expected}"`,
      "remove the folder and try again; if it stays, install Pulumi by hand",
    );
  }
}
