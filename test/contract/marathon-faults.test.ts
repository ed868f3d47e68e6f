import fc from "fast-check";
import { expect, test } from "vitest";
import { appHandler } from "../../providers/marathon/app-handler";
import { DynamicProvider } from "./support/dynamic-provider";
import { InProcessProvider } from "./support/marathon-faults/in-process-provider";
import { live, type StartProvider } from "./support/marathon-faults/life";
import { lives } from "./support/marathon-faults/lives";
import { providerText } from "./support/provider-text";

const RUNS = Number(process.env["MARATHON_FAULTS_RUNS"] ?? 200);
const SEED = Number(process.env["MARATHON_FAULTS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** Numbers of the only lives to live, e.g. `3,17`; all unless given. */
const ONLY = process.env["MARATHON_FAULTS_ONLY"]?.split(",").map(Number);
/** A life mostly waits. */
const AT_ONCE = 16;
const PROCESSES = 6;

console.log(
  `faults of seed ${SEED}; MARATHON_FAULTS_SEED=${SEED} repeats them, MARATHON_FAULTS_ONLY=3,17 some of them`,
);

test(`${RUNS} random lives of apps among faults end right or say what to do, and the next run puts right what is left`, async () => {
  const before = process.getActiveResourcesInfo();
  const failed = await liveAll(SEED, RUNS, async (config) => new InProcessProvider(appHandler, config));
  expect(failed.join("\n\n")).toBe("");
  await expect.poll(() => more(process.getActiveResourcesInfo(), before), { timeout: 15_000 }).toEqual([]);
}, 600_000);

test("so do some over gRPC, whose processes print no secret", async () => {
  const { text } = await providerText("marathon.App");
  const printed: string[] = [];
  const start: StartProvider = async (config) => {
    const provider = await DynamicProvider.start(text, config);
    const stop = provider.stop.bind(provider);
    provider.stop = async () => {
      printed.push(provider.output);
      await stop();
    };
    return provider;
  };
  const failed = await liveAll(SEED + 1, PROCESSES, start);
  expect(failed.join("\n\n")).toBe("");
  expect(printed.join("")).not.toMatch(/open-sesame|s3cr3t-/);
}, 300_000);

/** Lives them all, several at once; tells about those that went wrong. */
async function liveAll(seed: number, count: number, start: StartProvider): Promise<string[]> {
  const all = [...fc.sample(lives, { seed, numRuns: count }).entries()];
  const waiting = all.filter(([index]) => ONLY?.includes(index) ?? true);
  const failed: string[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, life] = next;
      const problems = await live(life, start);
      if (problems.length > 0)
        failed.push(`life ${index} of seed ${seed}: ${JSON.stringify(life)}\n  ${problems.join("\n  ")}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed;
}

/** What keeps the process alive beyond what did before: sockets, servers, timers. */
function more(now: readonly string[], before: readonly string[]): string[] {
  const rest = [...now];
  for (const kind of before) {
    const index = rest.indexOf(kind);
    if (index >= 0) rest.splice(index, 1);
  }
  return rest;
}
