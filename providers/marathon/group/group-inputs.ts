import { Deadline } from "../../runtime/deadline";
import type { StackConfig } from "../../runtime/handler";
import { type Connection, connectTo, DEFAULT_TIMEOUT_SECONDS, privateTexts } from "../app-inputs";
import type { Target } from "../target";
import { type GroupDefinition, treeOf } from "./tree";

/** Checked inputs of a group's resource; `timeoutSeconds` limits each operation. */
export interface GroupInputs {
  readonly location: string;
  readonly groupId: string;
  readonly group: GroupDefinition;
  readonly timeoutSeconds: number;
  readonly adopt: boolean;
}

/** One operation on a group. */
export interface Operation extends Connection {
  readonly deadline: Deadline;
}

export function operationOn({ location, groupId, group, timeoutSeconds }: GroupInputs, config: StackConfig): Operation {
  const apps = group ? [...treeOf(groupId, group).apps.values()] : [];
  const connection = connectTo(location, apps.flatMap(privateTexts), config);
  return { ...connection, deadline: new Deadline(timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) };
}

export function groupTarget(groupId: string, ids: Iterable<string>): Target {
  return { name: `group ${groupId}`, ids: [...ids] };
}
