import { Deadline } from "../runtime/deadline";
import { addressesOf } from "./addresses";
import { MarathonClient } from "./client";
import { MarathonError } from "./error";
import { notMarathon } from "./explain";
import type { MarathonSettings } from "./location";
import { MarathonTransport } from "./transport";

interface Problem {
  readonly problem: string;
  readonly remedy: string;
}

export type MarathonCheck =
  /** `others` tells what is wrong with further masters. */
  | { readonly ok: true; readonly version: string; readonly others: readonly Problem[] }
  | ({ readonly ok: false } & Problem);

const TIMEOUT_SECONDS = 15;
const OLDEST = [1, 5] as const;

/**
 * Whether Marathon answers, takes the credentials and is one that apps can be sent to; of several masters, whether one does.
 * Never fails, changes nothing.
 */
export async function checkMarathon(location: MarathonSettings): Promise<MarathonCheck> {
  let urls: readonly string[];
  try {
    urls = await addressesOf(location)(new Deadline(TIMEOUT_SECONDS));
  } catch (error) {
    if (error instanceof MarathonError) return { ok: false, problem: error.problem, remedy: error.remedy };
    throw error;
  }
  const answers = await Promise.all(urls.map((url) => checkMaster({ ...location, url })));
  const wrong = answers.filter((answer) => "problem" in answer);
  const version = answers.find((answer) => "version" in answer)?.version;
  if (version !== undefined) return { ok: true, version, others: wrong.map(({ unreached: _, ...other }) => other) };
  // Whoever answers tells more than whoever does not.
  const { problem, remedy } = wrong.find(({ unreached }) => !unreached) ?? wrong[0] ?? NOBODY;
  return { ok: false, problem, remedy };
}

const NOBODY = { problem: "no address of Marathon is known", remedy: "write url of this location" };

async function checkMaster(
  settings: MarathonSettings,
): Promise<{ version: string } | (Problem & { readonly unreached: boolean })> {
  const client = new MarathonClient(new MarathonTransport(settings, { retrySeconds: 0 }));
  try {
    const { version } = await client.info(new Deadline(TIMEOUT_SECONDS));
    if (typeof version !== "string") {
      throw notMarathon(`${client.base}/v2/info`);
    }
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      return {
        unreached: false,
        problem: `it is Marathon ${version}, which has no networks in its app definitions`,
        remedy: `use Marathon ${OLDEST.join(".")} or newer`,
      };
    }
    return { version };
  } catch (error) {
    if (!(error instanceof MarathonError)) throw error;
    return { unreached: error.status === 0, problem: error.problem, remedy: error.remedy };
  }
}
