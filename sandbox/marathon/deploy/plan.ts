import type { App } from "../model/app";
import type { Json, JsonObject } from "../model/json";
import { changeOf } from "../state/app-versions";
import { dependencyGraph, dependencyLevels } from "../state/dependencies";
import type { Root } from "../state/root";

type ActionName = "StartApplication" | "StopApplication" | "ScaleApplication" | "RestartApplication";

/** One thing to do to one app: `app` is its definition afterwards, or the last one for StopApplication. */
export interface Action {
  readonly action: ActionName;
  readonly app: App;
  /** Instances to kill first when scaling down, by instance id. */
  readonly toKill?: readonly string[];
}

export interface Step {
  readonly actions: readonly Action[];
}

/** What a deployment does, and what to put back if it is reverted. */
export interface Plan {
  readonly id: string;
  readonly version: string;
  readonly steps: readonly Step[];
  /** Definitions before, by app id; undefined where the app was not there. */
  readonly before: ReadonlyMap<string, App | undefined>;
  /** Groups that came with this change. */
  readonly newGroups: readonly string[];
}

/** The steps that lead from one root to the other: stop, start with nothing, then by order of dependencies. */
export function makePlan(
  id: string,
  original: Root,
  target: Root,
  toKill: ReadonlyMap<string, readonly string[]> = new Map(),
): Plan {
  const removed = [...original.apps.values()].filter((app) => !target.apps.has(app.id));
  const added = [...target.apps.values()].filter((app) => !original.apps.has(app.id));
  const levels = dependencyLevels(dependencyGraph(target));
  const byLevel = new Map<number, Action[]>();
  for (const app of target.apps.values()) {
    const action = actionFor(original.apps.get(app.id), app, toKill.get(app.id));
    if (!action) continue;
    const level = levels.get(app.id) ?? 0;
    byLevel.set(level, [...(byLevel.get(level) ?? []), action]);
  }
  const steps: Step[] = [
    { actions: removed.map((app) => ({ action: "StopApplication" as const, app })) },
    { actions: added.map((app) => ({ action: "StartApplication" as const, app })) },
    ...[...byLevel].sort(([a], [b]) => a - b).map(([, actions]) => ({ actions })),
  ].filter((step) => step.actions.length > 0);
  const before = new Map(
    steps.flatMap((step) => step.actions).map(({ app }) => [app.id, original.apps.get(app.id)] as const),
  );
  const newGroups = [...target.groups.keys()].filter((group) => !original.groups.has(group));
  return { id, version: target.version, steps, before, newGroups };
}

export function affectedApps(plan: Plan): string[] {
  return [...plan.before.keys()];
}

/** The plan as events and dry runs show it. */
export function stepsJson(steps: readonly Step[]): Json {
  return steps.map(stepJson);
}

export function stepJson(step: Step): Json {
  return { actions: step.actions.map((action) => actionJson(action)) };
}

/** An action by name and target; those on pods have names of their own. */
export function actionJson({ action, app }: Action): JsonObject {
  return app.pod ? { action: action.replace("Application", "Pod"), pod: app.id } : { action, app: app.id };
}

function actionFor(before: App | undefined, app: App, toKill: readonly string[] | undefined): Action | undefined {
  const scale: Action = { action: "ScaleApplication", app, ...(toKill ? { toKill } : {}) };
  if (!before) return scale;
  const change = changeOf(before, app);
  if (change === "none" && before.version === app.version) return undefined;
  if (change === "scale" || app.instances === 0) return scale;
  if (change === "hidden" && before.version === app.version) return undefined;
  return { action: "RestartApplication", app };
}
