import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse, isAxiosError } from "axios";
import type { Deadline } from "../runtime/deadline";
import { redact } from "../runtime/redact";
import type { AppDefinition, Deployment, Group, Info, LiveApp, QueueItem } from "./api";
import { MarathonError } from "./error";
import { explain } from "./explain";
import type { MarathonSettings } from "./location";

const REQUEST_TIMEOUT = 30_000;
const RETRY_SECONDS = 60;

/** What a change of an app started. */
export interface Change {
  /** Version that the app has after the change; one that changed nothing keeps its old version. */
  readonly version: string;
  readonly deploymentId: string | undefined;
}

export interface ClientOptions {
  /** Texts to hide in whatever Marathon says, beside the credentials. */
  readonly secrets?: readonly string[];
  /** How long an unreachable Marathon is waited for. */
  readonly retrySeconds?: number;
}

/** Marathon's REST API, version 2, as far as apps need it. Every failure is a `MarathonError`. */
export class MarathonClient {
  /** The base URL without credentials, for messages. */
  readonly base: string;
  readonly #http: AxiosInstance;
  readonly #secrets: readonly string[];
  readonly #retrySeconds: number;

  constructor(settings: MarathonSettings, options: ClientOptions = {}) {
    const { auth, ca } = settings;
    const url = new URL(settings.url);
    this.base = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
    this.#secrets = [
      ...(options.secrets ?? []),
      ...(auth?.type === "basic" ? [auth.password] : []),
      ...(auth?.type === "token" ? [auth.token] : []),
      ...(url.password === "" ? [] : [decodeURIComponent(url.password)]),
    ];
    this.#retrySeconds = options.retrySeconds ?? RETRY_SECONDS;
    this.#http = axios.create({
      baseURL: settings.url.replace(/\/+$/, ""),
      timeout: REQUEST_TIMEOUT,
      maxRedirects: 0,
      headers: { Accept: "application/json", ...(auth?.type === "token" && { Authorization: `token=${auth.token}` }) },
      ...(auth?.type === "basic" && { auth: { username: auth.username, password: auth.password } }),
      ...(ca !== undefined && { httpsAgent: new HttpsAgent({ ca, keepAlive: true }) }),
    });
  }

  /** Hides secrets in a text that came from Marathon. */
  clean(text: string): string {
    return redact(text, this.#secrets);
  }

  async info(deadline: Deadline): Promise<Info> {
    return (await this.#request<Info>({ url: "/v2/info" }, deadline)).data;
  }

  /** The app with its counts, tasks, deployments and last failure; undefined if there is none. */
  async app(id: string, deadline: Deadline): Promise<LiveApp | undefined> {
    return (await this.#find<{ app: LiveApp }>(`/v2/apps${id}`, deadline))?.app;
  }

  /** Fails with status 409 if the app exists. */
  async createApp(id: string, app: AppDefinition, deadline: Deadline): Promise<Change> {
    const { data, headers } = await this.#request<LiveApp>(
      { method: "post", url: "/v2/apps", data: { ...app, id } },
      deadline,
    );
    const deploymentId = headers["marathon-deployment-id"] ?? data.deployments?.[0]?.id;
    return { version: data.version, deploymentId };
  }

  /** Replaces the whole definition; what `app` leaves out gets Marathon's default. */
  async replaceApp(id: string, app: AppDefinition, force: boolean, deadline: Deadline): Promise<Change> {
    const params = { partialUpdate: false, force };
    return (await this.#request<Change>({ method: "put", url: `/v2/apps${id}`, params, data: app }, deadline)).data;
  }

  /** Changes the number of instances and nothing else. */
  async scaleApp(id: string, instances: number, force: boolean, deadline: Deadline): Promise<Change> {
    const request = { method: "put", url: `/v2/apps${id}`, params: { force }, data: { instances } };
    return (await this.#request<Change>(request, deadline)).data;
  }

  /** False if there is no such app. */
  async deleteApp(id: string, force: boolean, deadline: Deadline): Promise<boolean> {
    return this.#delete(`/v2/apps${id}`, force, deadline);
  }

  async group(id: string, deadline: Deadline): Promise<Group | undefined> {
    return this.#find<Group>(`/v2/groups${id}`, deadline);
  }

  async deleteGroup(id: string, deadline: Deadline): Promise<boolean> {
    return this.#delete(`/v2/groups${id}`, false, deadline);
  }

  /** The running ones. */
  async deployments(deadline: Deadline): Promise<readonly Deployment[]> {
    return (await this.#request<Deployment[]>({ url: "/v2/deployments" }, deadline)).data;
  }

  /** What waits to be launched, and why. */
  async queue(deadline: Deadline): Promise<readonly QueueItem[]> {
    return (await this.#request<{ queue: QueueItem[] }>({ url: "/v2/queue" }, deadline)).data.queue;
  }

  /** The stream of server-sent events of these types, until `signal` aborts. */
  async events(types: readonly string[], signal: AbortSignal): Promise<Readable> {
    const response = await this.#http.get<Readable>("/v2/events", {
      params: new URLSearchParams(types.map((type): [string, string] => ["event_type", type])),
      headers: { Accept: "text/event-stream" },
      responseType: "stream",
      timeout: 0,
      signal,
    });
    return response.data;
  }

  async #find<T>(url: string, deadline: Deadline): Promise<T | undefined> {
    try {
      return (await this.#request<T>({ url }, deadline)).data;
    } catch (error) {
      if (error instanceof MarathonError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #delete(url: string, force: boolean, deadline: Deadline): Promise<boolean> {
    try {
      await this.#request({ method: "delete", url, params: { force } }, deadline);
      return true;
    } catch (error) {
      if (error instanceof MarathonError && error.status === 404) return false;
      throw error;
    }
  }

  /** Repeats a request that found nobody: each of them may be sent twice without harm. */
  async #request<T>(request: AxiosRequestConfig, deadline: Deadline): Promise<AxiosResponse<T>> {
    const giveUp = performance.now() + this.#retrySeconds * 1000;
    let answered: MarathonError | undefined;
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      try {
        return await this.#http.request<T>({ ...request, signal: deadline.signal });
      } catch (error) {
        if (!isAxiosError(error)) throw error;
        const failure = explain(error, this.base, (text) => this.clean(text));
        // That the time is up says less than what Marathon answered until then.
        if (deadline.expired && failure.status === 0) throw answered ?? failure;
        if (!failure.transient || deadline.expired || performance.now() + pause > giveUp) throw failure;
        if (failure.status > 0) answered = failure;
        await deadline.sleep(pause);
      }
    }
  }
}
