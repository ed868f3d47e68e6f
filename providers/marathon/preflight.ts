import { Deadline } from "../runtime/deadline";
import { addressesOf } from "./addresses";
import type { Info } from "./api";
import { MarathonClient } from "./client";
import { MarathonError } from "./error";
import { isUntrusted, notMarathon } from "./explain";
import type { MarathonSettings } from "./location";
import { MarathonTransport } from "./transport";

type Kind = "unreachable-marathon" | "untrusted-marathon" | "refused-by-marathon" | "not-marathon" | "old-marathon";

interface Problem {
  readonly kind: Kind;
  readonly problem: string;
  readonly remedy: string;
  /** The setting to correct. */
  readonly setting: "url" | "auth" | "ca";
}

export type MarathonCheck =
  | {
      readonly ok: true;
      readonly version: string;
      readonly frameworkId?: string | undefined;
      /** What is wrong with further addresses. */
      readonly others: readonly Problem[];
    }
  | ({ readonly ok: false } & Problem);

const TIMEOUT_SECONDS = 15;
const OLDEST = [1, 5] as const;

/**
 * Whether Marathon answers, takes the credentials and is one that apps can be sent to; of several addresses, whether one does. Changes
 * nothing.
 * @throws MesosError if Marathon is to be found through Mesos masters and is not.
 */
export async function checkMarathon(location: MarathonSettings): Promise<MarathonCheck> {
  const urls = await addressesOf(location)(new Deadline(TIMEOUT_SECONDS));
  const answers = await Promise.all(urls.map((url) => checkAddress({ ...location, url })));
  const others = answers.filter((answer) => "problem" in answer);
  const info = answers.find((answer) => "version" in answer);
  if (info) return { ok: true, version: info.version, frameworkId: info.frameworkId ?? undefined, others };
  // Whoever answers tells more than whoever does not.
  const problem = others.find(({ kind }) => kind !== "unreachable-marathon") ?? others[0] ?? NOWHERE;
  return { ok: false, ...problem };
}

const NOWHERE: Problem = {
  kind: "unreachable-marathon",
  problem: "no address of Marathon is known",
  remedy: "write url of this location",
  setting: "url",
};

async function checkAddress(settings: MarathonSettings): Promise<Info | Problem> {
  const client = new MarathonClient(new MarathonTransport(settings, { retrySeconds: 0 }));
  try {
    const info = await client.info(new Deadline(TIMEOUT_SECONDS));
    if (typeof info.version !== "string") throw notMarathon(`${client.base}/v2/info`);
    const [major = 0, minor = 0] = info.version.split(".").map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return info;
    return {
      kind: "old-marathon",
      problem: `it is Marathon ${info.version}, which has no networks in its app definitions`,
      remedy: `use Marathon ${OLDEST.join(".")} or newer`,
      setting: "url",
    };
  } catch (error) {
    if (!(error instanceof MarathonError)) throw error;
    const { problem, remedy } = error;
    return { ...classify(error), problem, remedy };
  }
}

function classify({ status, code }: MarathonError): Pick<Problem, "kind" | "setting"> {
  if (status === 401 || status === 403) return { kind: "refused-by-marathon", setting: "auth" };
  if (isUntrusted(code)) return { kind: "untrusted-marathon", setting: "ca" };
  if (status >= 200 && status < 500 && status !== 429) return { kind: "not-marathon", setting: "url" };
  return { kind: "unreachable-marathon", setting: "url" };
}
