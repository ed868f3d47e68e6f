import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse, isAxiosError } from "axios";
import type { Deadline } from "../runtime/deadline";
import { redact } from "../runtime/redact";
import { type AddressSource, addressesOf } from "./addresses";
import type { MarathonError } from "./error";
import { explain } from "./explain";
import type { MarathonSettings } from "./location";

const REQUEST_TIMEOUT = 30_000;
const RETRY_SECONDS = 60;

export interface TransportOptions {
  /** Texts to hide in whatever Marathon says, beside the credentials. */
  readonly secrets?: readonly string[];
  /** How long an unreachable Marathon is waited for. */
  readonly retrySeconds?: number;
}

/** Requests to whichever of Marathon's masters answers, repeated while none does. Every failure is a `MarathonError`. */
export class MarathonTransport {
  readonly #addresses: AddressSource;
  readonly #http: AxiosInstance;
  readonly #secrets: string[];
  readonly #retrySeconds: number;
  #known: readonly string[] = [];
  #next = 0;

  constructor(settings: MarathonSettings, options: TransportOptions = {}) {
    const { auth, ca } = settings;
    this.#addresses = addressesOf(settings);
    this.#secrets = [
      ...(options.secrets ?? []),
      ...(auth?.type === "basic" ? [auth.password] : []),
      ...(auth?.type === "token" ? [auth.token] : []),
    ];
    this.#retrySeconds = options.retrySeconds ?? RETRY_SECONDS;
    this.#http = axios.create({
      timeout: REQUEST_TIMEOUT,
      maxRedirects: 0,
      headers: { Accept: "application/json", ...(auth?.type === "token" && { Authorization: `token=${auth.token}` }) },
      ...(auth?.type === "basic" && { auth: { username: auth.username, password: auth.password } }),
      ...(ca !== undefined && { httpsAgent: new HttpsAgent({ ca, keepAlive: true }) }),
    });
  }

  /** Base URL of the master that is asked at present, without credentials, for messages. */
  get base(): string {
    return withoutCredentials(this.#known[this.#next % this.#known.length] ?? "an unknown address");
  }

  /** Hides secrets in a text that came from Marathon. */
  clean(text: string): string {
    return redact(text, this.#secrets);
  }

  /** Repeats a request that found nobody: each of them may be sent twice without harm. `url` is a path below the base URL. */
  async request<T>(request: AxiosRequestConfig, deadline: Deadline): Promise<AxiosResponse<T>> {
    const giveUp = performance.now() + this.#retrySeconds * 1000;
    let answered: MarathonError | undefined;
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      for (let left = (await this.#refresh(deadline)).length; left > 0; left--) {
        try {
          return await this.#http.request<T>({ ...request, baseURL: this.#address(), signal: deadline.signal });
        } catch (error) {
          if (!isAxiosError(error)) throw error;
          const failure = explain(error, this.base, (text) => this.clean(text));
          // That the time is up says less than what Marathon answered until then.
          if (deadline.expired && failure.status === 0) throw answered ?? failure;
          const last = left === 1 && performance.now() + pause > giveUp;
          if (!failure.transient || deadline.expired || last) throw failure;
          if (failure.status > 0) answered = failure;
          this.#next++;
        }
      }
      await deadline.sleep(pause);
    }
  }

  /** An answer that goes on until `signal` aborts. */
  async stream(request: AxiosRequestConfig, deadline: Deadline, signal: AbortSignal): Promise<Readable> {
    await this.#refresh(deadline);
    const endless = { responseType: "stream", timeout: 0, signal } as const;
    const response = await this.#http.request<Readable>({ ...request, ...endless, baseURL: this.#address() });
    return response.data;
  }

  async #refresh(deadline: Deadline): Promise<readonly string[]> {
    this.#known = await this.#addresses(deadline);
    for (const address of this.#known) {
      const { password } = new URL(address);
      if (password !== "") this.#secrets.push(decodeURIComponent(password));
    }
    return this.#known;
  }

  #address(): string {
    return (this.#known[this.#next % this.#known.length] ?? "").replace(/\/+$/, "");
  }
}

function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
