import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { FaultSchedule, RequestFault } from "./faults";

const ADDRESS = "127.0.0.1";
/** How long nobody leads after a leader has gone, in milliseconds. */
const ELECTION = 250;
/** What a proxy in trouble says beside the request's body, which may hold secrets. */
const TROUBLE = "upstream trouble with";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/**
 * Several masters of one Marathon: the leader answers, the others pass requests on to it and send whoever wants events there.
 * Requests meet the faults of a schedule on their way.
 */
export class MarathonMasters {
  /** `METHOD /path → status or fault` of every request, for a person who looks into a failed run. */
  readonly trace: string[] = [];
  readonly #target: URL;
  readonly #schedule: FaultSchedule;
  readonly #servers: Server[] = [];
  readonly #ports: number[] = [];
  readonly #gone = new Set<number>();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #streams = new Set<ServerResponse>();
  #open = 0;
  #leader = 0;
  #former: number | undefined;
  #electing = false;
  #stalled = false;
  #election: NodeJS.Timeout | undefined;

  private constructor(target: string, schedule: FaultSchedule) {
    this.#target = new URL(target);
    this.#schedule = schedule;
  }

  static async start(target: string, count: number, schedule: FaultSchedule): Promise<MarathonMasters> {
    const masters = new MarathonMasters(target, schedule);
    for (let index = 0; index < count; index++) {
      const server = createServer((incoming, outgoing) => {
        masters.#open++;
        outgoing.on("close", () => masters.#open--);
        masters.#handle(index, incoming, outgoing).catch(() => outgoing.destroy());
      });
      masters.#servers.push(server);
      await once(server.listen(0, ADDRESS), "listening");
      masters.#ports.push((server.address() as AddressInfo).port);
    }
    return masters;
  }

  get urls(): readonly string[] {
    return this.#ports.map((port) => `http://${ADDRESS}:${port}`);
  }

  /** Requests without an answer yet, and event streams. */
  get open(): number {
    return this.#open;
  }

  /** The leader resigns; another one leads in a moment, or the same one if there is no other. */
  changeLeader(): void {
    this.#former = this.#leader;
    this.#electing = true;
    this.cutStreams();
    clearTimeout(this.#election);
    this.#election = setTimeout(() => {
      this.#electing = false;
      const present = this.#servers.map((_, index) => (this.#leader + 1 + index) % this.#servers.length);
      this.#leader = present.find((index) => !this.#gone.has(index)) ?? this.#leader;
    }, ELECTION);
  }

  /** The leader's process ends. The last one that is left comes back at once. */
  async loseLeader(): Promise<void> {
    const lost = this.#leader;
    const server = this.#servers[lost];
    if (!server || this.#gone.has(lost)) return;
    this.#gone.add(lost);
    this.trace.push(`${lost}: is gone`);
    server.close();
    server.closeAllConnections();
    const last = this.#gone.size === this.#servers.length;
    this.changeLeader();
    if (last) setTimeout(() => void this.#comeBack(lost), ELECTION);
  }

  cutStreams(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  stallStreams(): void {
    this.#stalled = true;
  }

  /** All is well from now on. */
  async calm(): Promise<void> {
    await this.#schedule.end();
    this.#stalled = false;
    while (this.#electing) await delay(20);
    for (const index of [...this.#gone]) await this.#comeBack(index);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#election);
    this.#agent.destroy();
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all(this.#servers.map((server) => server.listening && once(server, "close")));
  }

  async #comeBack(index: number): Promise<void> {
    const server = this.#servers[index];
    if (!server || !this.#gone.delete(index)) return;
    await once(server.listen(this.#ports[index], ADDRESS), "listening");
  }

  async #handle(index: number, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const line = `${incoming.method} ${incoming.url}`;
    const note = (what: string | number) => this.trace.push(`${index}: ${line} → ${what}`);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const fault = await this.#schedule.meets(line);
    if (fault) note(JSON.stringify(fault));
    if (fault?.kind === "latency") await delay(fault.milliseconds);
    if (fault?.kind === "reset") return void outgoing.socket?.resetAndDestroy();
    if (fault?.kind === "status" && !fault.taken) return trouble(fault.status, body, outgoing);
    if (this.#electing) {
      note(index === this.#former ? "500, has resigned" : "503, no leader");
      return void outgoing.writeHead(index === this.#former ? 500 : 503).end();
    }
    if (incoming.url?.startsWith("/v2/events")) return this.#stream(index, incoming, outgoing, note);
    const answer = await this.#ask(index, incoming, body);
    if (fault?.kind !== "latency" && fault) return spoil(fault, answer, body, outgoing);
    note(answer.status);
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async #ask(index: number, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const onward = request(this.#target, { ...this.#route(incoming), agent: this.#agent });
    onward.end(body);
    const [answer] = (await once(onward, "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    const { connection: _, "transfer-encoding": __, "content-length": ___, ...headers } = answer.headers;
    const leader = new URL(this.urls[this.#leader] ?? "");
    let content = Buffer.concat(chunks);
    if (answer.statusCode === 200 && /^\/v2\/(leader|info)/.test(incoming.url ?? ""))
      content = Buffer.from(JSON.stringify({ ...JSON.parse(content.toString()), leader: leader.host }));
    return { status: answer.statusCode ?? 502, headers: { ...headers, ...this.#names(index, leader) }, body: content };
  }

  #names(index: number, leader: URL): Record<string, string> {
    const via = new URL(this.urls[index] ?? "").host;
    return { "x-marathon-leader": leader.origin, ...(index !== this.#leader && { "x-marathon-via": `1.1 ${via}` }) };
  }

  #route(incoming: IncomingMessage) {
    const { connection: _, host: __, ...headers } = incoming.headers;
    return { method: incoming.method, path: incoming.url, headers: { ...headers, host: this.#target.host } };
  }

  #stream(index: number, incoming: IncomingMessage, outgoing: ServerResponse, note: (what: string | number) => void) {
    if (index !== this.#leader) {
      note(302);
      outgoing.writeHead(302, { Location: `${this.urls[this.#leader]}${incoming.url}` }).end();
      return;
    }
    const onward = request(this.#target, this.#route(incoming), (answer) => {
      note(answer.statusCode ?? 0);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      answer.on("data", (chunk) => !this.#stalled && outgoing.write(chunk));
      answer.on("end", () => outgoing.end());
      answer.on("error", () => outgoing.destroy());
    });
    onward.on("error", () => outgoing.destroy());
    this.#streams.add(outgoing);
    outgoing.on("close", () => {
      this.#streams.delete(outgoing);
      onward.destroy();
    });
    onward.end();
  }
}

function trouble(status: number, body: Buffer, outgoing: ServerResponse): void {
  const headers = status === 429 ? { "Retry-After": "1" } : {};
  // A leader that has just resigned says nothing with its 500.
  if (status === 500) return void outgoing.writeHead(status).end();
  const message = `${TROUBLE} ${body.toString()}`;
  outgoing.writeHead(status, { ...headers, "Content-Type": "application/json" }).end(JSON.stringify({ message }));
}

/** Sends what is left of an answer. */
async function spoil(fault: RequestFault, answer: Answer, body: Buffer, outgoing: ServerResponse): Promise<void> {
  if (fault.kind === "silence") return;
  if (fault.kind === "lost answer") return void outgoing.socket?.resetAndDestroy();
  if (fault.kind === "status") return trouble(fault.status, body, outgoing);
  outgoing.writeHead(answer.status, { ...answer.headers, "content-length": String(answer.body.length) });
  const half = Math.floor(answer.body.length / 2);
  outgoing.write(answer.body.subarray(0, half));
  if (fault.kind === "slow body") {
    await delay(fault.milliseconds);
    return void outgoing.end(answer.body.subarray(half));
  }
  await delay(5);
  outgoing.destroy();
}
