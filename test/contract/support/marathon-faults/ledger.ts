import { get } from "node:http";

/** A deployment that changed something, by what it did to one app. */
export interface Effect {
  readonly deployment: string;
  readonly app: string;
  /** `start`, `scale`, `restart` or `stop`; a start scales too. */
  readonly action: string;
}

interface Plan {
  readonly id: string;
  readonly steps: readonly { readonly actions: readonly { readonly action: string; readonly app: string }[] }[];
}

/** Writes down what Marathon does, as its own event stream tells it: an answer that was lost is in it too. */
export class MarathonLedger {
  readonly #plans = new Map<string, Plan>();
  readonly #stranger = new Set<string>();
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #marks = new Set<string>();
  #close = () => {};

  private constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#headers = headers;
  }

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<MarathonLedger> {
    const ledger = new MarathonLedger(url, headers);
    await new Promise<void>((resolve, reject) => {
      const request = get(`${url}/v2/events`, { headers: { ...headers, Accept: "text/event-stream" } }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          const blocks = (text + chunk).split("\r\n\r\n");
          text = blocks.pop() ?? "";
          for (const block of blocks) ledger.#note(block);
        });
        response.on("error", () => {});
        resolve();
      });
      request.on("error", reject);
      ledger.#close = () => request.destroy();
    });
    return ledger;
  }

  /** Sets aside what somebody else started. */
  ignore(deployment: string): void {
    this.#stranger.add(deployment);
  }

  /** What the provider's requests did to the app, in order. Everything done so far is in it. */
  async effects(app: string): Promise<readonly Effect[]> {
    await this.#catchUp();
    return [...this.#plans.values()]
      .filter(({ id }) => !this.#stranger.has(id))
      .flatMap(({ id, steps }) => {
        const actions = steps.flatMap((step) => step.actions).filter((action) => action.app === app);
        const [first] = actions;
        if (!first) return [];
        return [{ deployment: id, app, action: first.action.replace("Application", "").toLowerCase() }];
      });
  }

  close(): void {
    this.#close();
  }

  /** Events come in order: behind one of our own nothing earlier is outstanding. */
  async #catchUp(): Promise<void> {
    const id = `/mark-${Math.random().toString(36).slice(2)}`;
    const body = JSON.stringify({ id, cmd: "sleep 1000", instances: 0 });
    const headers = { ...this.#headers, "Content-Type": "application/json" };
    await fetch(`${this.#url}/v2/apps`, { method: "POST", headers, body });
    while (!this.#marks.has(id)) await new Promise((resolve) => setTimeout(resolve, 5));
    await fetch(`${this.#url}/v2/apps${id}`, { method: "DELETE", headers });
  }

  #note(block: string): void {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    const event = JSON.parse(data ?? "{}") as { eventType?: string; plan?: Plan };
    if (event.eventType !== "deployment_info" || !event.plan) return;
    for (const { app } of event.plan.steps.flatMap(({ actions }) => actions))
      if (app.startsWith("/mark-")) this.#marks.add(app);
    if (!this.#plans.has(event.plan.id)) this.#plans.set(event.plan.id, event.plan);
  }
}
