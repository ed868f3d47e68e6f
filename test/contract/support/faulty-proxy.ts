import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Fault {
  readonly matches: (line: string) => boolean;
  readonly status: number;
  /** Whether the server gets the request and only its answer is lost. */
  readonly afterwards: boolean;
  times: number;
}

/** Stands before an HTTP server, notes what passes and answers some requests itself, as a load balancer in trouble does. */
export class FaultyProxy {
  /** `METHOD /path?query` of every request that reached the server. */
  readonly passed: string[] = [];
  #faults: Fault[] = [];
  #interludes: { readonly begins: string; readonly action: () => Promise<unknown> }[] = [];
  readonly #server: Server;

  private constructor(target: string) {
    this.#server = createServer((incoming, outgoing) => this.#handle(new URL(target), incoming, outgoing));
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers the next `times` requests whose `METHOD /path` begins so with `status`. */
  fail(begins: string, status: number, times: number, { afterwards = false } = {}): void {
    this.#faults.push({ matches: (line) => line.startsWith(begins), status, afterwards, times });
  }

  /** Lets something happen right before the next request whose `METHOD /path` begins so reaches the server. */
  before(begins: string, action: () => Promise<unknown>): void {
    this.#interludes.push({ begins, action });
  }

  reset(): void {
    this.#faults = [];
    this.#interludes = [];
    this.passed.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #handle(target: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const line = `${incoming.method} ${incoming.url}`;
    const fault = this.#faults.find(({ matches, times }) => times > 0 && matches(line));
    if (fault) fault.times--;
    if (fault && !fault.afterwards) {
      incoming.resume();
      outgoing.writeHead(fault.status).end();
      return;
    }
    this.passed.push(line);
    const interlude = this.#interludes.find(({ begins }) => line.startsWith(begins));
    if (interlude) {
      this.#interludes = this.#interludes.filter((other) => other !== interlude);
      interlude.action().then(
        () => this.#forward(target, incoming, outgoing, fault),
        (error) => outgoing.destroy(error),
      );
    } else {
      this.#forward(target, incoming, outgoing, fault);
    }
  }

  #forward(target: URL, incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault | undefined): void {
    const { hostname, port } = target;
    const { method, url: path, headers } = incoming;
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      if (fault) {
        answer.resume();
        outgoing.writeHead(fault.status).end();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }
}
