/** The regular expression every segment of an absolute id must match, as Marathon prints it. */
export const SEGMENT_PATTERN =
  "^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$";

const SEGMENT = new RegExp(`^(?:${SEGMENT_PATTERN})$`);

/** An absolute id: `foo`, `/foo/` and `/x/../foo` with base `/` all give `/foo`; the root is `/`. */
export function absolute(id: string, base = "/"): string {
  const start = id.startsWith("/") ? [] : segments(base);
  const result: string[] = start;
  for (const segment of segments(id)) {
    if (segment === "..") result.pop();
    else if (segment !== ".") result.push(segment);
  }
  return `/${result.join("/")}`;
}

export function segments(id: string): string[] {
  return id.split("/").filter((segment) => segment !== "");
}

export function parent(id: string): string {
  return `/${segments(id).slice(0, -1).join("/")}`;
}

/** The groups above an id, the root first: `/a/b/c` gives `/`, `/a`, `/a/b`. */
export function ancestors(id: string): string[] {
  const parts = segments(id);
  return parts.map((_, index) => `/${parts.slice(0, index).join("/")}`);
}

export function isInside(id: string, group: string): boolean {
  return group === "/" ? id !== "/" : id.startsWith(`${group}/`);
}

export function hasValidSegments(id: string): boolean {
  return segments(id).every((segment) => SEGMENT.test(segment));
}

/** The id as used in instance ids and lists: `/a/b` gives `a_b`. */
export function flat(id: string): string {
  return segments(id).join("_");
}
