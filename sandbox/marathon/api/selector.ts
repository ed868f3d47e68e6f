import type { Labels } from "../model/app";

/**
 * Whether labels satisfy a selector: terms joined by commas, each `key`, `key==value`, `key!=value`,
 * `key in (a,b)` or `key notin (a,b)`.
 */
export function matchesSelector(labels: Labels, selector: string): boolean {
  return terms(selector).every((term) => matchesTerm(labels, term));
}

function matchesTerm(labels: Labels, term: string): boolean {
  const choice = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (choice) {
    const [, key = "", operator, values = ""] = choice;
    const value = labels[key];
    if (value === undefined) return false;
    const listed = values
      .split(",")
      .map((item) => item.trim())
      .includes(value);
    return operator === "in" ? listed : !listed;
  }
  const comparison = /^([^=!\s]+)\s*(==|!=|=)\s*(.*)$/.exec(term);
  if (!comparison) return labels[term] !== undefined;
  const [, key = "", operator, value] = comparison;
  if (labels[key] === undefined) return false;
  return operator === "!=" ? labels[key] !== value : labels[key] === value;
}

function terms(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
}
