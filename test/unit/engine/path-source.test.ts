import { readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pathSource } from "../../../engine/path-source";
import type { Source } from "../../../engine/source";
import { closedUrl, pulumiScript, requirementsIn, serve, temporaryFolder, writeScript } from "./fakes";

interface Setup {
  readonly source: Source;
  readonly bin: string;
  readonly home: string;
  readonly lines: string[];
}

const checksums = { "/pulumi-3.218.0-checksums.txt": "" };

async function setup(
  programs: Record<string, string>,
  releases?: string,
  variables: Record<string, string> = {},
): Promise<Setup> {
  const root = temporaryFolder();
  const bin = join(root, "bin");
  const home = join(root, "home");
  const lines: string[] = [];
  for (const [name, body] of Object.entries(programs)) {
    writeScript(join(bin, name), body);
  }
  const source = pathSource({
    requirements: requirementsIn(root),
    environment: { PATH: `${bin}:/usr/bin:/bin`, PULUMI_HOME: home, ...variables },
    cacheDir: join(root, "cache"),
    log: (line) => lines.push(line),
    releases: releases ?? (await serve(checksums)),
  });
  return { source, bin, home, lines };
}

const hosts = { "pulumi-language-nodejs": "", "pulumi-resource-pulumi-nodejs": "" };

describe("the pulumi on PATH", () => {
  it("is used as it is, in the user's own home, when CLI, host and plugins are there", async () => {
    const { source, bin, home } = await setup({ pulumi: pulumiScript("3.300.1"), ...hosts });
    for (const plugin of ["docker-v5.2.0/pulumi-resource-docker", "openstack-v3.15.2/pulumi-resource-openstack"]) {
      writeScript(join(home, "plugins", `resource-${plugin}`), "");
    }
    const engine = await source.ready();
    expect(engine).toMatchObject({ pulumi: join(bin, "pulumi"), version: "3.300.1", source: "path" });
    expect(engine?.env).not.toHaveProperty("PULUMI_HOME");
    expect(engine?.env["PATH"]).toMatch(new RegExp(`^${bin}:`));
  });

  it("gets missing plugins from itself", async () => {
    const { source, bin } = await setup({ pulumi: pulumiScript("3.218.0"), ...hosts });
    expect(await source.ready()).toBeUndefined();
    expect((await source.provide()).pulumi).toBe(join(bin, "pulumi"));
    expect(readFileSync(join(bin, "calls"), "utf8")).toBe(
      "version\nplugin install resource docker 5.2.0 --exact\nplugin install resource openstack 3.15.2 --exact\n",
    );
    expect((await source.ready())?.source).toBe("path");
  });

  it("takes plugins on PATH, as pulumi itself does, and fetches only the others", async () => {
    const { source, bin } = await setup({ pulumi: pulumiScript("3.218.0"), ...hosts, "pulumi-resource-docker": "" });
    expect(await source.ready()).toBeUndefined();
    await source.provide();
    expect(readFileSync(join(bin, "calls"), "utf8")).toBe(
      "version\nplugin install resource openstack 3.15.2 --exact\n",
    );
    expect((await source.ready())?.source).toBe("path");
  });

  it("needs no network when both plugins are on PATH, unless pulumi is told to pass over them", async () => {
    const plugins = { "pulumi-resource-docker": "", "pulumi-resource-openstack": "" };
    const programs = { pulumi: pulumiScript("3.218.0"), ...hosts, ...plugins };
    const { source } = await setup(programs, await closedUrl());
    expect((await source.ready())?.source).toBe("path");
    const told = await setup(programs, await closedUrl(), { PULUMI_IGNORE_AMBIENT_PLUGINS: "true" });
    expect(await told.source.ready()).toBeUndefined();
  });

  it("is asked for its version once, and again when the file changes", async () => {
    const { source, bin } = await setup({ pulumi: pulumiScript("3.218.0"), ...hosts });
    await source.provide();
    await source.ready();
    await source.ready();
    writeScript(join(bin, "pulumi"), pulumiScript("3.1000.0"));
    expect((await source.ready())?.version).toBe("3.1000.0");
    expect(readFileSync(join(bin, "calls"), "utf8").match(/^version$/gm)).toHaveLength(2);
  });

  it("may be a link to the folder that holds its language host", async () => {
    const { source, bin } = await setup({});
    const real = temporaryFolder();
    for (const [name, body] of Object.entries({ pulumi: pulumiScript("3.218.0"), ...hosts })) {
      writeScript(join(real, name), body);
    }
    writeScript(join(bin, "placeholder"), "");
    symlinkSync(join(real, "pulumi"), join(bin, "pulumi"));
    expect((await source.provide()).pulumi).toBe(join(bin, "pulumi"));
  });

  it.each([
    ["there is none", {}, "no pulumi found"],
    ["it is too old", { pulumi: pulumiScript("3.217.9"), ...hosts }, "is 3.217.9, older than 3.218.0"],
    ["it has no language host", { pulumi: pulumiScript("3.218.0") }, "pulumi-language-nodejs is neither beside"],
    ["it tells no version", { pulumi: "echo hello", ...hosts }, `answers "hello", which is no version`],
    ["it fails", { pulumi: "exit 1", ...hosts }, `answers "", which is no version`],
  ])("is refused when %s", async (_case, programs, message) => {
    const { source } = await setup(programs);
    expect(await source.ready()).toBeUndefined();
    const failure = source.provide();
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toHaveProperty("remedy", expect.stringContaining("install Pulumi 3.218.0 or newer"));
  });

  it("is not one that the project made for itself", async () => {
    const root = temporaryFolder();
    const bin = join(root, "cache", "build-3.218.0", "bin");
    for (const [name, body] of Object.entries({ pulumi: pulumiScript("3.218.0"), ...hosts })) {
      writeScript(join(bin, name), body);
    }
    const source = pathSource({
      requirements: requirementsIn(root),
      environment: { PATH: `${bin}:/usr/bin:/bin`, PULUMI_HOME: join(root, "home") },
      cacheDir: join(root, "cache"),
      log: () => undefined,
    });
    await expect(source.provide()).rejects.toThrow("no pulumi found");
  });

  it("is not made to fetch plugins over a closed network", async () => {
    const { source, bin } = await setup({ pulumi: pulumiScript("3.218.0"), ...hosts }, await closedUrl());
    await expect(source.provide()).rejects.toThrow(/cannot be fetched: .*ECONNREFUSED/);
    expect(readFileSync(join(bin, "calls"), "utf8")).toBe("version\n");
  });

  it("is refused when it cannot install a plugin, with its own words", async () => {
    const failing = `case "$1" in version) echo v3.218.0 ;; *) echo "error: 403 rate limit" >&2; exit 255 ;; esac`;
    const { source } = await setup({ pulumi: failing, ...hosts });
    await expect(source.provide()).rejects.toThrow(
      /plugin docker 5\.2\.0 could not be installed.*error: 403 rate limit/,
    );
  });

  it("does not count a plugin whose installation was cut short", async () => {
    const { source, home } = await setup({ pulumi: pulumiScript("3.218.0"), ...hosts });
    await source.provide();
    writeScript(join(home, "plugins", "resource-docker-v5.2.0.partial"), "");
    expect(await source.ready()).toBeUndefined();
    rmSync(join(home, "plugins", "resource-docker-v5.2.0.partial"));
    expect(await source.ready()).toBeDefined();
  });
});
