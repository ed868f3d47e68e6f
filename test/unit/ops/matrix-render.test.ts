import { expect, test } from "vitest";
import type { Outcome } from "../../../ops/matrix/model";
import { differs, renderMatrix } from "../../../ops/matrix/render";

function outcome(from: string, to: string, connected: boolean, declared: boolean, port = 80): Outcome {
  return { from, to, ownPort: 80, address: "192.0.2.1", port, connected, declared };
}

test("every place has a row, every port a column, outside comes last", () => {
  const outcomes = [
    outcome("outside", "web", true, true),
    outcome("web", "db", true, true),
    outcome("db", "web", false, false),
    outcome("zoo", "web", false, false),
    outcome("zoo", "db", false, false),
  ];
  expect(renderMatrix(outcomes).split("\n")).toEqual([
    "FROM \\ TO  db:80    web:80",
    "db         -        refused",
    "web        allowed  -",
    "zoo        refused  refused",
    "outside    -        allowed",
    "",
    "5 connections tried: all as declared",
  ]);
  expect(outcomes.some(differs)).toBe(false);
});

test("what differs from what is declared is marked, and told with its address", () => {
  const outcomes = [outcome("web", "db", false, true), outcome("db", "web", true, false, 8080)];
  expect(renderMatrix(outcomes).split("\n")).toEqual([
    "FROM \\ TO  db:80      web:80",
    "db         -          allowed !",
    "web        refused !  -",
    "",
    "2 connections tried: 2 not as declared",
    "! web -> db:80 at 192.0.2.1:80 is refused, declared is allowed",
    "! db -> web:80 at 192.0.2.1:8080 is allowed, declared is refused",
  ]);
  expect(outcomes.every(differs)).toBe(true);
});

test("of several ways to one port the wrong one shows", () => {
  const outcomes = [outcome("web", "db", true, true), outcome("web", "db", false, true, 81)];
  expect(renderMatrix(outcomes)).toContain("web        refused !");
});

test("services that nothing could be tried from are told", () => {
  expect(renderMatrix([outcome("outside", "task", false, false)], ["task"])).toMatch(/\nnot tried from task: .*Mesos/);
});
