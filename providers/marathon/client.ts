import type { AxiosRequestConfig, AxiosResponse } from "axios";
import type { Deadline } from "../runtime/deadline";
import type { AppDefinition, Deployment, Group, Info, LiveApp, QueueItem } from "./api";
import { MarathonError } from "./error";
import { once } from "./once";
import type { LivePod, PodDefinition } from "./pod/normal-form";
import type { PodStatus } from "./pod/status";
import type { MarathonTransport } from "./transport";

/** What a change of an app started. */
export interface Change {
  /** Version that the app has after the change; one that changed nothing keeps its old version. */
  readonly version: string;
  readonly deploymentId: string | undefined;
}

/**
 * Marathon's REST API, version 2, as far as apps need it. Every failure is a `MarathonError`. A change whose error is `ambiguous`
 * may have been made; `once` is for those.
 */
export class MarathonClient {
  readonly #transport: MarathonTransport;
  readonly #secrets: readonly string[];

  /** @param secrets Texts to hide in whatever Marathon says, beside the credentials. */
  constructor(transport: MarathonTransport, secrets: readonly string[] = []) {
    this.#transport = transport;
    this.#secrets = secrets;
  }

  /** The base URL without credentials, for messages. */
  get base(): string {
    return this.#transport.base;
  }

  /** Hides secrets in a text that came from Marathon. */
  clean(text: string): string {
    return this.#transport.clean(text, this.#secrets);
  }

  async info(deadline: Deadline): Promise<Info> {
    return (await this.#request<Info>({ url: "/v2/info" }, deadline)).data;
  }

  /** The app with its counts, tasks, deployments and last failure; undefined if there is none. */
  async app(id: string, deadline: Deadline): Promise<LiveApp | undefined> {
    return (await this.#find<{ app: LiveApp }>(`/v2/apps${id}`, deadline))?.app;
  }

  /** Fails with status 409 if the app exists. */
  async createApp(id: string, app: AppDefinition, force: boolean, deadline: Deadline): Promise<Change> {
    const request = { method: "post", url: "/v2/apps", params: { force }, data: { ...app, id } };
    const { data, headers } = await this.#request<LiveApp>(request, deadline);
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

  /** Replaces the definitions of these apps by one deployment, makes those that are missing, and touches no other. */
  async replaceApps(apps: ReadonlyMap<string, AppDefinition>, force: boolean, deadline: Deadline): Promise<Change> {
    const data = [...apps].map(([id, app]) => ({ ...app, id }));
    const request = { method: "put", url: "/v2/apps", params: { partialUpdate: false, force }, data };
    return (await this.#request<Change>(request, deadline)).data;
  }

  /** The pod with the state of its instances; undefined if there is none. */
  async pod(id: string, deadline: Deadline): Promise<PodStatus | undefined> {
    return this.#find<PodStatus>(`/v2/pods${id}::status`, deadline);
  }

  /** Fails with status 409 if the pod exists. */
  async createPod(id: string, pod: PodDefinition, force: boolean, deadline: Deadline): Promise<Change> {
    return this.#changePod({ method: "post", url: "/v2/pods", params: { force }, data: { ...pod, id } }, deadline);
  }

  /** Replaces the whole definition; what `pod` leaves out gets Marathon's default. */
  async replacePod(id: string, pod: PodDefinition, force: boolean, deadline: Deadline): Promise<Change> {
    return this.#changePod({ method: "put", url: `/v2/pods${id}`, params: { force }, data: { ...pod, id } }, deadline);
  }

  async #changePod(request: AxiosRequestConfig, deadline: Deadline): Promise<Change> {
    const { data, headers } = await this.#request<LivePod>(request, deadline);
    return { version: data.version, deploymentId: headers["marathon-deployment-id"] };
  }

  /** False if there is no such pod. */
  async deletePod(id: string, force: boolean, deadline: Deadline): Promise<boolean> {
    return this.#delete(`/v2/pods${id}`, force, deadline);
  }

  async group(id: string, deadline: Deadline): Promise<Group | undefined> {
    return this.#find<Group>(`/v2/groups${id}`, deadline);
  }

  /** The group with all that is in it: apps with counts, tasks, deployments and last failures, however deep. */
  async groupTree(id: string, deadline: Deadline): Promise<Group | undefined> {
    const parts = ["groups", "apps", "pods", "apps.counts", "apps.tasks", "apps.deployments", "apps.lastTaskFailure"];
    const embed = parts.map((part) => `embed=group.${part}`).join("&");
    return this.#find<Group>(`/v2/groups${id}?${embed}`, deadline);
  }

  /** Makes a group with all its members by one deployment. Fails with status 409 if the group exists. */
  async createGroup(id: string, group: object, force: boolean, deadline: Deadline): Promise<Change> {
    const request = { method: "post", url: "/v2/groups", params: { force }, data: { ...group, id } };
    return (await this.#request<Change>(request, deadline)).data;
  }

  /** Changes what a group says of itself, or makes an empty one; its members stay as they are. */
  async changeGroup(id: string, settings: object, deadline: Deadline): Promise<Change> {
    const request = { method: "put", url: `/v2/groups${id}`, data: settings };
    return (await this.#request<Change>(request, deadline)).data;
  }

  /** False if there is no such group. */
  async deleteGroup(id: string, deadline: Deadline): Promise<boolean> {
    return this.#delete(`/v2/groups${id}`, false, deadline);
  }

  /** Starts a deployment that undoes what this one did so far. */
  async revert(deploymentId: string, deadline: Deadline): Promise<void> {
    await this.#request({ method: "delete", url: `/v2/deployments/${deploymentId}` }, deadline);
  }

  /** The running ones. */
  async deployments(deadline: Deadline): Promise<readonly Deployment[]> {
    return (await this.#request<Deployment[]>({ url: "/v2/deployments" }, deadline)).data;
  }

  /** What waits to be launched, and why. */
  async queue(deadline: Deadline): Promise<readonly QueueItem[]> {
    const request = { url: "/v2/queue", params: { embed: "lastUnusedOffers" } };
    return (await this.#request<{ queue: QueueItem[] }>(request, deadline)).data.queue;
  }

  async #find<T>(url: string, deadline: Deadline): Promise<T | undefined> {
    try {
      return (await this.#request<T>({ url }, deadline)).data;
    } catch (error) {
      if (error instanceof MarathonError && error.absent) return undefined;
      throw error;
    }
  }

  async #delete(url: string, force: boolean, deadline: Deadline): Promise<boolean> {
    const send = async () => {
      try {
        await this.#request({ method: "delete", url, params: { force } }, deadline);
        return true;
      } catch (error) {
        if (error instanceof MarathonError && error.absent) return false;
        throw error;
      }
    };
    return once(deadline, send, async () => ((await this.#find(url, deadline)) === undefined ? true : undefined));
  }

  #request<T>(request: AxiosRequestConfig, deadline: Deadline): Promise<AxiosResponse<T>> {
    return this.#transport.request<T>(request, deadline, this.#secrets);
  }
}
