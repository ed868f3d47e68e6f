import { locationSettings } from "../runtime/config";
import { Deadline } from "../runtime/deadline";
import type { StackConfig } from "../runtime/handler";
import type { AppDefinition, LiveApp } from "./api";
import { MarathonClient } from "./client";
import type { EventFeed } from "./event-feed";
import { type LockPolicy, marathonLocation } from "./location";
import { sameOwner } from "./owner";
import { sharedMarathon } from "./shared";

/** Checked inputs of an app's resource; `timeoutSeconds` limits each operation. */
export interface AppInputs {
  readonly location: string;
  readonly appId: string;
  readonly app: AppDefinition;
  readonly timeoutSeconds: number;
  readonly adopt: boolean;
  /** Absent from states of older versions. */
  readonly discardVolumes?: boolean;
}

export const DEFAULT_TIMEOUT_SECONDS = 600;

/** Marathon of a location. */
export interface Connection {
  readonly client: MarathonClient;
  readonly events: EventFeed;
  readonly locks: LockPolicy;
  /** Id of the group that holds every application there. */
  readonly group: string;
}

export function connect(inputs: AppInputs, config: StackConfig): Connection {
  return connectTo(inputs.location, privateTexts(inputs.app), config);
}

/** @param secrets Texts to hide in whatever Marathon says. */
export function connectTo(location: string, secrets: readonly string[], config: StackConfig): Connection {
  const settings = locationSettings(config, location, marathonLocation);
  const { transport, events } = sharedMarathon(settings);
  const { group, locks } = settings;
  return { client: new MarathonClient(transport, secrets), events, group, locks };
}

export function deadlineOf(inputs: AppInputs): Deadline {
  return new Deadline(inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
}

/** Whether the live app is the one in the state. A failure with a huge definition leaves a state without it. */
export function isMarked(live: LiveApp, known: AppInputs): boolean {
  return sameOwner(live, known.app ?? live);
}

/** What may be secret in a definition: the engine does not tell which inputs are. */
export function privateTexts(app: AppDefinition | undefined): string[] {
  const { env, args, cmd } = app ?? {};
  return [...Object.values(env ?? {}), ...(Array.isArray(args) ? args : []), cmd].filter(
    (text): text is string => typeof text === "string",
  );
}
