import { ApiError } from "../model/errors";
import type { ApiRequest, ApiResponse } from "./api-request";

type Handler = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

/** A path pattern and what answers there, by method. `types` are media types it can produce, default JSON. */
export interface Route {
  readonly pattern: RegExp;
  readonly methods: Readonly<Record<string, Handler>>;
  readonly types?: readonly string[];
}

/** Finds the handler of a request and answers as Marathon does where there is none. */
export class Router {
  constructor(private readonly routes: readonly Route[]) {}

  async dispatch(request: ApiRequest): Promise<ApiResponse> {
    const route = this.routes.find((candidate) => candidate.pattern.test(request.path));
    if (!route) throw new ApiError(500, { message: "URI not found" });
    if (request.method === "OPTIONS") return options(route);
    const handler = route.methods[request.method === "HEAD" ? "GET" : request.method];
    if (!handler) throw new ApiError(405, { message: "Method Not Allowed" });
    if (!(route.types ?? ["application/json"]).some((type) => request.accepts(type)))
      throw new ApiError(406, { message: "Not Acceptable" });
    const contentType = request.headers["content-type"];
    if (request.hasBody && contentType && !contentType.toLowerCase().includes("json"))
      throw new ApiError(415, { message: "Unsupported Media Type" });
    request.params = route.pattern.exec(request.path)?.slice(1) ?? [];
    return handler(request);
  }
}

function options(route: Route): ApiResponse {
  const methods = ["OPTIONS", ...Object.keys(route.methods)];
  if (route.methods.GET) methods.unshift("HEAD");
  return { status: 200, headers: { Allow: methods.join(","), "Content-Type": "application/json" } };
}
