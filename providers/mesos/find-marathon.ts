import { Agent as HttpsAgent } from "node:https";
import axios, { isAxiosError } from "axios";
import { z } from "zod";
import { explain } from "../marathon/explain";
import type { Deadline } from "../runtime/deadline";
import { redact } from "../runtime/redact";
import type { Framework } from "./api";
import { MesosError } from "./error";
import { addressOf, chooseFramework } from "./framework";
import type { MesosSettings } from "./location";
import { MesosMasters } from "./masters";

const REQUEST_TIMEOUT = 10_000;
const RETRY_SECONDS = 60;

const infoSchema = z.object({ frameworkId: z.string().nullish(), version: z.string().optional() });

/** Marathon as the Mesos masters know it. */
export interface FoundMarathon {
  /** Base URL, without user and password. */
  readonly url: string;
  readonly frameworkId: string;
}

/**
 * Asks the leading Mesos master for the framework that is Marathon, and Marathon whether it is that framework.
 * @param retrySeconds How long masters and Marathon may take to elect leaders.
 * @throws MesosError if it is not found; MarathonError if Marathon refuses the credentials or its certificate is not trusted.
 */
export async function findMarathon(
  settings: MesosSettings,
  deadline: Deadline,
  { retrySeconds = RETRY_SECONDS } = {},
): Promise<FoundMarathon> {
  const giveUp = performance.now() + retrySeconds * 1000;
  const masters = new MesosMasters(settings);
  for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
    try {
      const framework = await findFramework(masters, settings, deadline);
      return await verified(framework, settings, deadline);
    } catch (error) {
      const late = deadline.expired || performance.now() + pause > giveUp;
      if (!(error instanceof MesosError && error.transient) || late) throw error;
      await deadline.sleep(pause);
    }
  }
}

function wantedOf({ framework = "marathon" }: MesosSettings): string {
  return framework;
}

/** The summary is enough where it has the framework: the whole state of a cluster may be megabytes of tasks. */
async function findFramework(masters: MesosMasters, settings: MesosSettings, deadline: Deadline): Promise<Framework> {
  try {
    return chooseFramework((await masters.summary(deadline)).frameworks, wantedOf(settings));
  } catch (error) {
    const more = ["unknown-mesos-framework", "not-mesos-master"];
    if (!(error instanceof MesosError && more.includes(error.kind))) throw error;
  }
  return chooseFramework((await masters.state(deadline)).frameworks, wantedOf(settings));
}

/** A user interface or another Marathon may answer at the address: Marathon says itself which framework it is. */
async function verified(framework: Framework, settings: MesosSettings, deadline: Deadline): Promise<FoundMarathon> {
  const url = addressOf(framework);
  const { frameworkId, isMarathon } = await infoOf(url, settings, deadline);
  if (frameworkId === framework.id) return { url, frameworkId };
  throw new MesosError({
    kind: "other-marathon",
    problem: !isMarathon
      ? `framework '${framework.name}' tells Mesos the address ${url}, which answers, but not as Marathon does`
      : `Marathon at ${url} is framework ${frameworkId ?? "of no id yet"}, but Mesos has ${framework.id} there`,
    remedy: "write Marathon's address as url of this location",
    setting: "url",
    transient: isMarathon && typeof frameworkId !== "string",
  });
}

async function infoOf(
  url: string,
  { auth, ca }: MesosSettings,
  deadline: Deadline,
): Promise<{ frameworkId: string | undefined; isMarathon: boolean }> {
  try {
    const { data } = await axios.get<unknown>(`${url}/v2/info`, {
      timeout: REQUEST_TIMEOUT,
      maxRedirects: 0,
      signal: deadline.signal,
      headers: { Accept: "application/json", ...(auth?.type === "token" && { Authorization: `token=${auth.token}` }) },
      ...(auth?.type === "basic" && { auth: { username: auth.username, password: auth.password } }),
      ...(ca !== undefined && { httpsAgent: new HttpsAgent({ ca }) }),
    });
    const info = infoSchema.safeParse(data);
    return { frameworkId: info.data?.frameworkId ?? undefined, isMarathon: info.data?.version !== undefined };
  } catch (error) {
    if (!isAxiosError(error)) throw error;
    const secrets = auth === undefined ? [] : [auth.type === "basic" ? auth.password : auth.token];
    const failure = explain(error, url, (text) => redact(text, secrets));
    if (!failure.transient && failure.status !== 404) throw failure;
    throw new MesosError({
      kind: "unreachable-marathon",
      problem: `${failure.problem}, which is the address that it told Mesos`,
      remedy: "see that Marathon runs; if it is reached at another address, write that as url of this location",
      setting: "url",
      transient: failure.transient,
    });
  }
}
