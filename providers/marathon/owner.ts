import type { AppDefinition } from "./api";

/** Labels that mark an app as made by one service of one stack. */
export const OWNER_LABELS = ["clocker.application", "clocker.stack", "clocker.service"] as const;

/** Whether both apps carry the same, complete set of labels that name application, stack and service. */
export function sameOwner(one: AppDefinition, other: AppDefinition): boolean {
  return OWNER_LABELS.every((label) => {
    const value = labelsOf(one)[label];
    return value !== undefined && value === labelsOf(other)[label];
  });
}

/** The owner for messages, e.g. `shop/production/web`. */
export function ownerOf(app: AppDefinition): string {
  const values = OWNER_LABELS.map((label) => labelsOf(app)[label] ?? "");
  return values.every((value) => value === "") ? "something without Clocker's labels" : values.join("/");
}

function labelsOf(app: AppDefinition): Readonly<Record<string, string | undefined>> {
  return (app["labels"] ?? {}) as Record<string, string | undefined>;
}
