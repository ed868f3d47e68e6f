import { subscribe } from "node:diagnostics_channel";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { type Engine, ensureEngine } from "../engine/environment";
import { projectRoot } from "../engine/requirements";
import { runPulumi } from "../ops/pulumi";
import { MarathonServer } from "../sandbox/marathon/server";
import { BareMarathon } from "./bare-marathon";
import { type MeasuredRun, measuredRun } from "./measured-run";

const APPS = 500;
const AT_ONCE = 16;
/** Tasks come up soon, so that what is measured is not their start; in milliseconds. */
const QUICK = {
  simulatedTimes: { starting: 30, running: 100, exit: 50, health: 100, killed: 30 },
  offerInterval: 200,
} as const;
const LABELS = { "clocker.application": "bench", "clocker.stack": "bench" };

/** Makes one resource for each definition in apps.json. */
const PROGRAM = `
const { MarathonApp } = require("./bin/providers/marathon/resource.js");
for (const { id, ...app } of require("./apps.json")) {
  new MarathonApp(id.slice(id.lastIndexOf("/") + 1), { location: "mesos", appId: id, app });
}
`;

interface Definition {
  readonly id: string;
}

interface Taken {
  readonly seconds: number;
  /** Sent to Marathon. */
  readonly requests: number;
}

function definitions(count: number): Definition[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `/clocker/bench/a${index}`,
    cmd: "sleep 1000",
    cpus: 0.01,
    mem: 8,
    networks: [{ mode: "container/bridge" }],
    container: { docker: { image: "example/service:1" }, portMappings: [{ containerPort: 80, name: "http" }] },
    env: { GREETING: "hello" },
    healthChecks: [{ protocol: "MESOS_TCP", portIndex: 0 }],
    labels: { ...LABELS, "clocker.service": `a${index}` },
  }));
}

async function makeProject(folder: string, apps: readonly Definition[], url: string): Promise<void> {
  for (const name of ["node_modules", "bin", "providers"]) {
    await symlink(path.join(projectRoot(), name), path.join(folder, name));
  }
  await mkdir(path.join(folder, "state"));
  const config = { "clocker:locations": { mesos: { type: "marathon", url } } };
  const files = {
    "Pulumi.yaml": stringify({ name: "clocker", runtime: { name: "nodejs", options: { typescript: false } } }),
    "Pulumi.bench.yaml": stringify({ config }),
    "package.json": JSON.stringify({ name: "clocker", main: "index.js" }),
    "apps.json": JSON.stringify(apps),
    "index.js": PROGRAM,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
}

/** The server runs in this process, so its requests can be counted here. */
function countRequests(): () => number {
  let count = 0;
  subscribe("http.server.request.start", () => count++);
  return () => {
    const so = count;
    count = 0;
    return so;
  };
}

async function measure(engine: Engine, count: number, folder: string, marathon: MarathonServer): Promise<void> {
  const { url } = await marathon.start();
  const apps = definitions(count);
  await makeProject(folder, apps, url);
  const requests = countRequests();
  const bare = new BareMarathon(url, AT_ONCE);
  const alone = async (work: Promise<void>): Promise<Taken> => {
    const begun = performance.now();
    await work;
    return { seconds: (performance.now() - begun) / 1000, requests: requests() };
  };
  const bareRows = {
    up: await alone(bare.up(apps)),
    preview: await alone(bare.look(apps)),
    destroy: await alone(bare.destroy(apps)),
  };

  const env = {
    ...engine.env,
    PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
  };
  const context = { cwd: folder, env };
  await runPulumi(engine, ["stack", "init", "bench"], context);
  const pulumi = async (args: readonly string[], expected: RegExp): Promise<Taken & { run: MeasuredRun }> => {
    const run = await measuredRun(engine, [...args, "--stack", "bench", "--non-interactive"], context);
    if (!expected.test(run.text)) throw new Error(`pulumi ${args[0]} did something else:\n${run.text.slice(-4000)}`);
    return { seconds: run.elapsed, requests: requests(), run };
  };
  const many = ["--yes", "--skip-preview", "--parallel", String(AT_ONCE)];
  console.log(
    `${count} apps on Marathon, ${AT_ONCE} at once; the server is simulated, a task is healthy in 0.4 s or less`,
  );
  print("up", count, bareRows.up, await pulumi(["up", ...many], new RegExp(`${count + 1} created`)));
  const look = await pulumi(["preview", "--parallel", String(AT_ONCE)], new RegExp(`${count + 1} unchanged`));
  print("preview", count, bareRows.preview, look);
  print("destroy", count, bareRows.destroy, await pulumi(["destroy", ...many], new RegExp(`${count + 1} deleted`)));
  console.log("x: by the clock, compared with the bare API: create and wait, look once, delete and wait");
}

function print(what: string, count: number, bare: Taken, { run, ...taken }: Taken & { run: MeasuredRun }): void {
  const figures = ({ seconds, requests }: Taken) =>
    `${seconds.toFixed(1).padStart(7)} s ${(requests / count).toFixed(1).padStart(6)} requests an app`;
  console.log(`  ${what.padEnd(8)} bare API         ${figures(bare)}`);
  console.log(`  ${"".padEnd(8)} Pulumi           ${figures(taken)}   x${(taken.seconds / bare.seconds).toFixed(2)}`);
  for (const [role, { seconds, bytes }] of [...run.usage].sort()) {
    const memory = `${(bytes / 1e6).toFixed(0).padStart(6)} MB`;
    console.log(`  ${"".padEnd(10)} ${role.padEnd(17)}${seconds.toFixed(1).padStart(5)} s of processor time${memory}`);
  }
}

async function main([given]: readonly string[]): Promise<void> {
  const count = given === undefined ? APPS : Number(given);
  if (!Number.isInteger(count) || count < 1 || count > 2000) {
    throw new Error(`number of apps "${given}": give a whole number from 1 to 2000, or nothing for ${APPS}`);
  }
  const engine = await ensureEngine({ log: console.log });
  const folder = await mkdtemp(path.join(tmpdir(), "clocker-bench-"));
  const marathon = new MarathonServer(QUICK);
  try {
    await measure(engine, count, folder, marathon);
  } finally {
    await marathon.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
