import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot, readRequirements } from "../../../engine/requirements";
import { temporaryFolder, writeScript } from "./fakes";

const root = projectRoot();
// Inside the project, whose folder the program looks for above itself.
const folder = join(root, "node_modules", ".cache", `engine-run-${process.pid}`);
const program = join(folder, "run.js");

/** Starts the program with a pulumi on PATH that does what `body` says. */
function start(body: string, args: readonly string[]): ChildProcess {
  const bin = temporaryFolder();
  const home = temporaryFolder();
  writeScript(join(bin, "pulumi"), `if [ "$1" = version ]; then echo v3.999.0; exit; fi\n${body}`);
  writeScript(join(bin, "pulumi-language-nodejs"), "");
  writeScript(join(bin, "pulumi-resource-pulumi-nodejs"), "");
  for (const { name, version } of readRequirements(root).plugins) {
    writeScript(join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`), "");
  }
  return spawn(process.execPath, [program, ...args], {
    env: { PATH: `${bin}:/usr/bin:/bin`, PULUMI_HOME: home, XDG_CACHE_HOME: home },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

function finish(child: ChildProcess): Promise<{ code: number | null; signal: string | null; stdout: string }> {
  let stdout = "";
  child.stdout?.on("data", (chunk) => {
    stdout += String(chunk);
  });
  return new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, stdout })));
}

describe("npm run pulumi", () => {
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    await build({
      entryPoints: [join(root, "engine", "run.ts")],
      outfile: program,
      bundle: true,
      platform: "node",
      packages: "external",
    });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("hands over arguments, input, output and exit code", async () => {
    const child = start(`echo "args: $*"; read line; echo "input: $line"; echo "$PULUMI_SKIP_UPDATE_CHECK"; exit 7`, [
      "preview",
      "--stack",
      "a b",
    ]);
    child.stdin?.end("hello\n");
    expect(await finish(child)).toEqual({
      code: 7,
      signal: null,
      stdout: "args: preview --stack a b\ninput: hello\ntrue\n",
    });
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("hands over %s and lets pulumi end by itself", async (signal) => {
    const name = signal.replace("SIG", "");
    const child = start(`trap 'echo "got ${name}"; exit 5' ${name}; echo ready; while :; do sleep 0.05; done`, ["up"]);
    child.stdout?.once("data", () => child.kill(signal));
    expect(await finish(child)).toEqual({ code: 5, signal: null, stdout: `ready\ngot ${name}\n` });
  });

  it("ends by the signal that ended pulumi", async () => {
    expect(await finish(start("kill -TERM $$", ["up"]))).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});
