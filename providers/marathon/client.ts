import type { Readable } from "node:stream";
import type { Deadline } from "../runtime/deadline";
import type { AppDefinition, Deployment, Group, Info, LiveApp, QueueItem } from "./api";
import { MarathonError } from "./error";
import type { MarathonSettings } from "./location";
import { MarathonTransport, type TransportOptions } from "./transport";

/** What a change of an app started. */
export interface Change {
  /** Version that the app has after the change; one that changed nothing keeps its old version. */
  readonly version: string;
  readonly deploymentId: string | undefined;
}

/** Marathon's REST API, version 2, as far as apps need it. Every failure is a `MarathonError`. */
export class MarathonClient {
  readonly #transport: MarathonTransport;

  constructor(settings: MarathonSettings, options: TransportOptions = {}) {
    this.#transport = new MarathonTransport(settings, options);
  }

  /** The base URL without credentials, for messages. */
  get base(): string {
    return this.#transport.base;
  }

  /** Hides secrets in a text that came from Marathon. */
  clean(text: string): string {
    return this.#transport.clean(text);
  }

  async info(deadline: Deadline): Promise<Info> {
    return (await this.#transport.request<Info>({ url: "/v2/info" }, deadline)).data;
  }

  /** The app with its counts, tasks, deployments and last failure; undefined if there is none. */
  async app(id: string, deadline: Deadline): Promise<LiveApp | undefined> {
    return (await this.#find<{ app: LiveApp }>(`/v2/apps${id}`, deadline))?.app;
  }

  /** Fails with status 409 if the app exists. */
  async createApp(id: string, app: AppDefinition, deadline: Deadline): Promise<Change> {
    const { data, headers } = await this.#transport.request<LiveApp>(
      { method: "post", url: "/v2/apps", data: { ...app, id } },
      deadline,
    );
    const deploymentId = headers["marathon-deployment-id"] ?? data.deployments?.[0]?.id;
    return { version: data.version, deploymentId };
  }

  /** Replaces the whole definition; what `app` leaves out gets Marathon's default. */
  async replaceApp(id: string, app: AppDefinition, force: boolean, deadline: Deadline): Promise<Change> {
    const params = { partialUpdate: false, force };
    return (await this.#transport.request<Change>({ method: "put", url: `/v2/apps${id}`, params, data: app }, deadline))
      .data;
  }

  /** Changes the number of instances and nothing else. */
  async scaleApp(id: string, instances: number, force: boolean, deadline: Deadline): Promise<Change> {
    const request = { method: "put", url: `/v2/apps${id}`, params: { force }, data: { instances } };
    return (await this.#transport.request<Change>(request, deadline)).data;
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
    return (await this.#transport.request<Deployment[]>({ url: "/v2/deployments" }, deadline)).data;
  }

  /** What waits to be launched, and why. */
  async queue(deadline: Deadline): Promise<readonly QueueItem[]> {
    return (await this.#transport.request<{ queue: QueueItem[] }>({ url: "/v2/queue" }, deadline)).data.queue;
  }

  /** The stream of server-sent events of these types, until `signal` aborts. */
  async events(types: readonly string[], deadline: Deadline, signal: AbortSignal): Promise<Readable> {
    const params = new URLSearchParams(types.map((type): [string, string] => ["event_type", type]));
    const headers = { Accept: "text/event-stream" };
    return this.#transport.stream({ url: "/v2/events", params, headers }, deadline, signal);
  }

  async #find<T>(url: string, deadline: Deadline): Promise<T | undefined> {
    try {
      return (await this.#transport.request<T>({ url }, deadline)).data;
    } catch (error) {
      if (error instanceof MarathonError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #delete(url: string, force: boolean, deadline: Deadline): Promise<boolean> {
    try {
      await this.#transport.request({ method: "delete", url, params: { force } }, deadline);
      return true;
    } catch (error) {
      if (error instanceof MarathonError && error.status === 404) return false;
      throw error;
    }
  }
}
