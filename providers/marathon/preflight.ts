import { Deadline } from "../runtime/deadline";
import { MarathonClient } from "./client";
import { MarathonError } from "./error";
import type { MarathonSettings } from "./location";

export type MarathonCheck =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

const TIMEOUT_SECONDS = 15;
const OLDEST = [1, 5] as const;

/** Whether Marathon answers, takes the credentials and is one that apps can be sent to. Never fails, changes nothing. */
export async function checkMarathon(location: MarathonSettings): Promise<MarathonCheck> {
  const client = new MarathonClient(location, { retrySeconds: 0 });
  try {
    const { version } = await client.info(new Deadline(TIMEOUT_SECONDS));
    if (version === undefined) {
      return {
        ok: false,
        problem: `${client.base}/v2/info is not Marathon's`,
        remedy: "write the address of Marathon as url, with its path if it is behind a proxy",
      };
    }
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      return {
        ok: false,
        problem: `it is Marathon ${version}, which has no networks in its app definitions`,
        remedy: `use Marathon ${OLDEST.join(".")} or newer`,
      };
    }
    return { ok: true, version };
  } catch (error) {
    if (error instanceof MarathonError) return { ok: false, problem: error.problem, remedy: error.remedy };
    throw error;
  }
}
