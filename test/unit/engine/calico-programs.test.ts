import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type CalicoOptions, type CalicoProgram, calicoBuild, ensureCalico } from "../../../engine/calico-programs";
import { projectRoot } from "../../../engine/requirements";
import { temporaryFolder, writeScript } from "./fakes";

const ALL = ["felix", "calicoctl", "cni"] as const;

/** A go that lists two packages and "compiles" a script for each package, which tells the version that was linked in. */
const fakeGo = (compile: string): string => `here="$(dirname "$0")"
echo "$(nice) $CGO_ENABLED $GOOS $PWD $@" >> "$here/calls"
case "$1" in
env) echo '{"GOVERSION":"go1.26.8","GOTOOLCHAIN":"auto","GOMODCACHE":"/tmp","GOCACHE":"/tmp","GOPROXY":"direct"}' ;;
list) printf 'a\\nb\\n' ;;
build)
  ${compile}
  out=; linked=
  while [ $# -gt 0 ]; do case "$1" in -o) out="$2" ;; -ldflags) linked="$2" ;; esac; last="$1"; shift; done
  program="$out$(basename "$last")"
  printf '#!/bin/sh\\necho Client Version: %s\\n' "\${linked##*=}" > "$program"
  chmod +x "$program" ;;
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

  const ensure = <P extends CalicoProgram>(
    programs: readonly P[],
    compile = ":",
    more: Partial<CalicoOptions> = {},
  ): Promise<Readonly<Record<P, string>>> => {
    writeScript(join(bin, "go"), fakeGo(compile));
    return ensureCalico(programs, {
      log: (line) => lines.push(line),
      root,
      cacheDir: join(root, "cache"),
      environment: { PATH: `${bin}:/usr/bin:/bin` },
      inspectDisk: () => ({ device: 1, freeBytes: 1e12 }),
      ...more,
    });
  };
  const calls = (): string[] => readFileSync(join(bin, "calls"), "utf8").trimEnd().split("\n");
  const builds = (): string[] => calls().filter((call) => call.includes(" build "));

  it("are built once, without cgo and with the release's version in them", async () => {
    const programs = await ensure(ALL);
    expect(Object.keys(programs)).toEqual(ALL);
    for (const file of Object.values(programs)) expect(existsSync(file)).toBe(true);
    const [, list] = calls();
    expect(list).toMatch(/ 0 linux .*\/engine\/calico list .*-mod=readonly/);
    expect(builds()).toHaveLength(3);
    for (const build of builds()) {
      expect(build).toMatch(/ 0 linux .*\/engine\/calico build .*-mod=readonly .*buildinfo\.Version=v3\.31\.0 /);
    }
    const before = calls().length;
    lines = [];
    expect(await ensure(ALL)).toEqual(programs);
    expect(calls()).toHaveLength(before);
    expect(lines).toEqual([]);
  });

  it("are built one by one as they are asked for, and what is there is not built again", async () => {
    const { felix } = await ensure(["felix"]);
    expect(builds()).toEqual([expect.stringMatching(/felix\/cmd\/calico-felix$/)]);
    expect(readdirSync(join(root, "cache"))).toEqual([calicoBuild("felix", root)]);
    const programs = await ensure(["cni", "felix"]);
    expect(programs.felix).toBe(felix);
    expect(builds().slice(1)).toEqual([expect.stringMatching(/cni-plugin\/cmd\/calico$/)]);
  });

  it("are built once for two that ask at the same time", async () => {
    const [first, second] = await Promise.all([ensure(["felix"]), ensure(["felix"])]);
    expect(second).toEqual(first);
    expect(builds()).toHaveLength(1);
  });

  it("are built at a lower priority in the background, and only there", async () => {
    await ensure(["felix"], ":", { background: true });
    await ensure(["cni"]);
    const [own, background, foreground] = [getPriority(), ...builds().map((call) => Number(call.split(" ")[0]))];
    expect(foreground).toBe(own);
    expect(background).toBe(Math.min(own + 10, 19));
  });

  it("are not built on when nobody wants them any more, and leave nothing half made", async () => {
    const unwanted = new AbortController();
    const asked = ensure(["felix"], "exec sleep 60", { signal: unwanted.signal });
    await vi.waitFor(() => expect(builds()).toHaveLength(1), { timeout: 20_000 });
    unwanted.abort();
    await expect(asked).rejects.toThrow(/abort/i);
    expect(readdirSync(join(root, "cache"))).toEqual([]);
  });

  it("are built anew when the module changes", async () => {
    const before = await ensure(["felix"]);
    appendFileSync(join(root, "engine", "calico", "go.sum"), "example.com/x v1.0.0 h1:x\n");
    expect((await ensure(["felix"])).felix).not.toBe(before.felix);
  });

  it("are not there after a build that failed, and the error says why and what to do", async () => {
    const failure = ensure(["felix"], "echo 'dial tcp: lookup proxy.example: no such host' >&2; exit 1");
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining("no such host"),
      remedy: expect.stringContaining("GOPROXY"),
    });
    expect(existsSync(join(root, "cache", calicoBuild("felix", root)))).toBe(false);
  });

  it.each(ALL)("are refused when another version comes out: %s", async (program) => {
    const failure = ensure(
      [program],
      'for last; do :; done; set -- -ldflags x=v0.0.1 -o "$(echo "$@" | sed \'s/.*-o \\([^ ]*\\) .*/\\1/\')" "$last"',
    );
    await expect(failure).rejects.toThrow(/answers "Client Version: v0\.0\.1" instead of v3\.31\.0/);
  });

  it("ask for the disk space before anything is fetched", async () => {
    const full = { inspectDisk: () => ({ device: 1, freeBytes: 1e6 }) };
    await expect(ensure(ALL, ":", full)).rejects.toThrow(/too little disk space/);
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
