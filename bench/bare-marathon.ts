import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;
/** No app takes so long; whoever waits longer measures nothing. */
const PATIENCE_MS = 120_000;

interface Seen {
  readonly app?: {
    readonly instances: number;
    readonly tasksHealthy: number;
    readonly deployments: readonly unknown[];
  };
}

/** What a script would ask of Marathon's API to have the same apps: as little as it takes to know that they are up. */
export class BareMarathon {
  readonly #url: string;
  readonly #atOnce: number;

  constructor(url: string, atOnce: number) {
    this.#url = url;
    this.#atOnce = atOnce;
  }

  /** Creates the apps and waits until each is healthy. */
  async up(apps: readonly { readonly id: string }[]): Promise<void> {
    await this.#each(apps, async (app) => {
      await this.#send("POST", "/v2/apps", app);
      await this.#until(async () => {
        const { app: live } = await this.#app(app.id);
        return live !== undefined && live.deployments.length === 0 && live.tasksHealthy >= live.instances;
      }, app.id);
    });
  }

  /** Looks at each app once. */
  async look(apps: readonly { readonly id: string }[]): Promise<void> {
    await this.#each(apps, async ({ id }) => {
      if ((await this.#app(id)).app === undefined) throw new Error(`app ${id} is not there`);
    });
  }

  /** Deletes the apps and waits until nothing of them runs. */
  async destroy(apps: readonly { readonly id: string }[]): Promise<void> {
    await this.#each(apps, async ({ id }) => {
      const { deploymentId } = (await this.#send("DELETE", `/v2/apps${id}`)) as { deploymentId: string };
      await this.#until(async () => {
        const running = (await this.#send("GET", "/v2/deployments")) as { id: string }[];
        return !running.some((deployment) => deployment.id === deploymentId);
      }, id);
    });
  }

  async #each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const waiting = [...items];
    const worker = async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    };
    await Promise.all(Array.from({ length: this.#atOnce }, worker));
  }

  async #until(done: () => Promise<boolean>, id: string): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!(await done())) {
      if (performance.now() > end) throw new Error(`app ${id} was not done within ${PATIENCE_MS / 1000} s`);
      await delay(POLL_MS);
    }
  }

  async #app(id: string): Promise<Seen> {
    return (await this.#send("GET", `/v2/apps${id}`)) as Seen;
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(this.#url + path, { method, headers, ...content });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
