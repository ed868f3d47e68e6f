const SEGMENT = /^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$/;
const RESERVED = ["restart", "tasks", "versions"];

/** An id as Marathon keeps it: from the root, a relative one in `base`, with `.` and `..` resolved, without empty parts. */
export function absoluteId(id: string, base = "/"): string {
  const parts: string[] = [];
  for (const part of (id.startsWith("/") ? id : `${base}/${id}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Whether every part of an absolute id consists of what Marathon takes. */
export function isPossibleId(id: string): boolean {
  return (
    id !== "/" &&
    id
      .slice(1)
      .split("/")
      .every((part) => SEGMENT.test(part))
  );
}

/** Whether an app, a pod or a group may have this absolute id; Marathon has paths of its own under `restart`, `tasks` and `versions`. */
export function isAbsoluteId(id: unknown): id is string {
  return (
    typeof id === "string" &&
    id.startsWith("/") &&
    isPossibleId(id) &&
    !RESERVED.includes(id.slice(id.lastIndexOf("/") + 1))
  );
}

/** The group that something lies in; the root's is the root. */
export function parentOf(id: string): string {
  return id.slice(0, id.lastIndexOf("/")) || "/";
}

/** Whether `id` lies in `group`, however deep. */
export function isInside(id: string, group: string): boolean {
  return id.startsWith(group === "/" ? "/" : `${group}/`) && id !== group;
}
