import { distance } from "fastest-levenshtein";

/** The candidate that `word` is most likely a misspelling of, if one is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = normal(word);
  let limit = Math.max(1, Math.floor(wanted.length / 4));
  let best: string | undefined;
  for (const candidate of candidates) {
    const known = normal(candidate);
    if (Math.abs(known.length - wanted.length) > limit) continue;
    const edits = distance(wanted, known);
    if (edits > limit) continue;
    best = candidate;
    // From here on only a nearer one is better.
    limit = edits - 1;
  }
  return best;
}

/** ` (did you mean 'x'?)`, or nothing if no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? "" : ` (did you mean '${meant}'?)`;
}

/** Candidates are few and asked for again with every word. */
const normals = new Map<string, string>();
const MOST = 10_000;

function normal(word: string): string {
  const known = normals.get(word);
  if (known !== undefined) return known;
  const result = word.toLowerCase().replace(/[-_.]/g, "");
  if (normals.size < MOST) normals.set(word, result);
  return result;
}
