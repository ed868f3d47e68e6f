import type { Json } from "../model/json";
import { now } from "../state/clock";

/** An event as the stream shows it; `data` holds eventType and timestamp too. */
interface MarathonEvent {
  readonly type: string;
  readonly data: { readonly [key: string]: Json | undefined };
}

export type EventListener = (event: MarathonEvent) => void;

/** Hands every event to every listener, at once and in order. */
export class EventBus {
  private readonly listeners = new Set<EventListener>();

  subscribe(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(type: string, data: { readonly [key: string]: Json | undefined }): void {
    const event = { type, data: { ...data, eventType: type, timestamp: data.timestamp ?? now() } };
    for (const listener of [...this.listeners]) listener(event);
  }
}
