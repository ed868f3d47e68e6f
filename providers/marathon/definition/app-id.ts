const SEGMENT = /^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$/;
const RESERVED = ["restart", "tasks", "versions"];

/** An id as Marathon keeps it: from the root, with `.` and `..` resolved, without empty parts. */
export function absoluteId(id: string): string {
  const parts: string[] = [];
  for (const part of id.split("/")) {
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

/** Whether an app may have this absolute id; Marathon has paths of its own under `restart`, `tasks` and `versions`. */
export function isAppId(id: string): boolean {
  return isPossibleId(id) && !RESERVED.includes(id.slice(id.lastIndexOf("/") + 1));
}
