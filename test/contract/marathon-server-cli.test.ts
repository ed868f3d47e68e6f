import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "marathon-cli-"));
const bundle = join(folder, "marathon.js");

beforeAll(() => {
  buildSync({
    entryPoints: [join(__dirname, "../../sandbox/marathon/main.ts")],
    bundle: true,
    platform: "node",
    target: "node18",
    external: ["*.node", "cpu-features"],
    outfile: bundle,
    logLevel: "error",
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): {
  child: ChildProcess;
  url: Promise<string>;
  mesos: Promise<string>;
  ended: Promise<Ended>;
} {
  const child = spawn(process.execPath, [bundle, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      out += chunk;
      const [, found] = /^Marathon answers at (\S+)\n/.exec(out) ?? [];
      if (found) resolve(found);
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      err += chunk;
    });
    child.on("close", (code) => reject(new Error(`ended with ${code}: ${err}`)));
  });
  url.catch(() => {});
  const mesos = new Promise<string>((resolve) => {
    child.stdout.on("data", () => {
      const [, found] = /^Mesos answers at (\S+)\n/m.exec(out) ?? [];
      if (found) resolve(found);
    });
  });
  return { child, url, mesos, ended };
}

describe("the server as a program of one file", () => {
  it("prints where it answers, asks for the credentials of a file, and ends on SIGTERM", async () => {
    const file = join(folder, "credentials");
    writeFileSync(file, "user:pass:word\n");
    const { child, url, ended } = run("--simulate", "--port", "0", "--credentials-file", file);
    const address = await url;
    expect((await fetch(`${address}/ping`)).status).toBe(401);
    const authorization = `Basic ${Buffer.from("user:pass:word").toString("base64")}`;
    expect((await fetch(`${address}/v2/apps`, { headers: { authorization } })).status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 0, out: `Marathon answers at ${address}\n`, err: "" });
  });

  it.each([
    [["--features"], ["secrets", "external_volumes", "gpu_resources"], "web"],
    [["--features", "--mesos-role", "own"], ["secrets", "external_volumes", "gpu_resources"], "own"],
    [["--features", "secrets"], ["secrets"], null],
  ])("enables by %j the features %j", async (args, features, role) => {
    const { child, url } = run("--simulate", "--port", "0", ...args);
    const info = (await (await fetch(`${await url}/v2/info`)).json()) as { marathon_config: Record<string, unknown> };
    child.kill("SIGTERM");
    expect(info.marathon_config["features"]).toEqual(features);
    expect(info.marathon_config["mesos_role"]).toBe(role);
  });

  it("puts a Mesos master beside it that knows where it answers, and asks for the same credentials", async () => {
    const { child, url, mesos, ended } = run("--simulate", "--port", "0", "--mesos-port", "0", "--credentials", "u:p");
    const [address, master] = [await url, await mesos];
    expect((await fetch(`${master}/master/state`)).status).toBe(401);
    const headers = { authorization: `Basic ${Buffer.from("u:p").toString("base64")}` };
    const state = (await (await fetch(`${master}/master/state`, { headers })).json()) as { frameworks: unknown[] };
    expect(state.frameworks).toMatchObject([{ name: "marathon", webui_url: address }]);
    child.kill("SIGTERM");
    expect((await ended).code).toBe(0);
  });

  it("says what is wrong with its arguments", async () => {
    expect(await run("--port", "0").ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/exactly one of --simulate and --agents/),
    });
    expect(await run("--simulate", "--prot", "1").ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--prot/),
    });
    expect(await run("--simulate", "--port", "x").ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--port is 'x'.*0 \(any\) to 65535/),
    });
    expect(await run("--help").ended).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: marathon/) });
  });

  it("names the port that is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await run("--simulate", "--port", String(port)).ended;
    await new Promise((resolve) => other.close(resolve));
    expect([code, err]).toEqual([1, `port ${port} of 127.0.0.1 is taken; choose another by --port, or 0 for any\n`]);
  });
});
