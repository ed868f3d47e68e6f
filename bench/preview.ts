import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { type Engine, ensureEngine } from "../engine/environment";
import { projectRoot } from "../engine/requirements";
import { runPulumi } from "../ops/pulumi";
import { blueprintText, configurationFor, type Shape } from "./applications";
import { startFakeClouds } from "./fake-clouds";
import { measuredRun } from "./measured-run";
import type { Usage } from "./process-usage";

/** Numbers of services unless given; each is compared with the first. */
const SIZES = [100, 200, 400, 1000];

interface Row {
  readonly services: number;
  readonly resources: number;
  /** Seconds by the clock. */
  readonly elapsed: number;
  readonly usage: ReadonlyMap<string, Usage>;
}

/** A project folder like this one but for its stacks, which nobody else shall see. */
async function makeProject(folder: string): Promise<void> {
  const root = projectRoot();
  await mkdir(path.join(folder, "stacks"));
  await mkdir(path.join(folder, "state"));
  await writeFile(path.join(folder, "Pulumi.yaml"), await readFile(path.join(root, "Pulumi.yaml")));
  for (const shared of ["bin", "node_modules", "package.json", "providers"]) {
    await symlink(path.join(root, shared), path.join(folder, shared));
  }
}

async function measure(engine: Engine, cwd: string, shape: Shape): Promise<Row> {
  const { services } = shape;
  const stack = `bench-${services}`;
  const env = { ...engine.env, PULUMI_BACKEND_URL: `file://${path.join(cwd, "state")}`, PULUMI_CONFIG_PASSPHRASE: "" };
  await runPulumi(engine, ["stack", "select", stack, "--create"], { cwd, env });
  const blueprint = `bench-${services}.yaml`;
  await writeFile(path.join(cwd, blueprint), blueprintText(shape));
  const config = Object.entries(configurationFor(shape, blueprint)).map(([key, value]) => [`clocker:${key}`, value]);
  const file = path.join(cwd, "stacks", `Pulumi.${stack}.yaml`);
  const salt = (await readFile(file, "utf8").catch(() => "")).match(/^encryptionsalt:.*$/m)?.[0] ?? "";
  await writeFile(file, `${salt}\n${stringify({ config: Object.fromEntries(config) })}`);
  const run = await measuredRun(engine, ["preview", "--stack", stack, "--non-interactive"], { cwd, env });
  const resources = Number(/(\d+) to create/.exec(run.text)?.[1] ?? Number.NaN);
  if (Number.isNaN(resources)) throw new Error(`the preview tells no number of resources:\n${run.text.slice(-4000)}`);
  return { services, resources, elapsed: run.elapsed, usage: run.usage };
}

function print({ services, resources, elapsed, usage }: Row, first: Row): void {
  const ratio = (time: number, before: number): string =>
    `${((time / services) * 1000).toFixed(1).padStart(8)} ms a service   x${(time / services / (before / first.services)).toFixed(2)}`;
  console.log(`${services} services, ${resources} resources`);
  console.log(`  ${"by the clock".padEnd(17)}${elapsed.toFixed(1).padStart(7)} s ${ratio(elapsed, first.elapsed)}`);
  for (const [role, { seconds, bytes }] of [...usage].sort()) {
    const before = first.usage.get(role)?.seconds ?? Number.NaN;
    const memory = `${(bytes / 1e6).toFixed(0).padStart(6)} MB`;
    console.log(`  ${role.padEnd(17)}${seconds.toFixed(1).padStart(7)} s ${ratio(seconds, before)}${memory}`);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const sizes = args.length === 0 ? SIZES : args.map(Number);
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new Error(`sizes "${args.join(" ")}": give numbers of services, e.g. 100 200 400, or nothing`);
  }
  const engine = await ensureEngine({ log: console.log });
  const folder = await mkdtemp(path.join(tmpdir(), "clocker-bench-"));
  const clouds = await startFakeClouds(folder);
  try {
    await makeProject(folder);
    let first: Row | undefined;
    for (const services of sizes) {
      const row = await measure(engine, folder, { services, sites: ["docks", "tasks"], ...clouds });
      first ??= row;
      print(row, first);
    }
    console.log(
      "Times but the first are the processor's. x: time a service, compared with the first size; x1 is linear",
    );
  } finally {
    clouds.close();
    await rm(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
