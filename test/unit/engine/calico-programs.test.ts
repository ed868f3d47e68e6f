import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { CALICO_VERSION, type CalicoPrograms, calicoBuild, ensureCalico } from "../../../engine/calico-programs";
import { projectRoot } from "../../../engine/requirements";
import { temporaryFolder, writeScript } from "./fakes";

/** A go that lists two packages and "compiles" scripts, of which calicoctl tells the version that was linked in. */
const fakeGo = (compile: string): string => `echo "$CGO_ENABLED $GOOS $PWD $@" >> "$(dirname "$0")/calls"
case "$1" in
env) echo '{"GOVERSION":"go1.26.8","GOTOOLCHAIN":"auto","GOMODCACHE":"/tmp","GOCACHE":"/tmp","GOPROXY":"direct"}' ;;
list) printf 'a\\nb\\n' ;;
build)
  ${compile}
  out=; linked=
  while [ $# -gt 0 ]; do case "$1" in -o) out="$2" ;; -ldflags) linked="$2" ;; esac; shift; done
  for name in calicoctl calico calico-felix; do
    printf '#!/bin/sh\\necho Client Version: %s\\n' "\${linked##*=}" > "$out$name"
    chmod +x "$out$name"
  done ;;
esac`;

describe("Calico's programs", () => {
  let root: string;
  let bin: string;
  let lines: string[];

  beforeEach(() => {
    root = temporaryFolder();
    bin = join(root, "bin");
    lines = [];
    mkdirSync(join(root, "engine", "calico"), { recursive: true });
    writeFileSync(join(root, "engine", "calico", "go.mod"), "module x\n\ngo 1.24.9\n");
    writeFileSync(join(root, "engine", "calico", "go.sum"), "");
  });

  const ensure = (compile = ":", freeBytes = 1e12): Promise<CalicoPrograms> => {
    writeScript(join(bin, "go"), fakeGo(compile));
    return ensureCalico({
      log: (line) => lines.push(line),
      root,
      cacheDir: join(root, "cache"),
      environment: { PATH: `${bin}:/usr/bin:/bin` },
      inspectDisk: () => ({ device: 1, freeBytes }),
    });
  };
  const calls = (): string[] => readFileSync(join(bin, "calls"), "utf8").trimEnd().split("\n");

  it("are built once, without cgo and with the release's version in them", async () => {
    const programs = await ensure();
    expect(programs.version).toBe(CALICO_VERSION);
    for (const file of [programs.felix, programs.calicoctl, programs.cni]) expect(existsSync(file)).toBe(true);
    const [, list, build] = calls();
    expect(list).toMatch(/^0 linux .*\/engine\/calico list .*-mod=readonly/);
    expect(build).toMatch(/^0 linux .*\/engine\/calico build .*-mod=readonly .*buildinfo\.Version=v3\.31\.0 /);
    lines = [];
    expect(await ensure()).toEqual(programs);
    expect(calls()).toHaveLength(3);
    expect(lines).toEqual([]);
  });

  it("are built anew when the module changes", async () => {
    const before = await ensure();
    appendFileSync(join(root, "engine", "calico", "go.sum"), "example.com/x v1.0.0 h1:x\n");
    expect((await ensure()).felix).not.toBe(before.felix);
  });

  it("are not there after a build that failed, and the error says why and what to do", async () => {
    const failure = ensure("echo 'dial tcp: lookup proxy.example: no such host' >&2; exit 1");
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining("no such host"),
      remedy: expect.stringContaining("GOPROXY"),
    });
    expect(existsSync(join(root, "cache", calicoBuild(root)))).toBe(false);
  });

  it("are refused when another version comes out", async () => {
    const failure = ensure('set -- -ldflags x=v0.0.1 -o "$(echo "$@" | sed \'s/.*-o \\([^ ]*\\) .*/\\1/\')"');
    await expect(failure).rejects.toThrow(/answers "Client Version: v0\.0\.1" instead of v3\.31\.0/);
  });

  it("ask for the disk space before anything is fetched", async () => {
    await expect(ensure(":", 1e6)).rejects.toThrow(/too little disk space/);
    expect(calls()).toHaveLength(1);
  });

  it("come from a module whose sums are all recorded, so that no checksum database is asked", () => {
    const folder = join(projectRoot(), "engine", "calico");
    const sums = readFileSync(join(folder, "go.sum"), "utf8");
    const modules = readFileSync(join(folder, "go.mod"), "utf8");
    const replaced = new Set([...modules.matchAll(/^\t?(\S+) => /gm)].map((match) => match[1]));
    const required = [...modules.matchAll(/^\t(\S+) (v\S+)(?: \/\/ indirect)?$/gm)].filter(
      (match) => !replaced.has(match[1]),
    );
    expect(required.length).toBeGreaterThan(50);
    for (const [, name, version] of required) expect(sums).toContain(`${name} ${version}/go.mod h1:`);
  });
});
