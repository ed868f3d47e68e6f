import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { downloadSource } from "../../../engine/download-source";
import { closedUrl, pulumiScript, requirementsIn, serve, temporaryFolder } from "./fakes";

const archiveName = `pulumi-v3.248.0-${process.platform}-${process.arch}.tar.gz`;
const complete = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs", "pulumi-language-go"];

async function archive(programs: readonly string[]): Promise<Buffer> {
  const tarball = pack();
  for (const name of programs) {
    const body = name === "pulumi" ? `#!/bin/sh\n${pulumiScript("3.248.0")}\n` : "#!/bin/sh\n";
    tarball.entry({ name: `pulumi/${name}`, mode: 0o755 }, body);
  }
  tarball.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tarball) {
    chunks.push(chunk as Buffer);
  }
  return gzipSync(Buffer.concat(chunks));
}

const sha256 = (body: Buffer): string => createHash("sha256").update(body).digest("hex");

function sourceOf(releases: string) {
  const root = temporaryFolder();
  const cacheDir = join(root, "cache");
  const lines: string[] = [];
  const environment = { PATH: "/usr/bin:/bin" };
  const source = downloadSource({
    requirements: requirementsIn(root),
    environment,
    cacheDir,
    log: (line) => lines.push(line),
    releases,
  });
  return { source, cacheDir, lines };
}

describe("the official download", () => {
  it("is verified, unpacked and completed with plugins, once", async () => {
    const body = await archive(complete);
    const checksums = `${"0".repeat(64)}  other.tar.gz\n${sha256(body)}  ${archiveName}\n`;
    const releases = await serve({ "/pulumi-3.248.0-checksums.txt": checksums, [`/${archiveName}`]: body });
    const { source, cacheDir } = sourceOf(releases);
    expect(await source.ready()).toBeUndefined();
    const engine = await source.provide();
    expect(engine).toMatchObject({ version: "3.248.0", source: "download" });
    expect(await source.ready()).toEqual(engine);
    const home = engine.env["PULUMI_HOME"] ?? "";
    expect(readdirSync(join(home, "plugins")).sort()).toEqual(["resource-docker-v5.2.0", "resource-openstack-v3.15.2"]);
    expect(existsSync(join(engine.pulumi, "..", "pulumi-language-go"))).toBe(false);
    expect(readdirSync(cacheDir)).toHaveLength(1);
  });

  it("is refused when its checksum is another one, and nothing of it stays", async () => {
    const body = await archive(complete);
    const checksums = `${"a".repeat(64)}  ${archiveName}\n`;
    const releases = await serve({ "/pulumi-3.248.0-checksums.txt": checksums, [`/${archiveName}`]: body });
    const { source, cacheDir } = sourceOf(releases);
    await expect(source.provide()).rejects.toThrow(
      `has the SHA-256 ${sha256(body)}, its publisher says ${"a".repeat(64)}`,
    );
    expect(readdirSync(cacheDir)).toEqual([]);
    expect(await source.ready()).toBeUndefined();
  });

  it("says so when no checksum is published", async () => {
    const { source, lines } = sourceOf(await serve({ [`/${archiveName}`]: await archive(complete) }));
    expect((await source.provide()).source).toBe("download");
    expect(lines.join("\n")).toContain(`no checksum is published for ${archiveName}`);
  });

  it("is refused when a program is missing in it", async () => {
    const { source } = sourceOf(await serve({ [`/${archiveName}`]: await archive(["pulumi"]) }));
    await expect(source.provide()).rejects.toThrow("the archive of Pulumi 3.248.0 lacks one of");
  });

  it("is refused when it is not there", async () => {
    const { source } = sourceOf(await serve({}));
    await expect(source.provide()).rejects.toThrow(/cannot be fetched: .*404/);
  });

  it("is refused when nobody answers, and says what to allow", async () => {
    const { source, cacheDir } = sourceOf(await closedUrl());
    const failure = source.provide();
    await expect(failure).rejects.toThrow(/checksums\.txt cannot be fetched: .*ECONNREFUSED/);
    await expect(failure).rejects.toHaveProperty("remedy", expect.stringContaining("allow https to 127.0.0.1"));
    expect(existsSync(cacheDir)).toBe(false);
  });
});
