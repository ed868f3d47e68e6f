import { isInside } from "../ids";
import type { Tree } from "./tree";

/** Apps of the tree that wait for each other for ever, as `/a → /b → /a`; undefined if they can be started in some order. */
export function cycleIn(tree: Tree): string | undefined {
  const done = new Set<string>();
  for (const id of tree.apps.keys()) {
    const cycle = walk(id, [], tree, done);
    if (cycle) return cycle.join(" → ");
  }
  return undefined;
}

function walk(id: string, path: readonly string[], tree: Tree, done: Set<string>): readonly string[] | undefined {
  const at = path.indexOf(id);
  if (at >= 0) return [...path.slice(at), id];
  if (done.has(id)) return undefined;
  for (const target of targetsOf(id, tree)) {
    const cycle = walk(target, [...path, id], tree, done);
    if (cycle) return cycle;
  }
  done.add(id);
  return undefined;
}

/** The apps that have to run ahead of one: by its own dependencies and those of the groups that it lies in. */
function targetsOf(id: string, { apps, groups }: Tree): string[] {
  const own = (apps.get(id)?.["dependencies"] ?? []) as readonly string[];
  const inherited = [...groups].flatMap(([group, { dependencies }]) => (isInside(id, group) ? dependencies : []));
  return [...own, ...inherited].flatMap((target) =>
    apps.has(target) ? [target] : [...apps.keys()].filter((app) => isInside(app, target)),
  );
}
