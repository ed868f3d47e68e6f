import type { ValidationContext } from "../validation/app";
import { pathProblems } from "../validation/ids";
import type { AppSpec } from "./app";
import { readGroup } from "./app-schema";
import { invalidJson, throwIfAny } from "./errors";
import type { Json } from "./json";
import type { NormalisationContext } from "./normalise";
import { absolute, parent } from "./path-id";
import type { RawApp } from "./raw-app";
import type { Problem } from "./schema";
import { checked } from "./update-app";

/** A body of `/v2/groups`: lists that are left out keep what is there. */
export type GroupUpdate = {
  readonly id?: string;
  readonly apps?: readonly RawApp[];
  readonly groups?: readonly GroupUpdate[];
  readonly dependencies?: readonly string[];
  readonly scaleBy?: number;
  readonly version?: string;
};

/** The same with absolute ids and finished apps. */
export interface Group {
  readonly id: string;
  readonly apps?: readonly AppSpec[];
  readonly groups?: readonly Group[];
  readonly dependencies?: readonly string[];
}

export interface GroupContexts {
  readonly normalisation: NormalisationContext;
  readonly validation: ValidationContext;
}

/** Reads a body. Throws ApiError 422 "Invalid JSON". */
export function parseGroup(body: Json): GroupUpdate {
  const problems: Problem[] = [];
  const update = readGroup(body, "", problems);
  if (problems.length > 0) throw invalidJson(problems);
  return update as unknown as GroupUpdate;
}

/** What a body sent to the group `base` asks for: apps are judged first, one by one, then the groups. Throws ApiError. */
export function resolveGroup(update: GroupUpdate, base: string, contexts: GroupContexts): Group {
  if (update.id !== undefined) throwIfAny(pathProblems(absolute(update.id, base), "/"));
  const group = resolve(update, base, contexts);
  throwIfAny(groupProblems(update, group, ""));
  return group;
}

function resolve(update: GroupUpdate, base: string, contexts: GroupContexts): Group {
  const id = absolute(update.id ?? ".", base);
  const { normalisation, validation } = contexts;
  const apps = update.apps?.map((raw) =>
    checked({ ...raw, version: undefined }, { ...normalisation, base: id }, validation),
  );
  const dependencies = update.dependencies?.map((target) => absolute(target, id));
  const groups = update.groups?.map((child) => resolve(child, id, contexts));
  return { id, ...(apps && { apps }), ...(groups && { groups }), ...(dependencies && { dependencies }) };
}

function groupProblems(update: GroupUpdate, group: Group, path: string): Problem[] {
  const problems = [...exclusive(update, "scaleBy", path), ...exclusive(update, "version", path)];
  if (update.id !== undefined) problems.push(...pathProblems(group.id, `${path}/id`));
  const error = `Identifier is not child of ${group.id}. Hint: use relative paths.`;
  group.apps?.forEach(({ id }, index) => {
    if (parent(id) !== group.id) problems.push({ path: `${path}/apps(${index})/id`, error });
  });
  group.groups?.forEach((child, index) => {
    const here = `${path}/groups(${index})`;
    if (child.id !== group.id && parent(child.id) !== group.id) problems.push({ path: `${here}/id`, error });
    problems.push(...groupProblems(update.groups?.[index] ?? {}, child, here));
  });
  return problems;
}

function exclusive(update: GroupUpdate, key: "scaleBy" | "version", path: string): Problem[] {
  const others = Object.keys(update).filter((other) => other !== key);
  if (update[key] === undefined || others.length === 0) return [];
  return [{ path: `${path}/${key}`, error: "not allowed in conjunction with other properties." }];
}
