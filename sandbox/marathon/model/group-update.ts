import { readGroup } from "./app-schema";
import { invalidJson, notValid } from "./errors";
import type { Json } from "./json";
import { absolute, isInside } from "./path-id";
import type { RawApp } from "./raw-app";
import type { Problem } from "./schema";

/** A body of `/v2/groups`: lists that are left out keep what is there. */
export type GroupUpdate = {
  readonly id?: string;
  readonly apps?: readonly RawApp[];
  readonly groups?: readonly GroupUpdate[];
  readonly dependencies?: readonly string[];
  readonly scaleBy?: number;
  readonly version?: string;
};

/** Reads and checks a body that is about the group `id`. Throws ApiError 422. */
export function parseGroup(body: Json): GroupUpdate {
  const problems: Problem[] = [];
  const update = readGroup(body, "", problems);
  if (problems.length > 0) throw invalidJson(problems);
  return update as unknown as GroupUpdate;
}

export function validateGroup(update: GroupUpdate, id: string): void {
  const problems = [...exclusive(update, "scaleBy"), ...exclusive(update, "version"), ...strangers(update, id, "")];
  if (problems.length > 0) throw notValid(problems);
}

function exclusive(update: GroupUpdate, key: "scaleBy" | "version"): Problem[] {
  if (update[key] === undefined) return [];
  const others = Object.keys(update).filter((other) => other !== key && other !== "id");
  return others.length > 0 ? [{ path: `/${key}`, error: "not allowed in conjunction with other properties." }] : [];
}

function strangers(update: GroupUpdate, id: string, path: string): Problem[] {
  const error = `Identifier is not child of ${id}. Hint: use relative paths.`;
  const apps = (update.apps ?? []).flatMap((app, index) =>
    isInside(absolute(app.id, id), id) ? [] : [{ path: `${path}/apps(${index})/id`, error }],
  );
  const groups = (update.groups ?? []).flatMap((group, index) => {
    const child = absolute(group.id ?? ".", id);
    const here = `${path}/groups(${index})`;
    return isInside(child, id) ? strangers(group, child, here) : [{ path: `${here}/id`, error }];
  });
  return [...apps, ...groups];
}
