import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { Deadline } from "../runtime/deadline";
import { serverSentData } from "./server-sent-events";
import type { MarathonTransport } from "./transport";

const TYPES = ["event_stream_attached", "deployment_success", "deployment_failed"];
const ATTACH_TIMEOUT = 3_000;
const CONNECT_TIMEOUT = 15_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
/** Marathon sends an empty line every ten seconds; a stream without any is dead. */
const SILENCE = 45_000;

type Outcome = { readonly succeeded: true } | { readonly succeeded: false; readonly reason: string };

interface DeploymentEvent {
  readonly eventType?: string;
  readonly id?: string;
  readonly reason?: string;
}

/**
 * Ends of deployments as Marathon's event stream tells them, on one stream for all who wait. A hint only: the stream can fail to
 * open, break or lose events. It is opened anew when it breaks, on the leader of then, as long as somebody waits.
 */
export class EventFeed {
  readonly #transport: MarathonTransport;
  readonly #outcomes = new Map<string, Outcome>();
  readonly #sleepers = new Map<AbortController, string | undefined>();
  #users = 0;
  #closing = new AbortController();
  #state: "connecting" | "live" | "broken" = "connecting";
  #tried: (() => void)[] = [];

  constructor(transport: MarathonTransport) {
    this.#transport = transport;
  }

  /** Runs `work`, a change and the wait for it, with the stream open, if Marathon says in a moment that events flow. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#users++ === 0) this.#open();
    try {
      if (this.#state === "connecting") await new Promise<void>((resolve) => this.#tried.push(resolve));
      return await work();
    } finally {
      if (--this.#users === 0) this.#close();
    }
  }

  /** How a deployment ended, once that was told. The reason is as Marathon gave it. */
  outcome(deploymentId: string | undefined): Outcome | undefined {
    return deploymentId === undefined ? undefined : this.#outcomes.get(deploymentId);
  }

  /** Whether the end of that deployment is going to be told, as far as is known. */
  tells(deploymentId: string | undefined): boolean {
    return this.#state === "live" && deploymentId !== undefined && !this.#outcomes.has(deploymentId);
  }

  /** Waits; less if that deployment ends meanwhile, or events may have been lost. */
  async pause(milliseconds: number, deadline: Deadline, deploymentId: string | undefined): Promise<void> {
    const wake = new AbortController();
    this.#sleepers.set(wake, deploymentId);
    await deadline.sleep(milliseconds, wake.signal);
    this.#sleepers.delete(wake);
  }

  #open(): void {
    this.#closing = new AbortController();
    this.#become("connecting");
    const closing = this.#closing.signal;
    void this.#follow(closing);
    setTimeout(
      () => !closing.aborted && this.#state === "connecting" && this.#become("broken"),
      ATTACH_TIMEOUT,
    ).unref();
  }

  #close(): void {
    this.#closing.abort();
    this.#outcomes.clear();
  }

  #become(state: "connecting" | "live" | "broken"): void {
    this.#state = state;
    if (state === "connecting") return;
    for (const resolve of this.#tried.splice(0)) resolve();
  }

  async #follow(closing: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!closing.aborted) {
      // A stream that breaks or cannot be opened is made up for by whoever waits: he looks himself.
      await this.#read(closing, () => (pause = FIRST_PAUSE)).catch(() => undefined);
      if (closing.aborted) return;
      this.#become("broken");
      await delay(pause, undefined, { ref: false, signal: closing }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  async #read(closing: AbortSignal, attached: () => void): Promise<void> {
    const stream = await this.#connect(closing);
    const silence = setTimeout(() => stream.destroy(), SILENCE).unref();
    stream.on("data", () => silence.refresh());
    try {
      for await (const data of serverSentData(stream)) {
        const event = JSON.parse(data) as DeploymentEvent;
        if (closing.aborted) return;
        if (event.eventType === "event_stream_attached") {
          attached();
          this.#become("live");
          // What ended while no stream was open was not told.
          this.#wake(() => true);
        } else if (event.id !== undefined) {
          this.#outcomes.set(event.id, outcomeOf(event));
          this.#wake((awaited) => awaited === event.id);
        }
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async #connect(closing: AbortSignal): Promise<Readable> {
    const params = new URLSearchParams(TYPES.map((type): [string, string] => ["event_type", type]));
    // Without it, a Marathon before 1.8 sends every app with each event.
    params.append("plan-format", "light");
    const request = { url: "/v2/events", params, headers: { Accept: "text/event-stream" } };
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(), CONNECT_TIMEOUT).unref();
    try {
      const signal = AbortSignal.any([closing, slow.signal]);
      return await this.#transport.stream(request, new Deadline(CONNECT_TIMEOUT / 1000), signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #wake(whose: (deploymentId: string | undefined) => boolean): void {
    for (const [sleeper, deploymentId] of this.#sleepers) if (whose(deploymentId)) sleeper.abort();
  }
}

function outcomeOf({ eventType, reason = "no reason given" }: DeploymentEvent): Outcome {
  return eventType === "deployment_success" ? { succeeded: true } : { succeeded: false, reason };
}
