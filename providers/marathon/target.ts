import type { Deployment } from "./api";

/** What a change is about. */
export interface Target {
  /** For messages, e.g. `app /clocker/web`. */
  readonly name: string;
  /** Ids of the apps and pods that it changes. */
  readonly ids: readonly string[];
}

export function appTarget(id: string): Target {
  return { name: `app ${id}`, ids: [id] };
}

/** The apps and pods that a deployment concerns. */
export function affectedBy({ affectedApps, affectedPods = [] }: Deployment): readonly string[] {
  return [...affectedApps, ...affectedPods];
}
