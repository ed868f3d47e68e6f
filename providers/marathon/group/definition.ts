import type { CheckFailure } from "../../runtime/handler";
import { containsUnknown, isUnknown } from "../../runtime/unknown";
import type { AppDefinition } from "../api";
import { checkDefinition } from "../definition/check";
import { isObject, type Json, withoutNull } from "../definition/json";
import { absoluteId, isAbsoluteId, parentOf } from "../ids";
import { GROUP_LABEL, OWNER_LABELS } from "../owner";
import { cycleIn } from "./cycle";
import { type GroupDefinition, treeOf } from "./tree";

const KEYS = ["id", "apps", "groups", "dependencies", "enforceRole"];
const REFUSED: Readonly<Record<string, string>> = {
  version: "is not taken: Marathon would roll back to that version; leave it out",
  scaleBy: "is not taken: write instances of each app",
  pods: "is not taken: Marathon takes no pods in a group's definition; make each a marathon.Pod",
};

interface CheckedGroup {
  readonly group: unknown;
  readonly failures: readonly CheckFailure[];
  /** What Marathon takes and then leaves out: one sentence each, by the app's id. */
  readonly notes: readonly string[];
}

/** A definition in the form that is kept and sent, every id absolute, and what is wrong with it. Unknown values pass. */
export function checkGroup(value: unknown, groupId: unknown): CheckedGroup {
  if (isUnknown(value)) return { group: value, failures: [], notes: [] };
  const failures: CheckFailure[] = [];
  const notes: string[] = [];
  const given = withoutNull(value);
  const top = isAbsoluteId(groupId) ? groupId : undefined;
  const group = groupAt("group", given, top, { top, failures, notes });
  if (isObject(given) && "id" in given)
    failures.push({ property: "group.id", reason: "is not taken: write it as groupId" });
  if (failures.length === 0 && isAbsoluteId(groupId) && !containsUnknown(idsOf(group))) {
    failures.push(...contradictions(groupId, group as GroupDefinition));
  }
  return { group, failures, notes: failures.length > 0 ? [] : notes };
}

interface Walk {
  /** Absolute id of the resource's group, undefined if it is not known. */
  readonly top: string | undefined;
  readonly failures: CheckFailure[];
  readonly notes: string[];
}

/** @param id Absolute id of this group, undefined if it is not known. */
function groupAt(path: string, value: unknown, id: string | undefined, walk: Walk): unknown {
  const { top, failures } = walk;
  if (isUnknown(value)) return value;
  if (!isObject(value)) {
    failures.push({ property: path, reason: "must be a group: an object with apps, groups and dependencies" });
    return value;
  }
  for (const key of Object.keys(value).filter((key) => !KEYS.includes(key))) {
    failures.push({
      property: `${path}.${key}`,
      reason: REFUSED[key] ?? `is no key of a group: it has ${KEYS.slice(1).join(", ")}`,
    });
  }
  const { enforceRole } = value;
  if (enforceRole !== undefined && !isUnknown(enforceRole) && typeof enforceRole !== "boolean") {
    failures.push({
      property: `${path}.enforceRole`,
      reason: `must be true or false; it is ${JSON.stringify(enforceRole)}`,
    });
  }
  const list = (key: string, each: (item: unknown, at: string) => unknown) => {
    if (value[key] === undefined) return {};
    if (isUnknown(value[key])) return { [key]: value[key] };
    if (Array.isArray(value[key]))
      return { [key]: value[key].map((item, index) => each(item, `${path}.${key}.${index}`)) };
    failures.push({ property: `${path}.${key}`, reason: "must be a list" });
    return { [key]: value[key] };
  };
  return {
    ...value,
    ...(id !== undefined && id !== top && { id }),
    ...list("dependencies", (target, at) => dependency(at, target, id, failures)),
    ...list("apps", (app, at) => appAt(at, app, id, walk)),
    ...list("groups", (child, at) => groupAt(at, child, memberId(at, child, id, failures), walk)),
  };
}

function appAt(path: string, value: unknown, group: string | undefined, { top, failures, notes }: Walk): unknown {
  if (isUnknown(value)) return value;
  const id = memberId(path, value, group, failures);
  if (!isObject(value)) {
    failures.push({ property: path, reason: "must be a Marathon app definition: an object" });
    return value;
  }
  const { id: given, dependencies, labels, ...rest } = value;
  const checked = checkDefinition({
    ...rest,
    // checkDefinition is told of ids alone that mean the same everywhere.
    ...(dependencies !== undefined && {
      dependencies: Array.isArray(dependencies) ? dependencies.map((target) => resolved(target, group)) : dependencies,
    }),
    ...(labels !== undefined && {
      labels: isObject(labels) && top !== undefined ? { ...labels, [GROUP_LABEL]: top } : labels,
    }),
  });
  failures.push(
    ...checked.failures.map(({ property, reason }) => ({ property: property.replace(/^app\b/, path), reason })),
  );
  notes.push(...checked.notes.map((note) => `app ${id ?? path}: ${note}`));
  return { ...(checked.app as AppDefinition), id: id ?? given };
}

/** The absolute id of a member of a group, if it can be told. */
function memberId(
  path: string,
  member: unknown,
  group: string | undefined,
  failures: CheckFailure[],
): string | undefined {
  if (!isObject(member) || containsUnknown(member["id"]) || group === undefined) return undefined;
  const given = member["id"];
  const id = typeof given === "string" && given !== "" ? absoluteId(given, group) : undefined;
  if (id !== undefined && isAbsoluteId(id) && parentOf(id) === group) return id;
  failures.push({
    property: `${path}.id`,
    reason: `must be one name of lower-case letters, digits, '-' and '.' in ${group}, e.g. web or ${group}/web, and not restart, tasks or versions; it is ${JSON.stringify(given)}`,
  });
  return undefined;
}

function dependency(path: string, target: unknown, group: string | undefined, failures: CheckFailure[]): unknown {
  const id = resolved(target, group);
  if (!isUnknown(target) && !containsUnknown(id) && group !== undefined && !isAbsoluteId(id)) {
    failures.push({ property: path, reason: `must be the id of an app or a group; it is ${JSON.stringify(target)}` });
  }
  return id;
}

function resolved(target: unknown, group: string | undefined): unknown {
  return typeof target !== "string" || containsUnknown(target) || group === undefined
    ? target
    : absoluteId(target, group);
}

/** What only the whole tree shows: two members of one id, several owners, apps that wait for each other. */
function contradictions(groupId: string, group: GroupDefinition): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const ids = memberIds(group);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
    failures.push({
      property: "group",
      reason: `has two members of the id ${id}: each app and group needs one of its own`,
    });
  }
  const tree = treeOf(groupId, group);
  for (const label of OWNER_LABELS.slice(0, 2)) {
    const values = new Set([...tree.apps.values()].map(({ labels }) => (labels as Json | undefined)?.[label]));
    if (values.size > 1 && ![...values].some(containsUnknown)) {
      failures.push({
        property: "group",
        reason: `has apps of several owners: label ${label} is ${[...values].sort().join(", ")}; one group is one owner's`,
      });
    }
  }
  const cycle = cycleIn(tree);
  if (cycle !== undefined) {
    failures.push({
      property: "group",
      reason: `has apps that wait for each other: ${cycle}; take one of these dependencies out`,
    });
  }
  return failures;
}

function memberIds({ apps = [], groups = [] }: GroupDefinition): string[] {
  return [...[...apps, ...groups].map(({ id }) => String(id)), ...groups.flatMap(memberIds)];
}

/** Whatever decides about the shape of the tree. */
function idsOf(group: unknown): unknown {
  if (!isObject(group)) return group;
  const { apps, groups, dependencies } = group;
  const members = Array.isArray(apps)
    ? apps.map((app) => (isObject(app) ? [app["id"], app["dependencies"]] : app))
    : apps;
  return [
    members,
    Array.isArray(groups) ? groups.map((child) => [(child as Json)["id"], idsOf(child)]) : groups,
    dependencies,
  ];
}
