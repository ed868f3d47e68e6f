import { mesosAddresses } from "../mesos/addresses";
import type { Deadline } from "../runtime/deadline";
import type { MarathonSettings } from "./location";

/** Where Marathon answers: base URLs of its masters, at least one, the most promising first. Asked again when none answers. */
export type AddressSource = (deadline: Deadline) => Promise<readonly string[]>;

/** The addresses that the settings of a location lead to. */
export function addressesOf({ url, masters = [], ...settings }: MarathonSettings): AddressSource {
  if (url === undefined) return mesosAddresses({ masters, ...settings });
  const urls = [url].flat();
  return async () => urls;
}
