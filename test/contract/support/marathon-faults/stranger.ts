import { setTimeout as delay } from "node:timers/promises";
import type { ForeignAct } from "./faults";

interface Answer {
  readonly status: number;
  readonly deploymentId?: string;
  readonly app?: Readonly<Record<string, unknown>>;
}

/** Somebody else who works on the same Marathon, past the proxy. */
export class Stranger {
  /** What was done and worked. */
  readonly acts: ForeignAct[] = [];
  /** Whether anything was begun. */
  active = false;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #started: (deployment: string) => void;
  /** Apps by the deployments that hold them. */
  readonly #held = new Map<string, string>();

  /** @param started Takes the id of each deployment that this starts. */
  constructor(url: string, headers: Readonly<Record<string, string>>, started: (deployment: string) => void) {
    this.#url = url;
    this.#headers = { ...headers, "Content-Type": "application/json", Accept: "application/json" };
    this.#started = started;
  }

  async app(id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    return (await this.#send("GET", `/v2/apps${id}`)).app;
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#send("GET", path)).status === 200;
  }

  /** Does it to an app that is there; nothing if there is none or it is locked. A lock ends after `milliseconds`. */
  async act(act: ForeignAct, id: string, force: boolean, milliseconds: number): Promise<void> {
    const app = await this.app(id);
    if (!app) return;
    this.active = true;
    const query = `?force=${force}`;
    switch (act) {
      case "env":
        await this.#change(act, "PUT", `/v2/apps${id}${query}`, { env: { CHANGED: "by somebody else" } });
        return;
      case "instances":
        await this.#change(act, "PUT", `/v2/apps${id}${query}`, { instances: Number(app["instances"]) + 1 });
        return;
      case "restart":
        await this.#change(act, "POST", `/v2/apps${id}/restart${query}`);
        return;
      case "delete":
        await this.#change(act, "DELETE", `/v2/apps${id}`);
        return;
      case "lock":
        await this.#lock(id, app, milliseconds);
    }
  }

  /** Gives up whatever it holds. */
  async leave(): Promise<void> {
    for (const deployment of [...this.#held.keys()]) await this.#release(deployment);
  }

  /** A deployment of the app and of another one that never starts holds both. */
  async #lock(id: string, app: Readonly<Record<string, unknown>>, milliseconds: number): Promise<void> {
    const instances = Number(app["instances"]) + 1;
    const updates = [
      { id, instances },
      { id: hugeOf(id), cmd: "sleep 1000", cpus: 1000 },
    ];
    const deployment = await this.#change("lock", "PUT", "/v2/apps", updates);
    if (deployment === undefined) return;
    this.#held.set(deployment, id);
    delay(milliseconds, undefined, { ref: false })
      .then(() => this.#release(deployment))
      .catch(() => {});
  }

  async #release(deployment: string): Promise<void> {
    const id = this.#held.get(deployment);
    if (id === undefined) return;
    this.#held.delete(deployment);
    await this.#send("DELETE", `/v2/deployments/${deployment}?force=true`);
    await this.#remove(hugeOf(id));
  }

  async #remove(id: string): Promise<void> {
    const { deploymentId } = await this.#send("DELETE", `/v2/apps${id}?force=true`);
    if (deploymentId !== undefined) this.#started(deploymentId);
  }

  async #change(act: ForeignAct, method: string, path: string, body?: unknown): Promise<string | undefined> {
    const { deploymentId } = await this.#send(method, path, body);
    if (deploymentId === undefined) return undefined;
    this.#started(deploymentId);
    this.acts.push(act);
    return deploymentId;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method,
      headers: this.#headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { ...(JSON.parse((await response.text()) || "{}") as object), status: response.status };
  }
}

function hugeOf(id: string): string {
  return `/huge${id}`;
}
