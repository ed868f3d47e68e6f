import { beforeAll, describe, expect, test } from "vitest";
import type { AppDefinition, LiveApp } from "../../../../providers/marathon/api";
import { definitionOf } from "../../../../providers/marathon/reconcile";
import { type Effect, effectOf, effectText } from "../../../../providers/marathon/restarts";
import { UNKNOWN } from "../../../../providers/runtime/unknown";
import { isObject, type JsonObject } from "../../../conformance/json";
import { type Row, readRecording } from "../../../conformance/recording";

let scenarios: ReadonlyMap<string, readonly Row[]>;

beforeAll(async () => {
  scenarios = new Map((await readRecording()).map(({ name, rows }) => [name, rows]));
});

/** What a plan does to an app. */
function actionOn(id: string, steps: unknown): string | undefined {
  const actions = (steps as { actions: { action: string; app: string }[] }[]).flatMap((step) => step.actions);
  return actions.find(({ app }) => app === id)?.action;
}

const ACTIONS: Readonly<Record<Effect["kind"], string | undefined>> = {
  nothing: undefined,
  scale: "ScaleApplication",
  restart: "RestartApplication",
};

describe("effectOf", () => {
  test("foretells the steps of every recorded update of one field after the other", () => {
    const rows = scenarios.get("which-put-restarts") ?? [];
    const plans = new Map(
      rows
        .flatMap(({ response }) => response.events ?? [])
        .map(({ data }) => data as { id: string; plan: { steps: unknown } })
        .map(({ id, plan }) => [id, plan.steps]),
    );
    let app: AppDefinition = {};
    const seen = { nothing: 0, scale: 0, restart: 0 };
    for (const { id, request, response } of rows) {
      if (request.method === "GET" || !isObject(request.body)) continue;
      const next = { ...app, ...request.body };
      if (request.method === "PUT") {
        const { kind } = effectOf(app, next);
        const { deploymentId } = response.body as { deploymentId: string };
        expect({ id, action: ACTIONS[kind] }).toEqual({ id, action: actionOn("/w", plans.get(deploymentId)) });
        seen[kind]++;
      }
      app = next;
    }
    expect(seen).toEqual({ nothing: 2, scale: 32, restart: 1 });
  });

  test("foretells the steps of every recorded dry run, which shows a restart of what does not change too", () => {
    const rows = scenarios.get("which-change-restarts") ?? [];
    const live = rows.flatMap(({ response }) => (isObject(response.body) ? [response.body["app"]] : [])).find(isObject);
    const kinds = new Map<string, Effect["kind"]>();
    for (const { title, request, response } of rows) {
      if (!live || !request.query.includes("dryRun") || response.status !== 200) continue;
      const { apps, scaleBy = 1 } = request.body as { apps?: JsonObject[]; scaleBy?: number };
      const { id: _, ...sent } = apps?.find(({ id }) => id === "a") ?? live;
      const wanted = { ...sent, instances: Number(sent["instances"]) * scaleBy };
      const { kind } = effectOf(definitionOf(live as unknown as LiveApp, wanted), wanted);
      const expected = kind === "nothing" ? "RestartApplication" : ACTIONS[kind];
      const { steps } = response.body as JsonObject;
      expect({ title, action: expected }).toEqual({ title, action: actionOn("/w/a", steps) });
      kinds.set(title, kind);
    }
    const nothing = [...kinds].filter(([, kind]) => kind === "nothing").map(([title]) => title);
    expect(nothing).toEqual(["dry run, changed: same", "dry run, changed: port 0", "dry run, app added"]);
    expect(kinds.size).toBe(26);
  });

  test.each<[string, AppDefinition, AppDefinition, Effect]>([
    ["the same in other words", {}, { networks: [], env: {} }, { kind: "nothing", fields: [] }],
    ["more instances", {}, { instances: 3 }, { kind: "scale", fields: ["instances"] }],
    [
      "instances and another field",
      {},
      { instances: 3, env: { A: "1" } },
      { kind: "restart", fields: ["env", "instances"] },
    ],
    ["a default written out", {}, { maxLaunchDelaySeconds: 300 }, { kind: "nothing", fields: [] }],
    ["no instances", {}, { instances: 0, cmd: "x" }, { kind: "scale", fields: ["cmd", "instances"] }],
    [
      "resources of the executor",
      {},
      { executorResources: { cpus: 1 } },
      { kind: "nothing", fields: ["executorResources"] },
    ],
    [
      "those of an app without instances",
      { instances: 0 },
      { instances: 0, executorResources: { cpus: 1 } },
      { kind: "scale", fields: ["executorResources"] },
    ],
    ["a value that is not known", {}, { env: { A: UNKNOWN } }, { kind: "restart", fields: ["env"] }],
    ["instances that are not known", {}, { instances: UNKNOWN }, { kind: "scale", fields: ["instances"] }],
    [
      "any port in place of a fixed one that Marathon hands out too",
      { portDefinitions: [{ port: 10_500 }] },
      { portDefinitions: [{ port: 0 }] },
      { kind: "nothing", fields: [] },
    ],
    [
      "any port in place of a fixed one elsewhere",
      { portDefinitions: [{ port: 80 }] },
      { portDefinitions: [{ port: 0 }] },
      { kind: "restart", fields: ["portDefinitions"] },
    ],
    [
      "ports that another place keeps",
      { portDefinitions: [{ port: 10_002 }, { port: 10_003 }] },
      { portDefinitions: [{ port: 10_003 }, { port: 0 }] },
      { kind: "restart", fields: ["portDefinitions"] },
    ],
  ])("of %s", (_, before, after, expected) => {
    expect(effectOf({ cmd: "serve", ...before }, { cmd: "serve", ...after })).toEqual(expected);
  });
});

test.each<[AppDefinition, AppDefinition, string]>([
  [{}, { env: { A: "1" }, cpus: 2 }, "all tasks restart, because cpus and env change"],
  [{}, { env: { A: UNKNOWN } }, "all tasks restart, because env changes or is not known before the update"],
  [{}, { instances: 3 }, "no task restarts: instances change from 1 to 3"],
  [{}, { instances: UNKNOWN }, "no task restarts: instances change from 1 to a number not known yet"],
  [{ instances: 2 }, { instances: 0, cmd: "x" }, "all tasks stop, for instances becomes 0"],
  [{ instances: 0 }, { instances: 0, cmd: "x" }, "no task restarts, for none is to run"],
  [{}, { executorResources: {} }, "no task restarts: Marathon does nothing when only executorResources changes"],
])("effectText tells a change of %j to %j", (before, after, expected) => {
  expect(effectText(effectOf(before, after), before, after)).toBe(expected);
});
