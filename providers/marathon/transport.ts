import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse, isAxiosError } from "axios";
import type { Deadline } from "../runtime/deadline";
import { redact } from "../runtime/redact";
import { addressesOf } from "./addresses";
import { MarathonError } from "./error";
import { explain, notMarathon } from "./explain";
import type { MarathonSettings } from "./location";
import { Masters } from "./masters";

const REQUEST_TIMEOUT = 30_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4_000;
/** How many requests a Marathon gets at once; the others wait for their turn. */
const CONNECTIONS = 16;

export interface TransportOptions {
  /** How long a Marathon is waited for that has never answered; one that has is waited for until the deadline. */
  readonly retrySeconds?: number;
}

/**
 * Requests to whichever of Marathon's masters answers; a standby passes them on to the leader. What cannot have had an effect
 * is repeated while no master answers; a change that may have had one is not. Every failure is a `MarathonError`.
 */
export class MarathonTransport {
  readonly #masters: Masters;
  readonly #http: AxiosInstance;
  readonly #secrets: readonly string[];
  readonly #retrySeconds: number;
  #reached = false;

  constructor(settings: MarathonSettings, { retrySeconds = 60 }: TransportOptions = {}) {
    const { auth, ca } = settings;
    this.#masters = new Masters(addressesOf(settings));
    this.#secrets = [
      ...(auth?.type === "basic" ? [auth.password] : []),
      ...(auth?.type === "token" ? [auth.token] : []),
    ];
    this.#retrySeconds = retrySeconds;
    const connections = { keepAlive: true, maxSockets: CONNECTIONS };
    this.#http = axios.create({
      timeout: REQUEST_TIMEOUT,
      maxRedirects: 0,
      headers: { Accept: "application/json", ...(auth?.type === "token" && { Authorization: `token=${auth.token}` }) },
      ...(auth?.type === "basic" && { auth: { username: auth.username, password: auth.password } }),
      httpAgent: new HttpAgent(connections),
      httpsAgent: new HttpsAgent({ ...connections, ...(ca !== undefined && { ca }) }),
    });
  }

  /** Base URL of the master that is asked at present, without credentials, for messages. */
  get base(): string {
    return this.#masters.name;
  }

  /** Hides the credentials, and `secrets`, in a text that came from Marathon. */
  clean(text: string, secrets: readonly string[] = []): string {
    return redact(text, [...this.#secrets, ...this.#masters.passwords, ...secrets]);
  }

  /** @param request `url` is a path below the base URL. What Marathon says is told without `secrets`. */
  async request<T>(
    request: AxiosRequestConfig,
    deadline: Deadline,
    secrets: readonly string[] = [],
  ): Promise<AxiosResponse<T>> {
    const giveUp = performance.now() + this.#retrySeconds * 1000;
    let answered: MarathonError | undefined;
    if (this.#masters.count === 0) await this.#masters.refresh(deadline);
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const result = await this.#round<T>(request, deadline, secrets);
      if (!(result instanceof MarathonError)) return result;
      // That the time is up says less than what Marathon answered until then.
      if (deadline.expired && result.status === 0) throw answered ?? result;
      if (result.status > 0) answered = result;
      const left = this.#reached ? deadline.remaining : Math.min(deadline.remaining, giveUp - performance.now());
      const told = (result.retryAfter ?? 0) * 1000;
      if (!repeatable(request, result) || left < Math.max(told, FIRST_PAUSE)) throw result;
      await deadline.sleep(Math.max(told, Math.min(pause, left)));
      await this.#masters.refresh(deadline);
    }
  }

  /** An answer that goes on until `signal` aborts. A master that sends on to the leader is followed if that is one of ours. */
  async stream(request: AxiosRequestConfig, deadline: Deadline, signal: AbortSignal): Promise<Readable> {
    if (this.#masters.count === 0) await this.#masters.refresh(deadline);
    const url = this.#masters.url;
    const open = async (where: AxiosRequestConfig) => {
      const endless = { responseType: "stream", timeout: 0, signal, validateStatus: isStreamOrRedirect } as const;
      return this.#http.request<Readable>({ ...request, ...endless, ...where });
    };
    try {
      const first = await open({ baseURL: url });
      if (first.status === 200) return first.data;
      first.data.destroy();
      const leader = this.#masters.leader(String(first.headers["location"]), this.#secrets.length > 0);
      const second = await open({ url: leader, params: undefined });
      if (second.status === 200) return second.data;
      second.data.destroy();
      throw new Error(`${url} and ${leader} send on to each other`);
    } catch (error) {
      this.#masters.leave(url);
      throw error;
    }
  }

  /** Asks each master once, the present one first, until one answers. */
  async #round<T>(
    request: AxiosRequestConfig,
    deadline: Deadline,
    secrets: readonly string[],
  ): Promise<AxiosResponse<T> | MarathonError> {
    for (let left = this.#masters.count; ; left--) {
      const url = this.#masters.url;
      try {
        return await this.#attempt<T>(request, url, deadline, secrets);
      } catch (error) {
        if (!(error instanceof MarathonError)) throw error;
        const elsewhere = error.transient && error.status !== 429 && error.status !== 403;
        if (elsewhere) this.#masters.leave(url);
        if (!elsewhere || !repeatable(request, error) || left <= 1) return error;
      }
    }
  }

  async #attempt<T>(
    request: AxiosRequestConfig,
    url: string,
    deadline: Deadline,
    secrets: readonly string[],
  ): Promise<AxiosResponse<T>> {
    const name = this.base;
    let response: AxiosResponse<T>;
    try {
      response = await this.#http.request<T>({ ...request, baseURL: url, signal: deadline.signal });
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      this.#reached ||= error.response !== undefined && error.response.status < 500;
      throw explain(error, name, (text) => this.clean(text, secrets));
    }
    // A web page in the place of an answer would read as an app that has no content.
    if (![202, 204].includes(response.status) && (typeof response.data !== "object" || response.data === null)) {
      throw notMarathon(`${name}${request.url}`);
    }
    this.#reached = true;
    return response;
  }
}

/** Whether a request that failed so may be sent again without a look at what it did. */
function repeatable({ method = "get" }: AxiosRequestConfig, failure: MarathonError): boolean {
  return failure.transient && (method === "get" || failure.untaken);
}

function isStreamOrRedirect(status: number): boolean {
  return status === 200 || status === 302 || status === 307;
}
