import type { AddressSource } from "../marathon/addresses";
import { findMarathon } from "./find-marathon";
import type { MesosSettings } from "./location";

/** How long an address is taken as it was found: resources of one operation ask at the same time. */
const FRESH_MS = 5000;

const found = new Map<string, { readonly url: string; readonly at: number }>();

/** Marathon where the Mesos masters find it: anew each time, for its leader may move. */
export function mesosAddresses(settings: MesosSettings, retrySeconds?: number): AddressSource {
  const key = JSON.stringify(settings);
  return async (deadline) => {
    const known = found.get(key);
    if (known !== undefined && performance.now() - known.at < FRESH_MS) return [known.url];
    const { url } = await findMarathon(settings, deadline, retrySeconds === undefined ? {} : { retrySeconds });
    found.set(key, { url, at: performance.now() });
    return [url];
  };
}
