import { isInside } from "../model/path-id";
import type { Root } from "./root";

/** Per app the apps it waits for, its own dependencies and those of the groups above it together. */
export function dependencyGraph(root: Root): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  const waiting = [...root.groups.values()].filter((group) => group.dependencies.length > 0);
  for (const app of root.apps.values()) {
    const above = waiting.filter((group) => isInside(app.id, group.id));
    const targets = [...(app.dependencies ?? []), ...above.flatMap((group) => group.dependencies)];
    const wanted = new Set<string>();
    for (const target of targets) {
      if (root.apps.has(target)) wanted.add(target);
      for (const other of root.apps.keys()) if (isInside(other, target) && !isInside(app.id, target)) wanted.add(other);
    }
    graph.set(app.id, wanted);
  }
  return graph;
}

export function hasCycle(graph: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const done = new Set<string>();
  const open = new Set<string>();
  const visit = (id: string): boolean => {
    if (done.has(id)) return false;
    if (open.has(id)) return true;
    open.add(id);
    const found = [...(graph.get(id) ?? [])].some(visit);
    open.delete(id);
    done.add(id);
    return found;
  };
  return [...graph.keys()].some(visit);
}

/** Length of the longest chain of dependencies below each app, 0 for one that waits for nobody. The graph has no cycle. */
export function dependencyLevels(graph: ReadonlyMap<string, ReadonlySet<string>>): Map<string, number> {
  const levels = new Map<string, number>();
  const level = (id: string): number => {
    const known = levels.get(id);
    if (known !== undefined) return known;
    const below = [...(graph.get(id) ?? [])].map(level);
    const result = below.length === 0 ? 0 : Math.max(...below) + 1;
    levels.set(id, result);
    return result;
  };
  for (const id of graph.keys()) level(id);
  return levels;
}
