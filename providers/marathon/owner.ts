import type { AppDefinition } from "./api";

/** Labels that mark an app as made by one service of one stack. */
export const OWNER_LABELS = ["clocker.application", "clocker.stack", "clocker.service"] as const;

/** Label of an app that is managed as a member of a group; its value is the group's id. */
export const GROUP_LABEL = "clocker.group";

/**
 * Whether both apps, or pods, carry the same, complete set of labels that name application, stack and service, and are
 * members of the same group's resource, if of any.
 */
export function sameOwner(one: AppDefinition, other: AppDefinition): boolean {
  if (labelsOf(one)[GROUP_LABEL] !== labelsOf(other)[GROUP_LABEL]) return false;
  return OWNER_LABELS.every((label) => {
    const value = labelsOf(one)[label];
    return value !== undefined && value === labelsOf(other)[label];
  });
}

/** Whether an app is a member of the resource of this group, and its application and stack those of `member`, if given. */
export function isMember(app: AppDefinition, groupId: string, member?: AppDefinition): boolean {
  const labels = labelsOf(app);
  if (labels[GROUP_LABEL] !== groupId) return false;
  return !member || OWNER_LABELS.slice(0, 2).every((label) => labels[label] === labelsOf(member)[label]);
}

/** The owner for messages, e.g. `shop/production/web`, or `shop/production/web as member of group /shop`. */
export function ownerOf(app: AppDefinition): string {
  const values = OWNER_LABELS.map((label) => labelsOf(app)[label] ?? "");
  if (values.every((value) => value === "")) return "something without Clocker's labels";
  const group = labelsOf(app)[GROUP_LABEL];
  return `${values.join("/")}${group === undefined ? "" : ` as member of group ${group}`}`;
}

function labelsOf(app: AppDefinition): Readonly<Record<string, string | undefined>> {
  return (app["labels"] ?? {}) as Record<string, string | undefined>;
}
