import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { parseOrText } from "./json";
import type { RecordedEvent } from "./recording";
import type { OpenStream } from "./server-under-test";

/** Reads a stream of server-sent events as it comes. */
export class EventReader implements OpenStream {
  readonly events: RecordedEvent[] = [];
  readonly status: number;

  constructor(
    private readonly response: IncomingMessage,
    readonly headers: Readonly<Record<string, string>>,
    scrub: (line: string) => string,
  ) {
    this.status = response.statusCode ?? 0;
    let name: string | null = null;
    response.on("error", () => {});
    createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (raw) => {
      const line = scrub(raw);
      if (line.startsWith("event:")) name = line.slice(6).trim();
      else if (line.startsWith("data:")) this.events.push({ event: name, data: parseOrText(line.slice(5).trim()) });
    });
  }

  close(): void {
    this.response.destroy();
  }
}
