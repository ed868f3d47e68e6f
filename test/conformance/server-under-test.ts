import type { RecordedEvent } from "./recording";

/** An answer; header names in lower case, the server's own address as the recording writes it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A stream of events that is being read. */
export interface OpenStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What has come so far. */
  readonly events: readonly RecordedEvent[];
  close(): void;
}

/** What the rows are played against. */
export interface ServerUnderTest {
  /** Value of the Authorization header that is let in; undefined if none is asked for. */
  readonly authorization: string | undefined;
  send(
    method: string,
    target: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  open(target: string, headers: Readonly<Record<string, string>>): Promise<OpenStream>;
  /** Waits until there are no deployments, at most `limit` milliseconds. */
  idle(limit: number): Promise<void>;
  /** Deletes all apps, groups and pods, and waits until no task is left. Throws if the server does not get clean. */
  clean(): Promise<void>;
}
