import type { IncomingMessage } from "node:http";
import type { Json, JsonObject } from "../model/json";
import { parseJson } from "./parse-json";

/** A request as handlers see it. `path` is decoded, `params` are the groups of the route's pattern. */
export class ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly remoteAddress: string;
  params: readonly string[] = [];

  constructor(
    message: IncomingMessage,
    private readonly text: string,
  ) {
    const url = new URL(message.url ?? "/", "http://marathon");
    this.method = message.method ?? "GET";
    this.path = decode(url.pathname);
    this.query = url.searchParams;
    this.headers = message.headers;
    this.remoteAddress = (message.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, "");
  }

  /** The body. Throws ApiError 400 if it is no JSON. */
  json(): Json {
    return parseJson(this.text);
  }

  param(index: number): string {
    return this.params[index] ?? "";
  }

  /** A query flag: absent gives the fallback; `true`, or no value, is true. */
  flag(name: string, fallback = false): boolean {
    const value = this.query.get(name);
    return value === null ? fallback : value === "true" || value === "";
  }

  get hasBody(): boolean {
    return this.text !== "";
  }

  accepts(type: string): boolean {
    const accept = this.headers.accept;
    if (!accept) return true;
    return accept
      .split(",")
      .map((item) => item.split(";")[0]?.trim().toLowerCase())
      .some((item) => item === "*/*" || item === type || item === `${type.split("/")[0]}/*`);
  }

  /** Whether the type is named in the Accept header, not only covered by a wildcard. */
  prefers(type: string): boolean {
    return (this.headers.accept ?? "").toLowerCase().includes(type);
  }
}

/** An answer: `body` is sent as JSON, `text` as text/plain; neither sends nothing. */
export interface ApiResponse {
  readonly status: number;
  readonly body?: Json;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function ok(body: Json, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { status: 200, body, headers };
}

/** What changes are answered with. */
export function deploymentResult(
  plan: { readonly id: string; readonly version: string },
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  const body: JsonObject = { version: plan.version, deploymentId: plan.id };
  return { status, body, headers: { "Marathon-Deployment-Id": plan.id, ...headers } };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
