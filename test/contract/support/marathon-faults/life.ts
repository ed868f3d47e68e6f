import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { MarathonServer } from "../../../../sandbox/marathon/server";
import { CallFailure } from "../dynamic-provider";
import { AppUnderTest } from "./app-under-test";
import type { Provider } from "./engine-stand-in";
import { type Fault, FaultSchedule, type Incident } from "./faults";
import { MarathonLedger } from "./ledger";
import { MarathonMasters } from "./masters";
import { Stranger } from "./stranger";

/** What is done to an app after its create; a destroy is the last. */
export type Step = "update" | "scale" | "refresh" | "destroy";

/** A life of some apps in trouble. */
export interface Life {
  readonly masters: number;
  readonly apps: number;
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  /** Time limit of each operation as long as there are faults. */
  readonly seconds: number;
  /** Whether a failed step is followed by a destroy instead of another attempt. */
  readonly givesUp: boolean;
}

/** A provider for this stack configuration. */
export type StartProvider = (
  config: Readonly<Record<string, string>>,
) => Promise<Provider & { stop?(): Promise<void> }>;

const QUICK = {
  simulatedTimes: { starting: 5, running: 20, exit: 10, health: 15, killed: 10 },
  offerInterval: 30,
} as const;
const CALM_SECONDS = 30;
/** A life with this time limit gets over all faults but somebody else's acts and locks. */
export const AMPLE_SECONDS = 25;
const PASSWORD = "open-sesame";
/** What a message has to hold to be of use: what to do, or that it was somebody else, whose doing the next run repairs. */
const ADVICE =
  /run again|check url|check that|look into|wait for|cancel it|choose another|correct |write |use |let the account|raise|remove /;

/** Lives a life against a server of its own and tells what is wrong, a line each. */
export async function live(life: Life, startProvider: StartProvider): Promise<readonly string[]> {
  const server = new MarathonServer({ ...QUICK, credentials: { user: "ops", password: PASSWORD } });
  const { url } = await server.start();
  const headers = { Authorization: `Basic ${Buffer.from(`ops:${PASSWORD}`).toString("base64")}` };
  const ledger = await MarathonLedger.open(url, headers);
  const stranger = new Stranger(url, headers, (deployment) => ledger.ignore(deployment));
  const schedule = new FaultSchedule(life.faults);
  const masters = await MarathonMasters.start(url, life.masters, schedule);
  const provider = await startProvider(configuration(masters.urls));
  const secret = `s3cr3t-${randomUUID()}`;
  const apps = Array.from({ length: life.apps }, (_, index) => new AppUnderTest(provider, index, secret));
  const victim = apps[0]?.id ?? "";
  schedule.incident = (incident) => happen(incident, victim, masters, stranger);
  const problems: string[] = [];
  try {
    schedule.begin();
    const failures = await Promise.all(apps.map((app) => trouble(app, life, stranger)));
    await idle(masters, problems, "among the faults");
    await masters.calm();
    await stranger.leave();
    const acts = (app: AppUnderTest) => (app.id === victim ? stranger.acts : []);
    for (const [index, app] of apps.entries()) {
      const { error, wrong } = failures[index] ?? { wrong: [] };
      problems.push(...wrong, ...judge(error, life, acts(app).length > 0, secret).map((text) => `${app.id}: ${text}`));
      if (error && !app.resource.state && (await stranger.app(app.id)) && acts(app).length === 0)
        problems.push(`${app.id} is an orphan: the create failed without id, and the app is there`);
    }
    const settled = apps.map((app, index) =>
      app.settle(stranger, acts(app), failures[index]?.error !== undefined && life.givesUp, CALM_SECONDS),
    );
    problems.push(...(await Promise.all(settled)).flat());
    for (const app of apps) problems.push(...app.judgeEffects(await ledger.effects(app.id), acts(app)));
    // Who deletes the last app in trouble may leave its empty group rather than fail.
    const inTrouble = life.steps.includes("destroy") && life.seconds < AMPLE_SECONDS;
    if (!stranger.active && !inTrouble && (await stranger.exists("/v2/groups/clocker")))
      problems.push("the group /clocker is left behind");
    await idle(masters, problems, "at the end");
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    ledger.close();
    await provider.stop?.();
    await masters.stop();
    await server.stop();
  }
  return problems.length === 0 ? [] : [...problems, ...masters.trace.slice(-80)];
}

function configuration(urls: readonly string[]): Record<string, string> {
  const auth = { type: "basic", username: "ops", password: PASSWORD };
  const url = urls.length === 1 ? urls[0] : urls;
  return { "clocker:locations": JSON.stringify({ mesos: { type: "marathon", url, auth } }) };
}

async function happen(incident: Incident, id: string, masters: MarathonMasters, stranger: Stranger): Promise<void> {
  if (incident.kind === "leader change") masters.changeLeader();
  if (incident.kind === "leader gone") await masters.loseLeader();
  if (incident.kind === "streams cut") masters.cutStreams();
  if (incident.kind === "streams stalled") masters.stallStreams();
  if (incident.kind === "foreign") await stranger.act(incident.act, id, incident.force, incident.milliseconds);
}

/** Goes through the steps until one fails. */
async function trouble(
  app: AppUnderTest,
  { steps, seconds }: Life,
  stranger: Stranger,
): Promise<{ error?: unknown; wrong: string[] }> {
  const wrong: string[] = [];
  const look = async (when: string) => {
    const problems = await app.problems(stranger, when);
    if (!stranger.active) wrong.push(...problems);
  };
  try {
    await app.up(seconds);
    await look("after the create");
    for (const step of steps) {
      await app.take(step, seconds);
      await look(`after ${step}`);
    }
    return { wrong };
  } catch (error) {
    return { error, wrong };
  }
}

/** What is wrong with an error itself. */
function judge(error: unknown, life: Life, foreign: boolean, secret: string): string[] {
  if (error === undefined) return [];
  const reasons = error instanceof CallFailure && error.partial ? error.partial.reasons : [];
  const texts = [error instanceof Error ? error.message : String(error), ...reasons];
  const shown = JSON.stringify(texts[0]);
  return [
    ...(texts.every((text) => ADVICE.test(text)) ? [] : [`an error that does not say what to do: ${shown}`]),
    ...(texts.some((text) => text.includes(secret) || text.includes(PASSWORD)) ? [`a secret in ${shown}`] : []),
    ...(life.seconds >= AMPLE_SECONDS && !foreign ? [`an error although every fault passes in time: ${shown}`] : []),
  ];
}

/** Whoever has its answer leaves no request and no stream behind. */
async function idle(masters: MarathonMasters, problems: string[], when: string): Promise<void> {
  for (let waits = 0; masters.open > 0 && waits < 40; waits++) await delay(50);
  if (masters.open > 0)
    problems.push(`${masters.open} requests or streams are open although all calls are over, ${when}`);
}
