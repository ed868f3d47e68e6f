import type { ServerResponse } from "node:http";
import type { EventBus } from "./bus";

const HEARTBEAT_MS = 10_000;

/** Sends events to one client until it goes away; with `types`, only those. */
export class EventStream {
  private readonly unsubscribe: () => void;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly bus: EventBus,
    private readonly response: ServerResponse,
    private readonly remoteAddress: string,
    types: ReadonlySet<string>,
  ) {
    response.writeHead(200, {
      "Content-Type": "text/event-stream;charset=utf-8",
      "Cache-Control": "no-cache, no-store, must-revalidate",
      Connection: "close",
    });
    response.flushHeaders();
    this.unsubscribe = bus.subscribe(({ type, data }) => {
      if (types.size === 0 || types.has(type))
        response.write(`event: ${type}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`);
    });
    this.heartbeat = setInterval(() => response.write("\r\n"), HEARTBEAT_MS);
    response.on("close", () => this.end());
    bus.publish("event_stream_attached", { remoteAddress });
  }

  close(): void {
    this.response.end();
  }

  private end(): void {
    clearInterval(this.heartbeat);
    this.unsubscribe();
    this.bus.publish("event_stream_detached", { remoteAddress: this.remoteAddress });
  }
}
