import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatVersion, parseVersion, type Version } from "./versions";

export interface Plugin {
  readonly name: string;
  readonly version: string;
}

/** What the project asks of its engine. Each version is written in one place only: package.json or go.mod. */
export interface Requirements {
  /** The folder that holds package.json. */
  readonly root: string;
  /** CLI built from engine/go.mod, which is also the oldest one accepted on PATH. */
  readonly builtCli: Version;
  /** CLI to download: the one released together with the SDK in package.json. */
  readonly downloadedCli: Version;
  readonly plugins: readonly Plugin[];
  /** Go that the module asks for. */
  readonly go: Version;
}

const bridgedPlugins = ["docker", "openstack"];

/** Works from the sources and from `bin/`. */
export function projectRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "engine", "go.mod"))) {
      return folder;
    }
    if (folder === dirname(folder)) {
      throw new Error(`no folder above ${__dirname} holds engine/go.mod: the checkout is incomplete, clone it again`);
    }
  }
}

export function readRequirements(root: string): Requirements {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const engineModule = readFileSync(join(root, "engine", "go.mod"), "utf8");
  return {
    root,
    builtCli: versionIn("engine/go.mod", engineModule, /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/),
    downloadedCli: versionIn("package.json", pin(manifest, "@pulumi/pulumi"), /^(\S+)$/),
    plugins: bridgedPlugins.map((name) => ({ name, version: pin(manifest, `@pulumi/${name}`) })),
    go: versionIn("engine/go.mod", engineModule, /^go (\S+)$/m),
  };
}

export function describe(requirements: Requirements): string {
  const plugins = requirements.plugins.map((plugin) => `${plugin.name} ${plugin.version}`).join(", ");
  return `Pulumi CLI ${formatVersion(requirements.builtCli)} or newer, its Node language host, plugins ${plugins}`;
}

export function versionIn(file: string, text: string, pattern: RegExp): Version {
  const version = parseVersion(pattern.exec(text)?.[1] ?? "");
  if (version === undefined) {
    throw new Error(`${file}: no version matches ${pattern}`);
  }
  return version;
}

function pin(manifest: unknown, name: string): string {
  const dependencies =
    typeof manifest === "object" && manifest !== null && "dependencies" in manifest ? manifest.dependencies : undefined;
  const version = Object.entries(dependencies ?? {}).find(([key]) => key === name)?.[1];
  if (typeof version !== "string" || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`package.json: dependency ${name} must be pinned to an exact version, it is ${String(version)}`);
  }
  return version;
}
