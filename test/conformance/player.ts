import { attachPoints, versionOf } from "./attach-points";
import type { Clock } from "./clock";
import { Comparer } from "./comparer";
import { Difference } from "./difference";
import { toldBy } from "./identities";
import { isObject, type Json, parseOrText, short } from "./json";
import type { RecordedRequest, Row, Scenario } from "./recording";
import { GAVE_UP, HEADERS, IDLE_BEFORE_WRITES, ONLY_TIME, READY_FROM, SENT_AS_JSON, WAITS } from "./rules";
import type { OpenStream, ServerUnderTest } from "./server-under-test";
import { compareStreams, countEvents } from "./streams";

/** What the player needs of the tasks' own HTTP servers. */
export interface Readiness {
  turnReady(): void;
}

/** Plays one scenario against a server. */
export class Player {
  private readonly comparer: Comparer;
  private readonly points: ReadonlyMap<number, readonly number[]>;
  private readonly streams = new Map<number, OpenStream>();
  private readonly differences = new Map<string, string>();
  /** The first version of the scenario, as recorded. */
  private readonly firstVersion: string | undefined;
  /** Until when a disagreeing GET is asked again. */
  private patientUntil = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly server: ServerUnderTest,
    private readonly clock: Clock,
    private readonly tasks: Readiness,
  ) {
    this.comparer = new Comparer(scenario);
    this.points = attachPoints(scenario.rows);
    this.firstVersion = scenario.rows.map(versionOf).find((version) => version !== undefined);
  }

  /** Sends the requests in order; row id to what the answer has otherwise, empty if all agree. */
  async play(): Promise<Map<string, string>> {
    const { rows } = this.scenario;
    for (const [index, row] of rows.entries()) {
      try {
        await this.prepare(row, index);
      } catch (error) {
        for (const { id } of rows.slice(index))
          this.differences.set(id, `the scenario broke off at ${row.id}: ${error}`);
        break;
      }
      try {
        await (row.response.events ? this.judgeStream(row, index) : this.judge(row));
      } catch (error) {
        const message = error instanceof Difference ? error.message : `no usable answer: ${error}`;
        this.differences.set(row.id, message);
      }
    }
    for (const stream of this.streams.values()) stream.close();
    return this.differences;
  }

  private async prepare(row: Row, index: number): Promise<void> {
    const { title, request } = row;
    const before = GAVE_UP.has(title) ? "sleep 1s" : row.before;
    const { name } = this.scenario;
    if (name === READY_FROM.scenario && title.startsWith(READY_FROM.title)) this.tasks.turnReady();
    if (index === 0 || before.startsWith("clean")) await this.server.clean();
    else if (before.startsWith("idle") || this.points.get(index)?.includes(index)) await this.server.idle(WAITS.idle);
    else if (before.startsWith("sleep")) await this.sleep(Number(/[\d.]+/.exec(before)?.[0]), request.method);
    if (request.method !== "GET" || before.startsWith("idle")) this.patientUntil = 0;
    if (request.path === "/v2/queue") this.patientUntil = Math.max(this.patientUntil, this.clock.now() + WAITS.queue);
    const opening = this.points.get(index) ?? [];
    for (const at of opening) await this.open(at);
    if (opening.length > 0) await this.clock.sleep(550);
    this.comparer.identities.beginRow();
  }

  private async sleep(seconds: number, method: string): Promise<void> {
    if (IDLE_BEFORE_WRITES.has(this.scenario.name) && method !== "GET") await this.server.idle(WAITS.idle);
    this.patientUntil = seconds >= 1 ? this.clock.now() + seconds * 1000 + WAITS.patience : 0;
    // A GET asks again, so it need not wait for all of a short sleep.
    const share = seconds >= 1 && seconds < 3 && method === "GET" ? 0.3 : 1;
    await this.clock.sleep(seconds * share * 1000);
  }

  private async open(index: number): Promise<void> {
    const row = this.scenario.rows[index];
    if (row) this.streams.set(index, await this.server.open(targetOf(row.request), row.request.headers));
  }

  private async judgeStream(row: Row, index: number): Promise<void> {
    const stream = this.streams.get(index);
    if (!stream) throw new Error("the stream was never opened");
    const expected = row.response.events ?? [];
    const end = this.clock.now() + WAITS.stream;
    while (countEvents(stream.events) < countEvents(expected) && this.clock.now() < end) await this.clock.sleep(100);
    await this.clock.sleep(400);
    stream.close();
    if (stream.status !== row.response.status)
      throw new Difference(`status ${stream.status}, expected ${row.response.status}`);
    this.compareHeaders(row, stream.headers);
    compareStreams(this.comparer, expected, [...stream.events], row.request.query !== "");
  }

  private async judge(row: Row): Promise<void> {
    const { request, response } = row;
    const told = targetOf(request);
    const target = this.comparer.identities.translate(told, told);
    const body = this.bodyOf(row);
    const authorization = this.server.authorization;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        value === "Basic <user:pass>" && authorization !== undefined ? authorization : value,
      ]),
    );
    for (;;) {
      const answer = await this.server.send(request.method, target, body, headers);
      const given = answer.text === "" ? null : parseOrText(answer.text);
      const expected = response.body ?? null;
      try {
        if (answer.status !== response.status)
          throw new Difference(`status ${answer.status}, expected ${response.status}: ${short(given)}`);
        this.compareHeaders(row, answer.headers);
        const first = this.firstVersion;
        this.comparer.value(since(expected, first), since(given, first && this.comparer.identities.of(first)));
        this.comparer.identities.learnHosts(expected, given);
        return;
      } catch (error) {
        if (this.clock.now() > this.patientUntil) {
          this.comparer.learn(expected, given);
          throw error;
        }
      }
      this.comparer.identities.undo(0);
      await this.clock.sleep(150);
    }
  }

  private bodyOf(row: Row): string | undefined {
    const { rawBody, body, headers, bodyText } = row.request;
    const isRaw = (rawBody && !SENT_AS_JSON.has(row.title)) || (body === null && headers["Content-Type"] === undefined);
    if (isRaw) return typeof body === "string" ? body : undefined;
    return this.comparer.identities.translate(bodyText, toldBy(row));
  }

  private compareHeaders({ response }: Row, given: Readonly<Record<string, string>>): void {
    const recorded = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    for (const name of [...HEADERS, ...("cache-control" in recorded ? ["cache-control"] : [])]) {
      const [expected, actual] = [recorded[name], given[name]].map((value) => normalised(name, value));
      if (expected === undefined || actual === undefined) {
        if (expected !== actual)
          throw new Difference(`header ${name}: ${actual ?? "none"}, expected ${expected ?? "none"}`);
      } else this.comparer.text(expected, actual, `header ${name}`, "");
    }
  }
}

function targetOf({ path, query }: RecordedRequest): string {
  return query === "" ? path : `${path}?${query}`;
}

/** Media types and methods stand in any order. */
function normalised(name: string, value: string | undefined): string | undefined {
  if (value === undefined || (name !== "content-type" && name !== "allow")) return value;
  return value.replaceAll(" ", "").toLowerCase().split(",").sort().join();
}

/** Lists of versions may hold those of an app's earlier life: only what is not older than the scenario's first counts. */
function since(value: Json, first: string | undefined): Json {
  if (isObject(value) && Object.keys(value).join() === "versions")
    return { versions: since(value.versions ?? null, first) };
  const isVersions = Array.isArray(value) && value.every((each) => typeof each === "string" && ONLY_TIME.test(each));
  return first !== undefined && isVersions ? value.filter((version) => String(version) >= first) : value;
}
