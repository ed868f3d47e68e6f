import { nearest } from "../blueprint/suggest";

/** ` (did you mean 'x'?)`, or nothing if no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? "" : ` (did you mean '${meant}'?)`;
}

/** Known names for a message: `a, b, c`, or `none`. */
export function listNames(names: Iterable<string>): string {
  return [...names].sort().join(", ") || "none";
}
