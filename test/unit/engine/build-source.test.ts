import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { buildSource } from "../../../engine/build-source";
import type { Source } from "../../../engine/source";
import { requirementsIn, temporaryFolder, writeScript } from "./fakes";

/** A go that lists three packages and "compiles" scripts which answer like the programs. */
const fakeGo = (compile: string): string => `echo "$GOTOOLCHAIN $CGO_ENABLED $GOWORK $@" >> "$(dirname "$0")/calls"
case "$1" in
env) echo '{"GOVERSION":"go1.26.8","GOTOOLCHAIN":"auto","GOMODCACHE":"/tmp","GOCACHE":"/tmp","GOPROXY":"direct"}' ;;
list) printf 'a\\nb\\nc\\n' ;;
build)
  ${compile}
  out=; variables=
  while [ $# -gt 0 ]; do case "$1" in -o) out="$2" ;; -ldflags) variables="$2" ;; esac; shift; done
  value() { echo "$variables" | tr ' ' '\\n' | sed -n "s|^$1=||p"; }
  script() { printf '#!/bin/sh\\necho %s\\n' "$2" > "$out$1"; chmod +x "$out$1"; }
  script pulumi "$(value github.com/pulumi/pulumi/sdk/v3/go/common/version.Version)"
  script language
  script docker "$(value main.dockerVersion)"
  script openstack "$(value main.openstackVersion)" ;;
esac`;

describe("the build from source", () => {
  let root: string;
  let cacheDir: string;
  let bin: string;
  let lines: string[];

  beforeEach(() => {
    root = temporaryFolder();
    cacheDir = join(root, "cache");
    bin = join(root, "bin");
    lines = [];
    for (const folder of ["docker", "openstack", "language"]) {
      mkdirSync(join(root, "engine", folder), { recursive: true });
    }
    writeFileSync(join(root, "engine", "go.mod"), "module x\n");
    writeFileSync(join(root, "engine", "docker", "main.go"), "package main\n");
    writeScript(join(root, "node_modules", "@pulumi", "pulumi", "pulumi-resource-pulumi-nodejs"), "echo dynamic");
  });

  const sourceOf = (compile = ":", freeBytes = 1e12): Source => {
    writeScript(join(bin, "go"), fakeGo(compile));
    return buildSource({
      requirements: requirementsIn(root),
      environment: { PATH: `${bin}:/usr/bin:/bin`, GOTOOLCHAIN: "auto" },
      cacheDir,
      log: (line) => lines.push(line),
      inspectDisk: () => ({ device: 1, freeBytes }),
    });
  };

  it("makes CLI, language host, dynamic providers' script and plugins, with the versions that are pinned", async () => {
    const engine = await sourceOf().provide();
    expect(engine).toMatchObject({ version: "3.218.0", source: "build" });
    const home = engine.env["PULUMI_HOME"] ?? "";
    expect(readdirSync(join(engine.pulumi, "..")).sort()).toEqual([
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-pulumi-nodejs",
    ]);
    const plugin = join(home, "plugins", "resource-docker-v5.2.0", "pulumi-resource-docker");
    expect(readFileSync(plugin, "utf8")).toContain("echo 5.2.0");
    expect(engine.env).toMatchObject({
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PATH: expect.stringMatching(new RegExp(`^${cacheDir}.*/bin:${bin}:`)),
    });
  });

  it("runs Go without cgo, without another toolchain and without changing go.mod", async () => {
    await sourceOf().provide();
    const calls = readFileSync(join(bin, "calls"), "utf8").trimEnd().split("\n").slice(1);
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(call).toMatch(/^local 0 off (?:list|build) .*-mod=readonly/);
    }
  });

  it("is done once: what is there is found without Go", async () => {
    const built = await sourceOf().provide();
    writeScript(join(bin, "go"), "exit 9");
    expect(await sourceOf("exit 9").ready()).toEqual(built);
  });

  it("is done anew when a Go source or go.mod changes", async () => {
    await sourceOf().provide();
    appendFileSync(join(root, "engine", "docker", "main.go"), "// changed\n");
    expect(await sourceOf().ready()).toBeUndefined();
    await sourceOf().provide();
    appendFileSync(join(root, "engine", "go.mod"), "// changed\n");
    expect(await sourceOf().ready()).toBeUndefined();
    expect(readdirSync(cacheDir)).toHaveLength(2);
  });

  it("is not taken for there when a program is gone", async () => {
    const { pulumi } = await sourceOf().provide();
    rmSync(pulumi);
    expect(await sourceOf().ready()).toBeUndefined();
  });

  it("leaves nothing when it fails, and explains the failure", async () => {
    const source = sourceOf("echo 'dial tcp: lookup x: no such host' >&2; exit 1");
    await expect(source.provide()).rejects.toThrow(
      "go build: Go cannot fetch a module: dial tcp: lookup x: no such host",
    );
    expect(readdirSync(cacheDir)).toEqual([]);
    expect(await source.ready()).toBeUndefined();
  });

  it("does not begin with too little disk space", async () => {
    await expect(sourceOf(":", 4e9).provide()).rejects.toThrow(
      /^too little disk space: about 4\.9 GB are needed, 4\.0 GB are free for /,
    );
    expect(readFileSync(join(bin, "calls"), "utf8")).not.toContain("list");
  });

  it("refuses a program that does not answer with its version", async () => {
    const source = sourceOf(`set -- $(echo "$@" | sed 's|=v3.218.0|=v3.0.0|')`);
    await expect(source.provide()).rejects.toThrow(`instead of "v3.218.0"`);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it("tells what it does, step by step", async () => {
    await sourceOf().provide();
    expect(lines.filter((line) => line.endsWith("…"))).toEqual([
      "fetching Go modules …",
      "compiling the CLI, its Node language host and the plugins …",
    ]);
  });
});
