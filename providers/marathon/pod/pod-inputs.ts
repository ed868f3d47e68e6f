import { Deadline } from "../../runtime/deadline";
import type { StackConfig } from "../../runtime/handler";
import { type Connection, connectTo, DEFAULT_TIMEOUT_SECONDS } from "../app-inputs";
import { isObject, objects } from "../definition/json";
import { sameOwner } from "../owner";
import type { Target } from "../target";
import type { LivePod, PodDefinition } from "./normal-form";

/** Checked inputs of a pod's resource; `timeoutSeconds` limits each operation. */
export interface PodInputs {
  readonly location: string;
  readonly podId: string;
  readonly pod: PodDefinition;
  readonly timeoutSeconds: number;
  readonly adopt: boolean;
}

/** One operation on a pod. */
export interface Operation extends Connection {
  readonly deadline: Deadline;
}

export function operationOn({ location, pod, timeoutSeconds }: PodInputs, config: StackConfig): Operation {
  const connection = connectTo(location, pod ? privateTexts(pod) : [], config);
  return { ...connection, deadline: new Deadline(timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) };
}

export function podTarget(id: string): Target {
  return { name: `pod ${id}`, ids: [id] };
}

/** Whether the live pod is the one in the state. A failure with a huge definition leaves a state without it. */
export function isMarked(live: LivePod, known: PodInputs): boolean {
  return sameOwner(live, known.pod ?? live);
}

/** What may be secret in a definition: the engine does not tell which inputs are. */
function privateTexts(pod: PodDefinition): string[] {
  const holders = [pod, ...objects(pod["containers"])];
  const commands = holders.flatMap(({ exec }) => objects(isObject(exec) ? [exec["command"]] : []));
  return [
    ...holders.flatMap(({ environment }) => Object.values(environment ?? {})),
    ...commands.flatMap(({ shell, argv }) => [shell, ...(Array.isArray(argv) ? argv : [])]),
  ].filter((text): text is string => typeof text === "string");
}
