import { isDeepStrictEqual } from "node:util";
import { isRecord, type Spec } from "./resource";

/** Fields of Felix that hold a comma-separated list to which several writers add. */
const LISTS = new Set(["interfacePrefix"]);

/**
 * `live` with the change from `before` to `after`: what `after` names is set, what only `before` names is removed, everything
 * else stays. Objects are merged field by field, lists as a whole.
 */
export function mergeChange(live: Spec, before: Spec, after: Spec): Spec {
  const merged: Record<string, unknown> = { ...live };
  for (const key of Object.keys(before)) if (!(key in after)) delete merged[key];
  for (const [key, wanted] of Object.entries(after)) {
    const [there, was] = [live[key], before[key]];
    if (isRecord(wanted) && isRecord(there)) merged[key] = mergeChange(there, isRecord(was) ? was : {}, wanted);
    else merged[key] = LISTS.has(key) ? withItems(there, wanted) : wanted;
  }
  return merged;
}

/** What `known` names, as `live` has it: how a resource that is only merged looks to the one who merged it. */
export function restrictTo(known: Spec, live: Spec): Spec {
  const seen: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(known)) {
    const there = live[key];
    if (there === undefined) continue;
    if (isRecord(value) && isRecord(there)) seen[key] = restrictTo(value, there);
    else seen[key] = LISTS.has(key) && isDeepStrictEqual(withItems(there, value), there) ? value : there;
  }
  return seen;
}

/**
 * `live` without what `ours` merged into it: each field that still has our value gets the one it had before (`replaced`, null
 * where there was none). Lists to which others add stay.
 */
export function takeBack(live: Spec, ours: Spec, replaced: Spec): Spec {
  const left: Record<string, unknown> = { ...live };
  for (const [key, value] of Object.entries(ours)) {
    const [there, before] = [live[key], replaced[key]];
    if (LISTS.has(key)) continue;
    let former = before ?? undefined;
    if (isRecord(value) && isRecord(there)) {
      const rest = takeBack(there, value, isRecord(before) ? before : {});
      if (isRecord(before) || Object.keys(rest).length > 0) former = rest;
    } else if (!isDeepStrictEqual(value, there)) continue;
    if (former === undefined) delete left[key];
    else left[key] = former;
  }
  return left;
}

function withItems(there: unknown, wanted: unknown): unknown {
  if (typeof there !== "string" || typeof wanted !== "string") return wanted;
  return [...new Set([...there.split(","), ...wanted.split(",")])].filter((item) => item !== "").join(",");
}
