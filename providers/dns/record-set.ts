import type { ResourceRecord } from "./answers";
import { canonicalName } from "./names";
import { canonicalValue, fromData, type RecordType, toData } from "./record-data";

/** All values of one type under one name. */
export interface RecordSetData {
  readonly name: string;
  readonly type: RecordType;
  readonly values: readonly string[];
  /** Seconds. */
  readonly ttl: number;
}

/** What a name server holds of a record set. */
export interface LiveSet {
  readonly ttl: number;
  readonly records: readonly { readonly value: string; readonly data: string }[];
}

/** `A web.example.com`. */
export function describeSet({ name, type }: Pick<RecordSetData, "name" | "type">): string {
  return `${type} ${canonicalName(name)}`;
}

export function liveSet(type: RecordType, records: readonly ResourceRecord[]): LiveSet | undefined {
  const own = records.filter((record) => record.type === type);
  const [first] = own;
  if (!first) return undefined;
  return { ttl: first.ttl, records: own.map(({ data }) => ({ value: fromData(type, data), data })) };
}

/** The values in one way of writing and in order. */
export function canonicalValues(type: RecordType, values: readonly string[]): readonly string[] {
  return [...new Set(values.map((value) => canonicalValue(type, value)))].sort();
}

export function sameValues(type: RecordType, a: readonly string[], b: readonly string[]): boolean {
  return canonicalValues(type, a).join("\n") === canonicalValues(type, b).join("\n");
}

export function valuesOf(live: LiveSet): readonly string[] {
  return live.records.map(({ value }) => value);
}

/** Prerequisites by which nothing that would be in the way is there. A server drops, without a word, what may not stand beside a CNAME. */
export function whereAbsent({ name, type }: RecordSetData): string[] {
  const owner = `${canonicalName(name)}.`;
  if (type === "CNAME") return [`prereq nxdomain ${owner}`];
  return [`prereq nxrrset ${owner} ${type}`, `prereq nxrrset ${owner} CNAME`];
}

/** Prerequisites by which exactly these values are there. */
export function whereHolding({ name, type }: RecordSetData, data: readonly string[]): string[] {
  return data.map((item) => `prereq yxrrset ${canonicalName(name)}. ${type} ${item}`);
}

export function additions({ name, type, values, ttl }: RecordSetData): string[] {
  return canonicalValues(type, values).map(
    (value) => `update add ${canonicalName(name)}. ${ttl} ${type} ${toData(type, value)}`,
  );
}

/** Takes the whole set away, or only those values. */
export function deletions({ name, type }: RecordSetData, data?: readonly string[]): string[] {
  const owner = `${canonicalName(name)}.`;
  if (!data) return [`update delete ${owner} ${type}`];
  return data.map((item) => `update delete ${owner} ${type} ${item}`);
}
