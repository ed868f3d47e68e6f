import type { Readable } from "node:stream";
import type { Deadline } from "../runtime/deadline";
import type { MarathonClient } from "./client";

const TYPES = ["event_stream_attached", "deployment_success", "deployment_failed"];
const ATTACH_TIMEOUT = 3_000;

export type Outcome = { readonly succeeded: true } | { readonly succeeded: false; readonly reason: string };

/**
 * Ends of deployments as Marathon's event stream tells them. A hint only: the stream can fail to open, break or lose events,
 * and then this knows nothing.
 */
export class DeploymentEvents {
  readonly #outcomes = new Map<string, Outcome>();
  readonly #closing = new AbortController();
  #wake = new AbortController();

  /** Opens the stream ahead of a change and waits for Marathon's word that events flow. */
  static async open(client: MarathonClient, deadline: Deadline): Promise<DeploymentEvents> {
    const events = new DeploymentEvents();
    const attached = new Promise<void>((resolve) => {
      events.#follow(client, deadline, resolve).catch(() => resolve());
      events.#closing.signal.addEventListener("abort", () => resolve());
      setTimeout(resolve, ATTACH_TIMEOUT).unref();
    });
    await attached;
    return events;
  }

  /** How a deployment ended, once that was told. */
  outcome(deploymentId: string | undefined): Outcome | undefined {
    return deploymentId === undefined ? undefined : this.#outcomes.get(deploymentId);
  }

  /** Waits; less if a deployment ends meanwhile. */
  async pause(milliseconds: number, deadline: Deadline): Promise<void> {
    await deadline.sleep(milliseconds, this.#wake.signal);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  close(): void {
    this.#closing.abort();
  }

  async #follow(client: MarathonClient, deadline: Deadline, attached: () => void): Promise<void> {
    const stream = await client.events(TYPES, deadline, this.#closing.signal);
    for await (const data of serverSentData(stream)) {
      const event = JSON.parse(data) as { eventType?: string; id?: string; reason?: string };
      if (event.eventType === "event_stream_attached") attached();
      if (event.id === undefined) continue;
      if (event.eventType === "deployment_success") this.#outcomes.set(event.id, { succeeded: true });
      if (event.eventType === "deployment_failed") {
        this.#outcomes.set(event.id, { succeeded: false, reason: client.clean(event.reason ?? "no reason given") });
      }
      this.#wake.abort();
    }
  }
}

/** The `data` of each server-sent event. */
async function* serverSentData(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  let data: string[] = [];
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + chunk).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
      if (line === "" && data.length > 0) {
        yield data.join("\n");
        data = [];
      }
    }
  }
}
