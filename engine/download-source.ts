import { createReadStream, createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { fillFolder } from "./cache";
import { EngineError } from "./errors";
import { cliPrograms, type Engine, openEngine, sealEngine } from "./layout";
import { checksumsUrl, fetchFile, fetchText, officialReleases } from "./network";
import { installPlugins } from "./plugins";
import { reportProgress } from "./progress";
import type { ReleasesContext, Source } from "./source";
import { formatVersion } from "./versions";

/** The official release of the CLI that belongs to the SDK, with the official plugins. */
export function downloadSource(context: ReleasesContext): Source {
  const version = formatVersion(context.requirements.downloadedCli);
  const plugins = context.requirements.plugins;
  const key = ["download", version, ...plugins.map((plugin) => plugin.name + plugin.version), platform() ?? ""].join(
    "-",
  );
  const open = (): Engine | undefined =>
    openEngine(join(context.cacheDir, key), "download", plugins, context.environment["PATH"] ?? "");

  return {
    label: "official download",
    ready: async () => open(),
    async provide() {
      const releases = context.releases ?? officialReleases;
      const target = platform();
      if (target === undefined) {
        throw new EngineError(
          `there is no release to download for ${process.platform}/${process.arch}`,
          "install Pulumi by hand (https://www.pulumi.com/docs/install/)",
        );
      }
      const checksums = await fetchText(checksumsUrl(releases, version));
      await fillFolder(context.cacheDir, key, async (folder) => {
        const archive = join(folder, `pulumi-v${version}-${target}.tar.gz`);
        await fetchArchive(`${releases}/pulumi-v${version}-${target}.tar.gz`, archive, checksums, context.log);
        await extractPrograms(archive, join(folder, "bin"));
        rmSync(archive);
        await installPlugins(join(folder, "bin", "pulumi"), join(folder, "home"), plugins, {
          env: context.environment,
          log: context.log,
        });
        sealEngine(folder, version);
      });
      const engine = open();
      if (engine === undefined) {
        throw new EngineError(
          `the archive of Pulumi ${version} lacks one of ${cliPrograms.join(", ")}`,
          "install Pulumi by hand (https://www.pulumi.com/docs/install/)",
        );
      }
      return engine;
    },
  };
}

function platform(): string | undefined {
  const known = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
  return known.find((name) => name === `${process.platform}-${process.arch}`);
}

async function fetchArchive(
  url: string,
  file: string,
  checksums: string | undefined,
  log: (line: string) => void,
): Promise<void> {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const expected = checksums === undefined ? undefined : checksumOf(checksums, name);
  if (expected === undefined) {
    log(`no checksum is published for ${name}: it is trusted because it comes over TLS from its publisher`);
  }
  const actual = await reportProgress(log, `downloading ${name}`, (setDetail) =>
    fetchFile(url, file, (received, total) =>
      setDetail(`${megabytes(received)}${total > 0 ? ` of ${megabytes(total)}` : ""}`),
    ),
  );
  if (expected !== undefined && actual !== expected) {
    throw new EngineError(
      `${url} has the SHA-256 ${actual}, its publisher says ${expected}`,
      "do not use the file; try again later, or look for a proxy that changes downloads",
    );
  }
}

function checksumOf(checksums: string, name: string): string | undefined {
  const line = checksums.split("\n").find((candidate) => candidate.trim().endsWith(` ${name}`));
  return /^\s*([0-9a-f]{64})\s/.exec(line ?? "")?.[1];
}

/** Takes the programs that a Node project needs; the release holds the hosts of all other languages too. */
async function extractPrograms(archive: string, bin: string): Promise<void> {
  mkdirSync(bin, { recursive: true });
  const unpack = extract();
  const reading = pipeline(createReadStream(archive), createGunzip(), unpack);
  const writing = (async () => {
    for await (const entry of unpack) {
      const program = cliPrograms.find((name) => /^pulumi\/(?:bin\/)?([^/]+)$/.exec(entry.header.name)?.[1] === name);
      if (program === undefined) {
        entry.resume();
      } else {
        await pipeline(entry, createWriteStream(join(bin, program), { mode: 0o755 }));
      }
    }
  })();
  await Promise.all([reading, writing]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
