import { absolute, hasValidSegments, SEGMENT_PATTERN, segments } from "../model/path-id";
import type { Problem } from "../model/schema";

const RESERVED = ["restart", "tasks", "versions"];

/** The rules every id has to keep to, of an app, a group, a pod or a dependency. */
export function pathProblems(id: string, path: string): Problem[] {
  const problems: Problem[] = [];
  if (!hasValidSegments(id)) problems.push({ path, error: `must fully match regular expression '${SEGMENT_PATTERN}'` });
  if (RESERVED.includes(segments(id).at(-1) ?? ""))
    problems.push({ path, error: `must not end with any of the following reserved keywords: ${RESERVED.join(", ")}` });
  return problems;
}

/** The same, for the id of something that runs. */
export function specIdProblems(id: string): Problem[] {
  const problems = pathProblems(absolute(id), "/id");
  if (segments(absolute(id)).length === 0)
    problems.push({ path: "/id", error: "Path must contain at least one path element" });
  return problems;
}
