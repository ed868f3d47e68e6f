import * as http from "node:http";
import type { ServerOptions } from "../../../sandbox/marathon/options";
import { MarathonServer } from "../../../sandbox/marathon/server";

/** Times that keep the order of things but not their length. */
const FAST: Pick<ServerOptions, "simulatedTimes" | "offerInterval"> = {
  simulatedTimes: { starting: 5, running: 15, exit: 10, health: 10, killed: 10 },
  offerInterval: 20,
};

/** What the tests read of an answer; bodies of all kinds of answers in one type. */
export interface Body {
  readonly [key: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly body: Body;
}

export interface StreamedEvent {
  readonly event: string;
  readonly data: Body;
}

/** A simulated server of its own, and ways to talk to it. */
export class ApiClient {
  private constructor(
    readonly server: MarathonServer,
    readonly url: string,
  ) {}

  static async start(options: ServerOptions = {}): Promise<ApiClient> {
    const server = new MarathonServer({ ...FAST, ...options });
    const { url } = await server.start();
    return new ApiClient(server, url);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("GET", path, undefined, headers);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.send("POST", path, JSON.stringify(body));
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send("PUT", path, JSON.stringify(body));
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.send("PATCH", path, JSON.stringify(body));
  }

  delete(path: string): Promise<Answer> {
    return this.send("DELETE", path);
  }

  send(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const all = {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      };
      const request = http.request(`${this.url}${path}`, { method, headers: all }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) }),
        );
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  async app(id: string): Promise<Body> {
    return (await this.get(`/v2/apps/${id}`)).body.app as Body;
  }

  /** Waits until no deployment runs. */
  async idle(): Promise<void> {
    await this.until(async () => (await this.get("/v2/deployments")).text === "[]", "no deployment runs");
  }

  async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const end = Date.now() + 10_000;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`waited 10 s in vain until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Opens the event stream; `events` grows until `close`. Resolves once the server has taken it up. */
  async listen(query = ""): Promise<{ events: StreamedEvent[]; close: () => void; headers: http.IncomingHttpHeaders }> {
    const events: StreamedEvent[] = [];
    return new Promise((resolve, reject) => {
      const request = http.get(
        `${this.url}/v2/events${query}`,
        { headers: { Accept: "text/event-stream" } },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            text += chunk;
            const blocks = text.split("\r\n\r\n");
            text = blocks.pop() ?? "";
            for (const block of blocks) {
              const [, event, data] = /^\s*event: (\S+)\r\ndata: (.*)$/s.exec(block) ?? [];
              if (event && data) events.push({ event, data: JSON.parse(data) as Body });
            }
          });
          response.on("error", () => {});
          resolve({ events, close: () => request.destroy(), headers: response.headers });
        },
      );
      request.on("error", reject);
    });
  }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}
