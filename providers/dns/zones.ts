import { NameServer } from "./name-server";
import type { NameServerSettings } from "./network-settings";
import { fromData } from "./record-data";

/**
 * The zone that holds each name on that name server; undefined where it is authoritative for none, so that no record can be made there.
 * Asks only; to be used before anything is made.
 * @throws DnsError if the server does not answer, refuses the key, or BIND's programs are missing.
 */
export async function zonesServed(
  settings: NameServerSettings,
  names: readonly string[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const server = new NameServer(settings);
  await server.checkUpdates();
  // A server that does not answer costs the time of one question, not of all.
  const first = await server.zonesOf(names.slice(0, 1));
  return new Map([...first, ...(await server.zonesOf(names.slice(1)))]);
}

/**
 * The texts of the TXT records under a name.
 * @throws DnsError if the server does not answer, refuses the key, or is not authoritative for the name.
 */
export async function textsAt(settings: NameServerSettings, name: string): Promise<readonly string[]> {
  const records = await new NameServer(settings).recordsOf({ name, type: "TXT" });
  return records.filter(({ type }) => type === "TXT").map(({ data }) => fromData("TXT", data));
}
