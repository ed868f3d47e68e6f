import { mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { runCommand } from "./command";
import { EngineError } from "./errors";
import { type Engine, findOnPath, hasPlugin, withNode } from "./layout";
import { checksumsUrl, fetchText, officialReleases } from "./network";
import { installPlugins } from "./plugins";
import type { Plugin } from "./requirements";
import type { ReleasesContext, Source } from "./source";
import { formatVersion, isAtLeast, parseVersion } from "./versions";

const versionTimeoutMs = 10_000;

/** The user's own pulumi, used as it is, with the plugins on PATH or in the user's own Pulumi home. */
export function pathSource(context: ReleasesContext): Source {
  const { requirements, environment } = context;
  const home = environment["PULUMI_HOME"] || join(homedir(), ".pulumi");
  const remedy = `install Pulumi ${formatVersion(requirements.builtCli)} or newer (https://www.pulumi.com/docs/install/)`;

  const path = withoutFolder(environment["PATH"] ?? "", context.cacheDir);
  const missingPlugins = (): readonly Plugin[] =>
    requirements.plugins.filter((plugin) => !hasPlugin(home, plugin) && !isAmbient(plugin, path, environment));

  const inspect = async (): Promise<Engine> => {
    const pulumi = findOnPath("pulumi", path);
    if (pulumi === undefined) {
      throw new EngineError("no pulumi found", remedy);
    }
    const version = await versionOf(pulumi, context);
    const parsed = parseVersion(version);
    if (parsed === undefined) {
      throw new EngineError(`"${pulumi} version" answers "${version}", which is no version`, remedy);
    }
    if (!isAtLeast(parsed, requirements.builtCli)) {
      throw new EngineError(
        `${pulumi} is ${formatVersion(parsed)}, older than ${formatVersion(requirements.builtCli)}`,
        remedy,
      );
    }
    const folders = [dirname(realpathSync(pulumi)), dirname(pulumi), path].join(delimiter);
    const missing = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"].find(
      (program) => findOnPath(program, folders) === undefined,
    );
    if (missing !== undefined) {
      throw new EngineError(`${missing} is neither beside ${pulumi} nor on PATH`, remedy);
    }
    return {
      pulumi,
      version: formatVersion(parsed),
      source: "path",
      env: { PATH: withNode(path), PULUMI_SKIP_UPDATE_CHECK: "true" },
    };
  };

  return {
    label: "pulumi on PATH",
    async ready() {
      if (missingPlugins().length > 0) {
        return undefined;
      }
      try {
        return await inspect();
      } catch (error) {
        if (error instanceof EngineError) {
          return undefined;
        }
        throw error;
      }
    },
    async provide() {
      const engine = await inspect();
      // pulumi itself would try for minutes where a firewall swallows the packets.
      await fetchText(checksumsUrl(context.releases ?? officialReleases, engine.version));
      await installPlugins(engine.pulumi, home, missingPlugins(), { env: environment, log: context.log });
      return engine;
    },
  };
}

/** What the project made for itself is not the user's own, wherever PATH leads. */
function withoutFolder(path: string, folder: string): string {
  return path
    .split(delimiter)
    .filter((entry) => !entry.startsWith(folder + sep))
    .join(delimiter);
}

/** Pulumi prefers a plugin on PATH to those in its home, whatever its version, unless it is told not to. */
function isAmbient(plugin: Plugin, path: string, environment: NodeJS.ProcessEnv): boolean {
  const ignored = (environment["PULUMI_IGNORE_AMBIENT_PLUGINS"] ?? "") !== "";
  return !ignored && findOnPath(`pulumi-resource-${plugin.name}`, path) !== undefined;
}

/** Asks the program once; what it said is kept until the file changes, as a start costs a noticeable part of a second. */
async function versionOf(pulumi: string, context: ReleasesContext): Promise<string> {
  const file = join(context.cacheDir, "pulumi-on-path.json");
  const { mtimeMs, size } = statSync(pulumi);
  const identity = JSON.stringify([realpathSync(pulumi), mtimeMs, size]);
  const known = readKnown(file);
  if (known?.identity === identity) {
    return known.version;
  }
  const result = await runCommand(pulumi, ["version"], {
    env: { ...context.environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutMs: versionTimeoutMs,
  });
  const version = result.stdout.trim();
  if (result.code === 0) {
    mkdirSync(context.cacheDir, { recursive: true });
    writeFileSync(file, JSON.stringify({ identity, version }));
  }
  return version;
}

function readKnown(file: string): { identity: string; version: string } | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null && "identity" in value && "version" in value
      ? { identity: String(value.identity), version: String(value.version) }
      : undefined;
  } catch {
    return undefined;
  }
}
