import { attachPoints } from "../../conformance/attach-points";
import type { Clock } from "../../conformance/clock";
import { isObject, type Json } from "../../conformance/json";
import { Player } from "../../conformance/player";
import type { RecordedEvent, RecordedResponse, Row, Scenario } from "../../conformance/recording";
import { INDEPENDENT } from "../../conformance/rules";
import type { Answer, OpenStream, ServerUnderTest } from "../../conformance/server-under-test";

/** What is put in for the recorded response of a row. */
export type Change = (response: RecordedResponse, row: Row) => RecordedResponse;

/** Every look at it is a day later, so nobody waits or asks again. */
class HastyClock implements Clock {
  private day = 0;

  now(): number {
    this.day += 1;
    return this.day * 86_400_000;
  }

  async sleep(): Promise<void> {}
}

/** Plays a scenario against a server that answers as recorded, but for `change`; what the player says of each row. */
export function playRecorded(scenario: Scenario, change: Change): Promise<Map<string, string>> {
  return new Player(scenario, recordedServer(scenario, change), new HastyClock(), { turnReady: () => {} }).play();
}

function recordedServer({ rows }: Scenario, change: Change): ServerUnderTest {
  const made = new Set(rows.flatMap(({ response: { body } }) => (isObject(body) ? (body.id ?? []) : [])));
  const requests = rows.filter(({ response }) => response.events === undefined);
  const points = [...attachPoints(rows)].sort(([one], [two]) => one - two);
  const streams = points.flatMap(([, indices]) => indices).flatMap((index) => rows[index] ?? []);
  return {
    authorization: undefined,
    idle: async () => {},
    clean: async () => {},
    send: async (method, target): Promise<Answer> => {
      const row = requests.shift();
      if (row?.request.method !== method) throw new Error(`${method} ${target} comes where ${row?.id} is expected`);
      const { status, headers, body: full } = change(row.response, row);
      const body = INDEPENDENT.has(row.scenario) ? withoutLeftOut(full, made) : full;
      const text = body === null || body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
      return { status, headers: lowerCase(headers), text };
    },
    open: async (): Promise<OpenStream> => {
      const row = streams.shift();
      if (!row) throw new Error("more streams are opened than were recorded");
      const { status, headers, events = [] } = change(row.response, row);
      return { status, headers: lowerCase(headers), events: [...events] as RecordedEvent[], close: () => {} };
    },
  };
}

/** A list of apps without those that rows made which were left out of the recording. */
function withoutLeftOut(body: Json | undefined, made: ReadonlySet<Json>): Json | undefined {
  if (!isObject(body) || !Array.isArray(body.apps)) return body;
  return { ...body, apps: body.apps.filter((app) => isObject(app) && made.has(app.id ?? null)) };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
