import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Plugin } from "./requirements";

/** A pulumi that can run the project, and the variables with which to start it (on top of the caller's own). */
export interface Engine {
  /** Path of the executable. */
  readonly pulumi: string;
  readonly version: string;
  readonly source: "path" | "download" | "build";
  readonly env: Record<string, string>;
}

export const cliPrograms = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;
const manifestName = "engine.json";

export function defaultCacheDir(environment: NodeJS.ProcessEnv): string {
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "clocker", "engine");
}

/** Folder in which Pulumi looks for a plugin, under its home. */
export function pluginFolder(home: string, plugin: Plugin): string {
  return join(home, "plugins", `resource-${plugin.name}-v${plugin.version}`);
}

export function pluginBinary(home: string, plugin: Plugin): string {
  return join(pluginFolder(home, plugin), `pulumi-resource-${plugin.name}`);
}

/** Pulumi itself passes over a folder that has a `.partial` beside it: an installation that was cut short. */
export function hasPlugin(home: string, plugin: Plugin): boolean {
  return isExecutable(pluginBinary(home, plugin)) && !existsSync(`${pluginFolder(home, plugin)}.partial`);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

export function findOnPath(program: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

/** Marks a folder as complete; the last thing written into it. */
export function sealEngine(folder: string, version: string): void {
  writeFileSync(join(folder, manifestName), `${JSON.stringify({ version })}\n`);
}

/** The engine in a folder of the cache, or undefined when something of it is missing. */
export function openEngine(
  folder: string,
  source: "download" | "build",
  plugins: readonly Plugin[],
  path: string,
): Engine | undefined {
  const bin = join(folder, "bin");
  const home = join(folder, "home");
  const version = sealedVersion(folder);
  const complete =
    version !== undefined &&
    cliPrograms.every((program) => isExecutable(join(bin, program))) &&
    plugins.every((plugin) => hasPlugin(home, plugin));
  if (!complete) {
    return undefined;
  }
  return {
    pulumi: join(bin, "pulumi"),
    version,
    source,
    env: {
      PATH: withNode([bin, path].join(delimiter)),
      PULUMI_HOME: home,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // What was built is all there is to have: looking for more only delays the error message.
      ...(source === "build" ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
    },
  };
}

/** The language host starts `node` from PATH. */
export function withNode(path: string): string {
  return findOnPath("node", path) === undefined ? [path, dirname(process.execPath)].join(delimiter) : path;
}

function sealedVersion(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, manifestName), "utf8"));
    return typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : undefined;
  } catch {
    return undefined;
  }
}
