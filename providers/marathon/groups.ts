import type { Deadline } from "../runtime/deadline";
import type { Group } from "./api";
import type { MarathonClient } from "./client";
import { MarathonError } from "./error";
import { isInside, parentOf } from "./ids";

/**
 * Removes the groups that an app leaves empty, from its own up to `top`. A group in which something is being created is locked
 * by that deployment, so Marathon refuses and it stays.
 */
export async function removeEmptyGroups(
  client: MarathonClient,
  appId: string,
  top: string,
  deadline: Deadline,
): Promise<void> {
  try {
    for (let id = parentOf(appId); id !== "/" && (id === top || isInside(id, top)); id = parentOf(id)) {
      const group = await client.group(id, deadline);
      if (group && !isEmpty(group)) return;
      if (group) await client.deleteGroup(id, deadline);
    }
  } catch (error) {
    // An empty group harms nobody, and whoever else holds it removes it.
    if (!(error instanceof MarathonError)) throw error;
  }
}

/** Whether nothing is in the group. */
export function isEmpty({ apps = [], groups = [], pods = [] }: Group): boolean {
  return apps.length + groups.length + pods.length === 0;
}
