/** Known names for a message: `a, b, c`, or `none`. */
export function listNames(names: Iterable<string>): string {
  return [...names].sort().join(", ") || "none";
}
