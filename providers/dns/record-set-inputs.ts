import type { CheckFailure, Properties } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import { nameProblem } from "./names";
import { canonicalValue, RECORD_TYPES, type RecordType, valueProblem } from "./record-data";

const TTL_MAX = 604_800;

/** Everything that is wrong with the inputs of a record set; values that are not known yet are skipped. */
export function checkRecordSet({ name, type, values, ttl }: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  const known = RECORD_TYPES.find((candidate) => candidate === type);
  if (!known && !isUnknown(type)) fail("type", `must be one of ${RECORD_TYPES.join(", ")}; it is ${show(type)}`);
  if (!containsUnknown(name)) {
    const hostsOnly = known === "A" || known === "AAAA";
    const problem = typeof name === "string" ? nameProblem(name, { hostsOnly, wildcard: true }) : "must be a text";
    if (problem !== undefined) fail("name", problem);
  }
  const seconds = typeof ttl === "number" && Number.isInteger(ttl) && ttl >= 1 && ttl <= TTL_MAX;
  if (!isUnknown(ttl) && !seconds) fail("ttl", `must be 1 to ${TTL_MAX} seconds; it is ${show(ttl)}`);
  if (isUnknown(values)) return failures;
  if (!Array.isArray(values) || values.length === 0) {
    fail("values", `must be a list of at least one text; it is ${show(values)}`);
    return failures;
  }
  if (known === "CNAME" && values.length > 1) fail("values", `a CNAME has one value; these are ${values.length}`);
  return [...failures, ...checkValues(known, values)];
}

function checkValues(type: RecordType | undefined, values: readonly unknown[]): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const seen = new Map<string, number>();
  for (const [index, value] of values.entries()) {
    if (containsUnknown(value)) continue;
    const property = `values[${index}]`;
    if (typeof value !== "string") {
      failures.push({ property, reason: `must be a text; it is ${show(value)}` });
      continue;
    }
    if (!type) continue;
    const problem = valueProblem(type, value);
    if (problem !== undefined) failures.push({ property, reason: problem });
    const canonical = canonicalValue(type, value);
    const first = seen.get(canonical);
    if (first !== undefined) failures.push({ property, reason: `is the same as values[${first}]; leave one out` });
    else seen.set(canonical, index);
  }
  return failures;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "missing";
}
