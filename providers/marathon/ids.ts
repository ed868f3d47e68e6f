/** An absolute id of an app, a pod or a group as Marathon takes it. */
const ID = /^(\/([a-z0-9]|[a-z0-9][a-z0-9.-]*[a-z0-9]))+$/;
const RESERVED_ENDING = /\/(restart|tasks|versions)$/;

/** Whether Marathon takes the id: absolute, of lower-case letters, digits, `-` and `.`, and no path of its API. */
export function isAbsoluteId(id: unknown): id is string {
  return typeof id === "string" && ID.test(id) && !RESERVED_ENDING.test(id);
}

/** The id as seen from the root: a relative one belongs to `base`; `.` and `..` are resolved, doubled slashes dropped. */
export function absoluteId(id: string, base: string): string {
  const segments: string[] = [];
  for (const segment of (id.startsWith("/") ? id : `${base}/${id}`).split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

/** The group that something lies in; the root's is the root. */
export function parentOf(id: string): string {
  return id.slice(0, id.lastIndexOf("/")) || "/";
}

/** Whether `id` lies in `group`, however deep. */
export function isInside(id: string, group: string): boolean {
  return id.startsWith(group === "/" ? "/" : `${group}/`) && id !== group;
}
