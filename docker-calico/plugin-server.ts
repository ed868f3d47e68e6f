import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import { type Log, reasonOf } from "./log";
import { callPlugin } from "./plugin-client";

/** Answers one call of Docker; what it throws is the `Err` that Docker shows to its user. */
export type Call = (body: unknown) => Promise<object>;

const CONTENT_TYPE = "application/vnd.docker.plugins.v1.2+json";
const QUIET = new Set(["Clocker.Health", "NetworkDriver.EndpointOperInfo"]);

/** Docker's plugin protocol on a Unix socket: POST /<Call> with JSON both ways. */
export class PluginServer {
  readonly #socket: string;
  readonly #calls: Readonly<Record<string, Call>>;
  readonly #log: Log;
  readonly #server: Server;

  constructor(socket: string, calls: Readonly<Record<string, Call>>, log: Log) {
    this.#socket = socket;
    this.#calls = calls;
    this.#log = log;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @throws Error if another driver answers at the socket. */
  async listen(): Promise<void> {
    const answers = await callPlugin(this.#socket, "Plugin.Activate").then(
      () => true,
      () => false,
    );
    if (answers)
      throw new Error(`another driver answers at ${this.#socket}: stop it, or set PLUGIN_SOCK to another socket`);
    mkdirSync(dirname(this.#socket), { recursive: true, mode: 0o755 });
    rmSync(this.#socket, { force: true });
    this.#server.listen(this.#socket);
    await once(this.#server, "listening");
    chmodSync(this.#socket, 0o600);
  }

  /** Takes no more calls, and ends when those that came have been answered. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    rmSync(this.#socket, { force: true });
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = (request.url ?? "").slice(1);
    const start = performance.now();
    let body: Record<string, unknown> = {};
    try {
      body = await read(request);
      const work = this.#calls[call];
      if (!work) throw new Error(`the calico driver has no call '${call}'`);
      answer(response, 200, await work(body));
      if (!QUIET.has(call)) this.#log.info(call, facts(body, start));
    } catch (error) {
      this.#log.error(call, { ...facts(body, start), error: reasonOf(error) });
      answer(response, 500, { Err: reasonOf(error) });
    }
  }
}

function facts(body: Readonly<Record<string, unknown>>, start: number) {
  const short = (name: string) => (typeof body[name] === "string" ? body[name].slice(0, 12) : undefined);
  return { network: short("NetworkID"), endpoint: short("EndpointID"), ms: Math.round(performance.now() - start) };
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  if (text.trim() === "") return {};
  const body: unknown = JSON.parse(text);
  if (typeof body !== "object" || body === null) throw new Error("the body of a call must be a JSON object");
  return body as Record<string, unknown>;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": CONTENT_TYPE });
  response.end(JSON.stringify(body));
}
