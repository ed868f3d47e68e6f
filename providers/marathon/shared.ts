import { EventFeed } from "./event-feed";
import type { MarathonSettings } from "./location";
import { MarathonTransport } from "./transport";

/** What all operations of a process on one Marathon have in common. */
export interface SharedMarathon {
  readonly transport: MarathonTransport;
  readonly events: EventFeed;
}

const known = new Map<string, SharedMarathon>();

/** The same for the same settings: hundreds of operations go on at once, and each would have connections of its own. */
export function sharedMarathon(settings: MarathonSettings): SharedMarathon {
  const key = JSON.stringify(settings);
  const existing = known.get(key);
  if (existing) return existing;
  const transport = new MarathonTransport(settings);
  const made = { transport, events: new EventFeed(transport) };
  known.set(key, made);
  return made;
}
