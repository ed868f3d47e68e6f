import { DnsError } from "./dns-error";
import type { NameServer } from "./name-server";
import { canonicalName } from "./names";
import { toData } from "./record-data";
import {
  additions,
  canonicalValues,
  deletions,
  describeSet,
  type LiveSet,
  liveSet,
  type RecordSetData,
  sameValues,
  valuesOf,
  whereAbsent,
  whereHolding,
} from "./record-set";

/** Others that change the same name at the same moment may win that often. */
const ATTEMPTS = 4;

export async function readRecords(server: NameServer, { name, type }: RecordSetData): Promise<LiveSet | undefined> {
  return liveSet(type, await server.recordsOf({ name, type }));
}

/**
 * Makes the record set where there is none. One that already holds the same was made by a run that was interrupted.
 * @throws DnsError that says what is there if it is something else.
 */
export async function createRecords(server: NameServer, wanted: RecordSetData): Promise<void> {
  const zone = await server.zoneOf(wanted.name);
  const doing = `create ${describeSet(wanted)}`;
  try {
    await server.update(zone, [...whereAbsent(wanted), ...additions(wanted)], doing);
  } catch (error) {
    if (!mayBeSettled(error)) throw error;
    if (holds(wanted, await readAfter(error, server, wanted))) return;
    throw error.unmet ? await foreign(server, wanted, error) : error;
  }
}

/**
 * Replaces the values of `known` by those of `wanted` under the same name and type. What somebody else wrote meanwhile is never overwritten.
 * @throws DnsError that says what is there.
 */
export async function updateRecords(server: NameServer, known: RecordSetData, wanted: RecordSetData): Promise<void> {
  const zone = await server.zoneOf(wanted.name);
  const doing = `update ${describeSet(wanted)}`;
  const change = [...deletions(wanted), ...additions(wanted)];
  const ours = [...known.values, ...wanted.values];
  let expected = whereHolding(
    known,
    canonicalValues(known.type, known.values).map((value) => toData(known.type, value)),
  );
  for (let attempt = 1; ; attempt++) {
    try {
      return await server.update(zone, [...expected, ...change], doing);
    } catch (error) {
      if (!mayBeSettled(error)) throw error;
      const live = await readAfter(error, server, wanted);
      if (holds(wanted, live)) return;
      if (!error.unmet) throw error;
      // Nothing of anybody else is lost where all values are ours, or none is there.
      const all = canonicalValues(wanted.type, ours);
      const foreigners = live && valuesOf(live).some((value) => !all.includes(value));
      if (foreigners || attempt === ATTEMPTS) throw await foreign(server, wanted, error, known);
      const data = live?.records.map((record) => record.data);
      const next = data ? whereHolding(wanted, data) : whereAbsent(wanted);
      // What a wildcard answers is not there.
      expected = next.join() === expected.join() ? whereAbsent(wanted) : next;
    }
  }
}

/** Deletes the values of `known` that are still there. @returns What others put beside them, which stays. */
export async function deleteRecords(server: NameServer, known: RecordSetData): Promise<readonly string[]> {
  const live = await readRecords(server, known);
  const own = canonicalValues(known.type, known.values);
  const ours = live?.records.filter(({ value }) => own.includes(value)) ?? [];
  if (ours.length > 0) {
    const data = ours.map((record) => record.data);
    await server.update(await server.zoneOf(known.name), deletions(known, data), `delete ${describeSet(known)}`);
  }
  return live ? valuesOf(live).filter((value) => !own.includes(value)) : [];
}

function holds(wanted: RecordSetData, live: LiveSet | undefined): boolean {
  return live !== undefined && live.ttl === wanted.ttl && sameValues(wanted.type, valuesOf(live), wanted.values);
}

/** Whether what is on the server tells how it ended: a prerequisite failed, or the answer was lost. */
function mayBeSettled(error: unknown): error is DnsError {
  return error instanceof DnsError && (error.unmet || error.ambiguous);
}

async function readAfter(error: DnsError, server: NameServer, wanted: RecordSetData): Promise<LiveSet | undefined> {
  // Where that fails too, the first failure tells more.
  return readRecords(server, wanted).catch(() => Promise.reject(error));
}

/** Something else is there: what, and what to do. */
async function foreign(
  server: NameServer,
  wanted: RecordSetData,
  { code }: DnsError,
  known?: RecordSetData,
): Promise<DnsError> {
  const records = await server.recordsOf({ name: wanted.name, type: "ANY" });
  const there = records
    .filter(({ type }) => !["RRSIG", "NSEC", "SOA"].includes(type))
    .map(({ type, data, ttl }) => `${type} ${data} (TTL ${ttl})`)
    .join(", ");
  const name = canonicalName(wanted.name);
  const holding = `${name} on name server ${server.label} holds ${there === "" ? "nothing any more" : there}`;
  const message = known
    ? `cannot update ${describeSet(wanted)}: ${holding}, but ${known.values.join(", ")} was left there. ` +
      "Somebody else changed it: run a refresh to see the difference and update again, or correct it there"
    : `cannot create ${describeSet(wanted)}: ${holding}, which this resource did not make. ` +
      "Delete that on the name server, or give each stack a dns.domain of its own, such as prod.example.com";
  return new DnsError(code, message);
}
