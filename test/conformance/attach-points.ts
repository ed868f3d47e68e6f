import { isObject } from "./json";
import type { Row } from "./recording";

/**
 * Before which row each stream was attached, by the times in the recording: row index to indices of stream rows, which
 * stand where the stream was saved.
 */
export function attachPoints(rows: readonly Row[]): Map<number, number[]> {
  const points = new Map<number, number[]>();
  rows.forEach(({ response }, index) => {
    if (response.events === undefined) return;
    const point = attachPoint(rows.slice(0, index), beginning(response.events), index);
    points.set(point, [...(points.get(point) ?? []), index]);
  });
  return points;
}

/** The version that the answer to a write gives. */
export function versionOf({ request, response: { body } }: Row): string | undefined {
  return request.method !== "GET" && isObject(body) && typeof body.version === "string" ? body.version : undefined;
}

function attachPoint(before: readonly Row[], since: string, otherwise: number): number {
  const isAnswer = ({ response }: Row): boolean => response.events === undefined;
  const later = before.findIndex(
    (row) => isAnswer(row) && (versionOf(row) ?? "") !== "" && (versionOf(row) ?? "") >= since,
  );
  if (later >= 0) return later;
  const write = before.findLastIndex((row) => isAnswer(row) && row.request.method !== "GET");
  const row = before[write];
  return row && versionOf(row) === undefined ? write : otherwise;
}

function beginning([first]: NonNullable<Row["response"]["events"]>): string {
  if (!first || !isObject(first.data)) return "";
  if (first.event === "event_stream_attached") return String(first.data.timestamp ?? "");
  return isObject(first.data.plan) ? String(first.data.plan.version ?? "") : "";
}
