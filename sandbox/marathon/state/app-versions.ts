import { isDeepStrictEqual } from "node:util";
import { type App, configText } from "../model/app";
import type { Root } from "./root";

/** How an app of the target differs from what it was: `hidden` in `executorResources` alone. */
export type Change = "new" | "none" | "hidden" | "scale" | "config";

export function changeOf(before: App | undefined, after: App): Change {
  if (!before) return "new";
  if (before === after) return "none";
  if (configText(before) !== configText(after)) return "config";
  if (before.instances !== after.instances) return "scale";
  return isDeepStrictEqual(before.executorResources, after.executorResources) ? "none" : "hidden";
}

/**
 * The target with versions as Marathon keeps them: an app that did not change keeps its old one, a scaled or restarted
 * one keeps its `lastConfigChangeAt`. `restarted` are ids that count as changed although they are equal.
 */
export function stampVersions(
  original: Root,
  target: Root,
  version: string,
  restarted: ReadonlySet<string> = new Set(),
): Root {
  const apps = new Map<string, App>();
  for (const app of target.apps.values()) {
    const before = original.apps.get(app.id);
    if (before === app) apps.set(app.id, app);
    else apps.set(app.id, stamp(before, app, version, restarted.has(app.id)));
  }
  return { ...target, apps };
}

function stamp(before: App | undefined, app: App, version: string, restarted: boolean): App {
  const change = changeOf(before, app);
  if (before && change === "none" && !restarted) return before;
  if (before && change === "hidden" && !restarted) return withVersionsOf(before, app);
  const lastConfigChangeAt =
    change !== "config" && change !== "new" ? (before?.versionInfo?.lastConfigChangeAt ?? version) : version;
  return { ...app, version, versionInfo: { lastScalingAt: version, lastConfigChangeAt } };
}

function withVersionsOf({ version, versionInfo }: App, app: App): App {
  return versionInfo ? { ...app, version, versionInfo } : { ...app, version };
}
