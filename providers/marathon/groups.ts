import type { Deadline } from "../runtime/deadline";
import type { Group } from "./api";
import type { MarathonClient } from "./client";
import { MarathonError } from "./error";

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
    for (let id = parent(appId); id === top || id.startsWith(`${top}/`); id = parent(id)) {
      const group = await client.group(id, deadline);
      if (group && !isEmpty(group)) return;
      if (group) await client.deleteGroup(id, deadline);
    }
  } catch (error) {
    // An empty group harms nobody, and whoever else holds it removes it.
    if (!(error instanceof MarathonError)) throw error;
  }
}

function parent(id: string): string {
  return id.slice(0, id.lastIndexOf("/"));
}

function isEmpty({ apps = [], groups = [], pods = [] }: Group): boolean {
  return apps.length + groups.length + pods.length === 0;
}
