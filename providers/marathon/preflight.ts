import { Deadline } from "../runtime/deadline";
import { MarathonClient } from "./client";
import { MarathonError } from "./error";
import { isUntrusted } from "./explain";
import type { MarathonSettings } from "./location";

export type MarathonCheck =
  | { readonly ok: true; readonly version: string; readonly frameworkId?: string | undefined }
  | {
      readonly ok: false;
      readonly kind: MarathonProblem;
      readonly problem: string;
      readonly remedy: string;
      /** The setting to correct. */
      readonly setting: "url" | "auth" | "ca";
    };

type MarathonProblem =
  | "unreachable-marathon"
  | "untrusted-marathon"
  | "refused-by-marathon"
  | "not-marathon"
  | "old-marathon";

const TIMEOUT_SECONDS = 15;
const OLDEST = [1, 5] as const;

/** Whether Marathon answers, takes the credentials and is one that apps can be sent to. Never fails, changes nothing. */
export async function checkMarathon(location: MarathonSettings): Promise<MarathonCheck> {
  const client = new MarathonClient(location, { retrySeconds: 0 });
  try {
    const { version, frameworkId } = await client.info(new Deadline(TIMEOUT_SECONDS));
    if (version === undefined) {
      return {
        ok: false,
        kind: "not-marathon",
        problem: `${client.base}/v2/info is not Marathon's`,
        remedy: "write the address of Marathon as url, with its path if it is behind a proxy",
        setting: "url",
      };
    }
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      return {
        ok: false,
        kind: "old-marathon",
        problem: `it is Marathon ${version}, which has no networks in its app definitions`,
        remedy: `use Marathon ${OLDEST.join(".")} or newer`,
        setting: "url",
      };
    }
    return { ok: true, version, frameworkId: frameworkId ?? undefined };
  } catch (error) {
    if (!(error instanceof MarathonError)) throw error;
    const { problem, remedy } = error;
    return { ok: false, ...classify(error), problem, remedy };
  }
}

function classify({ status, code }: MarathonError): Pick<MarathonCheck & { ok: false }, "kind" | "setting"> {
  if (status === 401 || status === 403) return { kind: "refused-by-marathon", setting: "auth" };
  if (isUntrusted(code)) return { kind: "untrusted-marathon", setting: "ca" };
  if (status >= 300 && status < 500) return { kind: "not-marathon", setting: "url" };
  return { kind: "unreachable-marathon", setting: "url" };
}
